-- +goose Up
-- What a review of the books found.

-- Orders that were recorded before there were books (00009) stand for no money in them, and nothing would
-- ever settle them. They cannot be booked afterwards, because nothing is back-dated. Whoever meets this
-- refusal keeps the old database to read, starts with an empty one, and imports the channel's bills again.
-- +goose StatementBegin
DO $$
DECLARE orders bigint;
BEGIN
  SELECT count(*) INTO orders FROM trades WHERE due_at IS NULL AND settled_at IS NULL AND NOT stub AND trade_state <> 'REVOKED';
  IF orders > 0 THEN
    RAISE EXCEPTION '% orders of this database were recorded before it had books, and have no transfer', orders
      USING HINT = 'Keep this database to read. Start with an empty one and import the channel''s bills again.';
  END IF;
END $$;
-- +goose StatementEnd

-- Whose money a transfer of the bank became: its number is booked once over all merchants. Local to the
-- coordinator: no foreign keys.
CREATE TABLE bank_transfers (
  merchant_id  bigint NOT NULL,
  transfer_no  text PRIMARY KEY CHECK (transfer_no ~ '^[0-9A-Za-z_-]{1,64}$')
);
GRANT SELECT, INSERT ON bank_transfers TO zhanggui_app;
INSERT INTO bank_transfers (merchant_id, transfer_no)
  SELECT merchant_id, transfer_no FROM topups WHERE transfer_no <> '' ORDER BY arrived_at ON CONFLICT DO NOTHING;

-- A refused transfer stands as the bank told it last; first_amount is what it said at first.
ALTER TABLE topup_refusals ADD COLUMN first_amount bigint CHECK (first_amount BETWEEN 1 AND 100000000000);
UPDATE topup_refusals SET first_amount = amount;
ALTER TABLE topup_refusals ALTER COLUMN first_amount SET NOT NULL;
