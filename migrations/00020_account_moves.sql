-- +goose Up
-- Money that a merchant moved between its basic and its operations account. n counts within the merchant and
-- ends the number; once is the confirmation it ran in, so that it runs once.
CREATE TABLE account_moves (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  n            bigint NOT NULL CHECK (n BETWEEN 1 AND 99999999),
  amount       bigint NOT NULL CHECK (amount BETWEEN 1 AND 80000000000),
  transfer_id  bigint NOT NULL,
  moved_at     timestamptz NOT NULL,
  once         uuid NOT NULL,
  direction    text NOT NULL CHECK (direction IN ('to_operation', 'to_basic')),
  moved_by     text NOT NULL CHECK (char_length(moved_by) BETWEEN 1 AND 64),
  note         text NOT NULL CHECK (octet_length(note) <= 2048),
  PRIMARY KEY (merchant_id, n),
  UNIQUE (merchant_id, once),
  UNIQUE (merchant_id, transfer_id)
);
GRANT SELECT, INSERT ON account_moves TO zhanggui_app;
