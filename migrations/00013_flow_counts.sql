-- +goose Up
-- Counts of the fund flow that are too long for a page: one row a question, filled by a job.
CREATE TABLE flow_counts (
  merchant_id  bigint NOT NULL,
  ins          bigint NOT NULL DEFAULT 0 CHECK (ins >= 0),
  in_amount    bigint NOT NULL DEFAULT 0 CHECK (in_amount >= 0),
  outs         bigint NOT NULL DEFAULT 0 CHECK (outs >= 0),
  out_amount   bigint NOT NULL DEFAULT 0 CHECK (out_amount >= 0),
  asked_at     timestamptz NOT NULL,
  finished_at  timestamptz,
  id           uuid NOT NULL,
  account_id   uuid NOT NULL,
  query        text NOT NULL CHECK (octet_length(query) <= 2000),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
GRANT SELECT, INSERT, UPDATE ON flow_counts TO zhanggui_app;
