-- +goose Up
-- Payments to banks serve withdrawals too, and what the channel said against what stands is kept for all
-- that it is asked to do.
ALTER TABLE bank_payments
  DROP CONSTRAINT bank_payments_kind_check,
  ADD CONSTRAINT bank_payments_kind_check CHECK (kind IN ('settlement', 'check', 'payout'));

ALTER TABLE bank_alarms RENAME TO channel_differences;
ALTER TABLE channel_differences
  DROP CONSTRAINT bank_alarms_merchant_id_number_fkey,
  DROP CONSTRAINT bank_alarms_pkey,
  ADD COLUMN operation text NOT NULL DEFAULT 'settlement'
    CHECK (operation IN ('settlement', 'payout', 'check', 'transfer', 'refund', 'red_packet')),
  ADD CONSTRAINT channel_differences_number_check CHECK (octet_length(number) BETWEEN 1 AND 64),
  ADD CONSTRAINT channel_differences_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (merchant_id);
UPDATE channel_differences d SET operation = p.kind FROM bank_payments p
  WHERE p.merchant_id = d.merchant_id AND p.number = d.number;
ALTER TABLE channel_differences
  ALTER COLUMN operation DROP DEFAULT,
  ADD PRIMARY KEY (merchant_id, operation, number, said);
DROP INDEX bank_alarms_newest;
CREATE INDEX channel_differences_newest ON channel_differences (last_at DESC, number DESC, said DESC);

-- The work with the bank is no longer settlement's own.
UPDATE jobs SET kind = 'payout' || substr(kind, length('settlement') + 1) WHERE kind IN ('settlement.send', 'settlement.ask');
