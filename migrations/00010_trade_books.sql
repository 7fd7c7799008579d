-- +goose Up
-- What orders and refunds of bills do in the books.

-- due_at: when the order is to be settled; none when there is nothing to settle (settled, a stub, revoked).
-- charged: the fee taken so far, less what was given back. given_back: the merchant's share refunded before
-- the order was settled, taken_back after. line_day: the settlement line of a legacy merchant it belongs to.
ALTER TABLE trades
  ADD COLUMN due_at timestamptz,
  ADD COLUMN charged bigint NOT NULL DEFAULT 0,
  ADD COLUMN given_back bigint NOT NULL DEFAULT 0 CHECK (given_back >= 0),
  ADD COLUMN taken_back bigint NOT NULL DEFAULT 0 CHECK (taken_back >= 0),
  ADD COLUMN line_day date,
  ADD CHECK (due_at IS NULL OR settled_at IS NULL AND NOT stub),
  ADD CHECK (line_day IS NULL OR settled_at IS NOT NULL),
  ADD CHECK (stub OR given_back <= settlement_total);
CREATE INDEX trades_due ON trades (merchant_id, due_at, transaction_id) WHERE due_at IS NOT NULL;
CREATE INDEX trades_line ON trades (merchant_id, line_day, transaction_id) WHERE line_day IS NOT NULL;

-- source: the account a refund was taken from; NONE where nothing moved. fee_taken: the fee that the books
-- gave back with it.
ALTER TABLE bill_refunds
  ADD COLUMN source text NOT NULL DEFAULT '' CHECK (source IN ('', 'UNSETTLED', 'BASIC', 'NONE')),
  ADD COLUMN fee_taken bigint NOT NULL DEFAULT 0 CHECK (fee_taken BETWEEN 0 AND 100000000);
