-- +goose Up
-- Money that comes from the bank, and reminders that a balance runs low.

-- Transfers that a merchant announced, and transfers that arrived. n counts within the merchant and ends
-- the number; an amount of 0 was left open by the announcement. transfer_no is the bank's.
CREATE TABLE topups (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  n            bigint NOT NULL CHECK (n BETWEEN 1 AND 99999999),
  amount       bigint NOT NULL CHECK (amount BETWEEN 0 AND 100000000000),
  transfer_id  bigint,
  seq          bigint CHECK (seq > 0),
  created_at   timestamptz NOT NULL,
  lapses_at    timestamptz,
  arrived_at   timestamptz,
  once         uuid,
  asker_id     uuid,
  account      text NOT NULL CHECK (account IN ('AVAILABLE', 'BASIC', 'OPERATION')),
  state        text NOT NULL CHECK (state IN ('waiting', 'arrived', 'unmatched')),
  asked_by     text NOT NULL CHECK (char_length(asked_by) <= 64),
  reference    text NOT NULL CHECK (char_length(reference) <= 64),
  transfer_no  text NOT NULL DEFAULT '' CHECK (transfer_no ~ '^[0-9A-Za-z_-]{0,64}$'),
  payer_name   text NOT NULL DEFAULT '' CHECK (char_length(payer_name) <= 64),
  bank         text NOT NULL DEFAULT '' CHECK (char_length(bank) <= 64),
  PRIMARY KEY (merchant_id, n),
  CHECK ((state = 'waiting') = (transfer_no = '') AND (state = 'waiting') = (arrived_at IS NULL)
    AND (arrived_at IS NULL) = (transfer_id IS NULL) AND (arrived_at IS NULL) = (seq IS NULL)),
  CHECK (state = 'waiting' OR amount > 0),
  CHECK ((lapses_at IS NULL) = (asker_id IS NULL) AND (asked_by = '') = (asker_id IS NULL))
);
CREATE UNIQUE INDEX topups_transfer ON topups (merchant_id, transfer_no) WHERE transfer_no <> '';
CREATE UNIQUE INDEX topups_once ON topups (merchant_id, once) WHERE once IS NOT NULL;
CREATE INDEX topups_waiting ON topups (merchant_id, account, n) WHERE state = 'waiting';
GRANT SELECT, INSERT, UPDATE ON topups TO zhanggui_app;

-- Money that came and could not be booked: for operators to look into. merchant_id is what the bank named
-- and may be nobody's; a transfer booked later is settled.
CREATE TABLE topup_refusals (
  merchant_id  bigint NOT NULL,
  amount       bigint NOT NULL CHECK (amount BETWEEN 1 AND 100000000000),
  tries        bigint NOT NULL DEFAULT 1 CHECK (tries > 0),
  first_at     timestamptz NOT NULL,
  last_at      timestamptz NOT NULL,
  settled_at   timestamptz,
  transfer_no  text NOT NULL CHECK (transfer_no ~ '^[0-9A-Za-z_-]{1,64}$'),
  account      text NOT NULL CHECK (char_length(account) <= 32),
  reference    text NOT NULL CHECK (char_length(reference) <= 64),
  payer_name   text NOT NULL CHECK (char_length(payer_name) <= 64),
  bank         text NOT NULL CHECK (char_length(bank) <= 64),
  reason       text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 64),
  PRIMARY KEY (merchant_id, transfer_no)
);
CREATE INDEX topup_refusals_newest ON topup_refusals (first_at DESC, merchant_id, transfer_no);
GRANT SELECT, INSERT, UPDATE ON topup_refusals TO zhanggui_app;

-- Below which balance of an account whom to tell. low_since stands from being told until the balance has
-- come up again.
CREATE TABLE balance_alerts (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  threshold    bigint NOT NULL CHECK (threshold BETWEEN 1 AND 100000000000),
  low_since    timestamptz,
  changed_at   timestamptz NOT NULL,
  account      text NOT NULL CHECK (account IN ('AVAILABLE', 'BASIC', 'OPERATION')),
  changed_by   text NOT NULL CHECK (char_length(changed_by) BETWEEN 1 AND 64),
  watchers     uuid[] NOT NULL CHECK (cardinality(watchers) BETWEEN 1 AND 20),
  PRIMARY KEY (merchant_id, account)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON balance_alerts TO zhanggui_app;
