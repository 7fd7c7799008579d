-- +goose Up
-- Withdrawals: money that goes from a merchant's account to its settlement card.

-- n counts within the merchant and ends the number. state is the channel's own word. A withdrawal of nothing is
-- the morning's run that left everything where it is, with the reason. returned_to is where money came back to.
-- promised is when it is expected at the bank; it follows the card's rest.
CREATE TABLE withdrawals (
  merchant_id     bigint NOT NULL REFERENCES merchants (merchant_id),
  n               bigint NOT NULL CHECK (n BETWEEN 1 AND 99999999),
  amount          bigint NOT NULL CHECK (amount BETWEEN 0 AND 80000000000),
  made_at         timestamptz NOT NULL,
  moved_at        timestamptz NOT NULL,
  account_id      uuid,
  day             date NOT NULL,
  promised        date,
  kind            text NOT NULL CHECK (kind IN ('manual', 'automatic', 'api')),
  state           text NOT NULL CHECK (state IN ('INIT', 'CREATE_SUCCESS', 'SUCCESS', 'FAIL', 'REFUND', 'CLOSE')),
  account         text NOT NULL CHECK (account IN ('AVAILABLE', 'BASIC', 'OPERATION')),
  returned_to     text NOT NULL DEFAULT '' CHECK (returned_to IN ('', 'AVAILABLE', 'BASIC', 'OPERATION')),
  out_request_no  text NOT NULL CHECK (out_request_no ~ '^[0-9A-Za-z]{1,32}$'),
  remark          text NOT NULL DEFAULT '' CHECK (char_length(remark) <= 56),
  bank_memo       text NOT NULL DEFAULT '' CHECK (char_length(bank_memo) <= 32),
  actor           text NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 64),
  reason          text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
  PRIMARY KEY (merchant_id, n),
  CHECK (amount > 0 OR (kind = 'automatic' AND state = 'CLOSE' AND returned_to = '')),
  CHECK (kind <> 'automatic' OR account = 'BASIC'),
  CHECK ((state IN ('FAIL', 'REFUND', 'CLOSE')) = (reason <> '')),
  CHECK ((state IN ('FAIL', 'REFUND', 'CLOSE') AND amount > 0) = (returned_to <> '')),
  CHECK ((amount > 0) = (promised IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX withdrawals_request ON withdrawals (merchant_id, out_request_no);
-- The morning's run of a business day, once for ever.
CREATE UNIQUE INDEX withdrawals_automatic ON withdrawals (merchant_id, day) WHERE kind = 'automatic';
GRANT SELECT, INSERT, UPDATE ON withdrawals TO zhanggui_app;

-- How a merchant's basic account goes to its bank by itself; no row: it does not.
CREATE TABLE automatic_withdrawals (
  merchant_id  bigint PRIMARY KEY REFERENCES merchants (merchant_id),
  retained     bigint NOT NULL CHECK (retained BETWEEN 0 AND 100000000000),
  changed_at   timestamptz NOT NULL,
  active       boolean NOT NULL,
  changed_by   text NOT NULL CHECK (char_length(changed_by) BETWEEN 1 AND 64)
);
GRANT SELECT, INSERT, UPDATE ON automatic_withdrawals TO zhanggui_app;
