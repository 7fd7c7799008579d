-- +goose Up
-- Enterprise payments: money that a merchant pays to a person's WeChat, one by one or by file.

-- n counts within the merchant and ends the number that the channel knows; number is the merchant's own, or
-- that same number. due_at is when there is next something to do: to send it, or to ask what became of it.
-- name is the payee's, sealed; masked is what is shown of it.
CREATE TABLE enterprise_payments (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  n            bigint NOT NULL CHECK (n BETWEEN 1 AND 99999999),
  amount       bigint NOT NULL CHECK (amount BETWEEN 30 AND 500000),
  made_at      timestamptz NOT NULL,
  due_at       timestamptz,
  sent_at      timestamptz,
  tried_at     timestamptz,
  ended_at     timestamptz,
  account_id   uuid,
  file_id      uuid,
  day          date NOT NULL,
  file_line    integer CHECK (file_line > 0),
  turns        integer NOT NULL DEFAULT 0 CHECK (turns >= 0),
  state        text NOT NULL CHECK (state IN ('waiting', 'processing', 'success', 'failed')),
  paid_from    text NOT NULL CHECK (paid_from IN ('AVAILABLE', 'BASIC', 'OPERATION')),
  returned_to  text NOT NULL DEFAULT '' CHECK (returned_to IN ('', 'AVAILABLE', 'BASIC', 'OPERATION')),
  check_name   text NOT NULL CHECK (check_name IN ('NO_CHECK', 'FORCE_CHECK')),
  number       text NOT NULL CHECK (number ~ '^[0-9A-Za-z]{1,32}$'),
  openid       text NOT NULL CHECK (openid ~ '^[0-9A-Za-z_-]{1,64}$'),
  masked       text NOT NULL DEFAULT '' CHECK (char_length(masked) <= 64),
  description  text NOT NULL CHECK (octet_length(description) BETWEEN 1 AND 100),
  address      text NOT NULL CHECK (octet_length(address) BETWEEN 1 AND 45),
  actor        text NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 64),
  payment_no   text NOT NULL DEFAULT '' CHECK (octet_length(payment_no) <= 64),
  code         text NOT NULL DEFAULT '' CHECK (octet_length(code) <= 64),
  reason       text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
  name         bytea NOT NULL DEFAULT '' CHECK (octet_length(name) <= 512),
  PRIMARY KEY (merchant_id, n),
  CHECK ((state IN ('success', 'failed')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (due_at IS NOT NULL)),
  CHECK ((state = 'failed') = (returned_to <> '') AND (state = 'failed') = (code <> '')),
  CHECK ((state = 'waiting') = (sent_at IS NULL) AND (sent_at IS NULL) = (tried_at IS NULL)),
  CHECK (check_name = 'NO_CHECK' OR (masked <> '' AND octet_length(name) > 0)),
  CHECK ((file_id IS NULL) = (file_line IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX enterprise_payments_number ON enterprise_payments (merchant_id, number);
CREATE UNIQUE INDEX enterprise_payments_line ON enterprise_payments (merchant_id, file_id, file_line) WHERE file_id IS NOT NULL;
CREATE INDEX enterprise_payments_payee ON enterprise_payments (merchant_id, openid, n);
CREATE INDEX enterprise_payments_open ON enterprise_payments (merchant_id, due_at, n) WHERE due_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON enterprise_payments TO zhanggui_app;

-- What was paid on the newest day that anything was: to one payee, and, under the empty openid, by the
-- merchant. Payments that failed do not count. due_at is when the newest was, or is, to be sent, and sent_at
-- when one was.
CREATE TABLE enterprise_payment_limits (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  amount       bigint NOT NULL CHECK (amount >= 0),
  count        bigint NOT NULL CHECK (count >= 0),
  due_at       timestamptz NOT NULL,
  sent_at      timestamptz,
  day          date NOT NULL,
  openid       text NOT NULL CHECK (octet_length(openid) <= 64),
  PRIMARY KEY (merchant_id, openid),
  CHECK (CASE WHEN openid = '' THEN amount <= 10000000 ELSE amount <= 500000 AND count <= 10 END)
) WITH (fillfactor = 70);
GRANT SELECT, INSERT, UPDATE ON enterprise_payment_limits TO zhanggui_app;
