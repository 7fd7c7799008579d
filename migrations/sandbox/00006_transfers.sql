-- +goose Up
-- Payments to people that the simulated channel was asked for, each number once (business clock). A payment
-- that was refused at once has no row: its number stays free.
CREATE TABLE sandbox.transfers (
  number       text PRIMARY KEY CHECK (length(number) BETWEEN 1 AND 32),
  payment_no   text NOT NULL UNIQUE,
  person       text NOT NULL,
  openid       text NOT NULL,
  amount       bigint NOT NULL CHECK (amount > 0),
  asked_at     timestamptz NOT NULL,
  ended_at     timestamptz,
  check_name   text NOT NULL,
  name         text NOT NULL,
  description  text NOT NULL,
  outcome      text NOT NULL,
  contradict   boolean NOT NULL,
  duplicate    boolean NOT NULL,
  status       text NOT NULL CHECK (status IN ('PROCESSING', 'SUCCESS', 'FAILED')),
  reason       text NOT NULL DEFAULT ''
);
CREATE INDEX transfers_person ON sandbox.transfers (person, asked_at DESC);
GRANT SELECT, INSERT, UPDATE ON sandbox.transfers TO zhanggui_app;
