-- +goose Up
-- What the simulated bank was told to pay, each number once (business clock). outcome is how it will end.
CREATE TABLE sandbox.payouts (
  number      text PRIMARY KEY CHECK (length(number) BETWEEN 8 AND 32),
  merchant_id bigint NOT NULL,
  amount      bigint NOT NULL CHECK (amount > 0),
  asked_at    timestamptz NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('settlement', 'payout', 'check')),
  holder      text NOT NULL,
  bank        text NOT NULL,
  account     text NOT NULL,
  memo        text NOT NULL,
  outcome     text NOT NULL,
  contradict  boolean NOT NULL,
  duplicate   boolean NOT NULL,
  status      text NOT NULL CHECK (status IN ('PROCESSING', 'SUCCESS', 'FAILED', 'RETURNED')),
  reason      text NOT NULL DEFAULT ''
);
CREATE INDEX payouts_newest ON sandbox.payouts (asked_at DESC, number);
GRANT SELECT, INSERT, UPDATE ON sandbox.payouts TO zhanggui_app;
