-- +goose Up
-- The house: the program's role, the business clock, due work, the audit log, merchants, messages.

-- +goose StatementBegin
DO $$ BEGIN
  CREATE ROLE zhanggui_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$ BEGIN
  IF NOT pg_has_role(current_user, 'zhanggui_app', 'member') THEN
    EXECUTE format('GRANT zhanggui_app TO %I', current_user);
  END IF;
END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO zhanggui_app;

-- The sandbox's business clock: wall time plus this offset. Production never moves it.
CREATE TABLE business_clock (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  offset_us  bigint NOT NULL DEFAULT 0 CHECK (offset_us >= 0)
);
INSERT INTO business_clock DEFAULT VALUES;
GRANT SELECT, UPDATE ON business_clock TO zhanggui_app;

-- Due work. Local to the coordinator: no foreign keys.
CREATE TABLE jobs (
  id           uuid PRIMARY KEY,
  merchant_id  bigint NOT NULL,
  kind         text NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
  key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  lane         text NOT NULL DEFAULT '',
  payload      jsonb NOT NULL,
  state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dead')),
  due_at       timestamptz NOT NULL,
  attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  fence        bigint NOT NULL DEFAULT 0,
  lease_until  timestamptz,
  done_units   bigint NOT NULL DEFAULT 0,
  total_units  bigint NOT NULL DEFAULT 0,
  last_error   text NOT NULL DEFAULT '',
  created_at   timestamptz NOT NULL,
  ended_at     timestamptz,
  UNIQUE (merchant_id, kind, key)
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'open';
CREATE INDEX jobs_lane ON jobs (merchant_id, lane) WHERE state = 'open' AND lane <> '';
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE state <> 'open';
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO zhanggui_app;

-- Who did what. Append only; by month of business time.
CREATE TABLE audit_rows (
  merchant_id  bigint NOT NULL,
  id           uuid NOT NULL,
  at           timestamptz NOT NULL,
  wall_at      timestamptz NOT NULL,
  actor        text NOT NULL,
  account_id   uuid,
  action       text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
  object       text NOT NULL DEFAULT '',
  outcome      text NOT NULL CHECK (outcome IN ('done', 'refused')),
  reason       text NOT NULL DEFAULT '',
  address      text NOT NULL DEFAULT '',
  agent        text NOT NULL DEFAULT '',
  session      text NOT NULL DEFAULT '',
  details      jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (merchant_id, id, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_rows_newest ON audit_rows (merchant_id, at DESC, id DESC);
CREATE TABLE audit_rows_rest PARTITION OF audit_rows DEFAULT;
-- +goose StatementBegin
DO $$
DECLARE m date;
BEGIN
  FOR m IN SELECT generate_series('2025-01-01'::date, '2030-12-01'::date, '1 month') LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_rows FOR VALUES FROM (%L) TO (%L)',
      'audit_rows_' || to_char(m, 'YYYY_MM'), m::timestamp AT TIME ZONE 'Asia/Shanghai',
      (m + interval '1 month') AT TIME ZONE 'Asia/Shanghai');
  END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT, INSERT ON audit_rows TO zhanggui_app;

CREATE TABLE merchants (
  merchant_id               bigint PRIMARY KEY CHECK (merchant_id BETWEEN 1000000000 AND 9999999999),
  kind                      text NOT NULL CHECK (kind IN ('direct', 'service_provider', 'sub_merchant')),
  parent_mchid              bigint NOT NULL DEFAULT 0,
  legal_name                text NOT NULL CHECK (length(legal_name) BETWEEN 1 AND 64),
  short_name                text NOT NULL CHECK (length(short_name) BETWEEN 1 AND 64),
  settlement_cycle          text NOT NULL CHECK (settlement_cycle IN ('T+1', 'T+7')),
  account_system            text NOT NULL CHECK (account_system IN ('legacy', 'upgraded')),
  fee_rate                  integer NOT NULL DEFAULT 60 CHECK (fee_rate BETWEEN 0 AND 10000),
  settlement_bank           text NOT NULL DEFAULT '',
  settlement_account        bytea NOT NULL,
  settlement_account_index  bytea NOT NULL,
  settlement_account_tail   text NOT NULL CHECK (length(settlement_account_tail) = 4),
  appid                     text NOT NULL,
  state                     text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
  opened_at                 timestamptz NOT NULL,
  CHECK ((kind = 'sub_merchant') = (parent_mchid <> 0))
);
CREATE INDEX merchants_parent ON merchants (parent_mchid, merchant_id) WHERE parent_mchid <> 0;
GRANT SELECT, INSERT, UPDATE ON merchants TO zhanggui_app;

-- In-site messages, one row a reader.
CREATE TABLE inbox_messages (
  merchant_id  bigint NOT NULL,
  account_id   uuid NOT NULL,
  id           uuid NOT NULL,
  category     text NOT NULL CHECK (category IN ('business', 'funds', 'invitation', 'security', 'notice')),
  kind         text NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
  args         jsonb NOT NULL DEFAULT '{}',
  link         text NOT NULL DEFAULT '' CHECK (link = '' OR link LIKE '/%'),
  sent_at      timestamptz NOT NULL,
  read_at      timestamptz,
  PRIMARY KEY (merchant_id, account_id, id)
);
CREATE INDEX inbox_messages_unread ON inbox_messages (merchant_id, account_id) WHERE read_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON inbox_messages TO zhanggui_app;
