-- +goose Up
-- The platform itself: its operators, its calendar, its checks of what is stored.

-- The platform stands among the merchants as number 0, so that its operators are login accounts like
-- all others. It is no merchant: nothing that lists or opens merchants finds it.
ALTER TABLE merchants
  DROP CONSTRAINT merchants_merchant_id_check,
  DROP CONSTRAINT merchants_kind_check,
  ADD CONSTRAINT merchants_merchant_id_check CHECK (merchant_id = 0 OR merchant_id BETWEEN 1000000000 AND 9999999999),
  ADD CONSTRAINT merchants_kind_check CHECK (kind IN ('direct', 'service_provider', 'sub_merchant', 'platform')),
  ADD CONSTRAINT merchants_platform_check CHECK ((kind = 'platform') = (merchant_id = 0)
    AND (kind <> 'platform' OR state = 'active'));
INSERT INTO merchants (merchant_id, kind, legal_name, short_name, settlement_cycle, account_system,
    settlement_account, settlement_account_index, settlement_account_tail, appid, opened_at)
  VALUES (0, 'platform', '平台运营', '平台运营', 'T+1', 'legacy', '', '', '----', '', '2025-01-01 00:00:00+08');
CREATE INDEX merchants_newest ON merchants (opened_at DESC, merchant_id DESC) WHERE merchant_id <> 0;

-- A sign-in of operators is not answered by members, nor the other way round.
ALTER TABLE login_tickets ADD COLUMN platform boolean NOT NULL DEFAULT false;

-- Public holidays, and weekend days that are worked for them (调休). Local: the platform's own. A year
-- without any row is not known yet.
CREATE TABLE calendar_days (
  day       date PRIMARY KEY CHECK (day BETWEEN '2020-01-01' AND '2099-12-31'),
  kind      text NOT NULL CHECK (kind IN ('holiday', 'workday')),
  name      text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 16),
  actor     text NOT NULL,
  added_at  timestamptz NOT NULL,
  CHECK (kind = 'holiday' OR extract(isodow FROM day) > 5)
);
GRANT SELECT, INSERT, DELETE ON calendar_days TO zhanggui_app;

-- Checks of everything stored, and what they found. Local: the platform's own.
CREATE TABLE verifications (
  id           uuid PRIMARY KEY,
  asked_by     text NOT NULL,
  asked_at     timestamptz NOT NULL,
  started_at   timestamptz,
  finished_at  timestamptz,
  ok           boolean,
  checks       jsonb NOT NULL DEFAULT '[]',
  CHECK ((ok IS NULL) = (finished_at IS NULL))
);
CREATE UNIQUE INDEX verifications_open ON verifications ((true)) WHERE finished_at IS NULL;
CREATE INDEX verifications_newest ON verifications (asked_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE, DELETE ON verifications TO zhanggui_app;

-- The list of what is not done is read newest first, however much is done already.
CREATE INDEX jobs_standing ON jobs (id) WHERE state <> 'done';

-- What operators did to a merchant as a whole, and why.
CREATE TABLE merchant_states (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  id           uuid NOT NULL,
  change       text NOT NULL CHECK (change IN ('opened', 'suspended', 'resumed')),
  reason       text NOT NULL CHECK (char_length(reason) <= 200 AND (change = 'opened' OR reason <> '')),
  actor        text NOT NULL,
  at           timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, id)
);
GRANT SELECT, INSERT ON merchant_states TO zhanggui_app;
