-- +goose Up
-- Files of enterprise payments: checked as a whole, confirmed once, paid row by row.

-- faulty: it has rows that cannot be paid, and none is. accepting: rows become payments; sending: the channel
-- works on them; done: each has ended. hash is of the file's bytes, as the phone confirms it.
CREATE TABLE payment_files (
  merchant_id   bigint NOT NULL REFERENCES merchants (merchant_id),
  size          bigint NOT NULL CHECK (size BETWEEN 1 AND 4194304),
  row_count     bigint NOT NULL CHECK (row_count BETWEEN 0 AND 10000),
  fault_count   bigint NOT NULL CHECK (fault_count BETWEEN 0 AND 10000),
  total         bigint NOT NULL CHECK (total >= 0),
  decided       bigint NOT NULL DEFAULT 0 CHECK (decided BETWEEN 0 AND row_count),
  accepted      bigint NOT NULL DEFAULT 0 CHECK (accepted BETWEEN 0 AND decided),
  uploaded_at   timestamptz NOT NULL,
  confirmed_at  timestamptz,
  ended_at      timestamptz,
  id            uuid NOT NULL,
  account_id    uuid NOT NULL,
  state         text NOT NULL CHECK (state IN ('faulty', 'checked', 'accepting', 'sending', 'done')),
  actor         text NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 64),
  address       text NOT NULL CHECK (octet_length(address) BETWEEN 1 AND 45),
  file_name     text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 255),
  hash          text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (merchant_id, id),
  CHECK ((state = 'faulty') = (fault_count > 0)),
  CHECK ((state IN ('faulty', 'checked')) = (confirmed_at IS NULL) AND (state = 'done') = (ended_at IS NOT NULL))
);
CREATE INDEX payment_files_newest ON payment_files (merchant_id, uploaded_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE ON payment_files TO zhanggui_app;

-- Its rows as they were read. faults are why one cannot be paid, or was not accepted; n is the payment that
-- it became. typed is an amount that is none, as it stands in the file.
CREATE TABLE payment_file_rows (
  merchant_id  bigint NOT NULL,
  n            bigint,
  amount       bigint NOT NULL CHECK (amount >= 0),
  file_id      uuid NOT NULL,
  line         integer NOT NULL CHECK (line > 0),
  decided      boolean NOT NULL DEFAULT false,
  number       text NOT NULL CHECK (octet_length(number) <= 256),
  openid       text NOT NULL CHECK (octet_length(openid) <= 256),
  masked       text NOT NULL CHECK (char_length(masked) <= 64),
  description  text NOT NULL CHECK (octet_length(description) <= 512),
  typed        text NOT NULL CHECK (octet_length(typed) <= 256),
  faults       jsonb NOT NULL DEFAULT '[]',
  name         bytea NOT NULL CHECK (octet_length(name) <= 512),
  PRIMARY KEY (merchant_id, file_id, line),
  FOREIGN KEY (merchant_id, file_id) REFERENCES payment_files (merchant_id, id),
  CHECK (n IS NULL OR decided)
) WITH (fillfactor = 80);
CREATE INDEX payment_file_rows_open ON payment_file_rows (merchant_id, file_id, line) WHERE NOT decided;
GRANT SELECT, INSERT, UPDATE ON payment_file_rows TO zhanggui_app;
