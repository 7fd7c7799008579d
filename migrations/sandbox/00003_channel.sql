-- +goose Up
-- What the simulated payment channel keeps: its own book, what it tells others, and how it misbehaves.

-- Numbers of payments and events.
CREATE SEQUENCE sandbox.numbers;
GRANT USAGE ON SEQUENCE sandbox.numbers TO zhanggui_app;

-- Payments that people made (business clock). once is the key of the form that paid.
CREATE TABLE sandbox.payments (
  transaction_id  text PRIMARY KEY CHECK (transaction_id ~ '^4200[0-9]{24}$'),
  merchant_id     bigint NOT NULL,
  sp_mchid        bigint NOT NULL DEFAULT 0,
  out_trade_no    text NOT NULL CHECK (length(out_trade_no) BETWEEN 6 AND 32),
  person          text NOT NULL,
  once            text NOT NULL,
  trade_type      text NOT NULL CHECK (trade_type IN ('JSAPI', 'NATIVE', 'APP', 'MICROPAY', 'MWEB', 'FACEPAY')),
  appid           text NOT NULL,
  openid          text NOT NULL,
  total           bigint NOT NULL CHECK (total BETWEEN 1 AND 10000000000),
  paid_at         timestamptz NOT NULL,
  event_id        text NOT NULL,
  UNIQUE (merchant_id, out_trade_no)
);
CREATE UNIQUE INDEX payments_once ON sandbox.payments (person, once) WHERE once <> '';
GRANT SELECT, INSERT ON sandbox.payments TO zhanggui_app;

-- What the channel did, by its own book: how often it really moved the money, and what it says of it.
CREATE TABLE sandbox.book (
  operation    text NOT NULL CHECK (operation ~ '^[a-z_]{1,32}$'),
  merchant_id  bigint NOT NULL,
  out_no       text NOT NULL CHECK (length(out_no) BETWEEN 1 AND 64),
  amount       bigint NOT NULL CHECK (amount >= 0),
  status       text NOT NULL CHECK (length(status) BETWEEN 1 AND 32),
  effects      integer NOT NULL CHECK (effects >= 0),
  booked_at    timestamptz NOT NULL,
  PRIMARY KEY (operation, merchant_id, out_no)
);
GRANT SELECT, INSERT, UPDATE ON sandbox.book TO zhanggui_app;

-- Notifications, each until it is accepted or the last try is over. Those of one batch go out together.
CREATE TABLE sandbox.events (
  id             text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 36),
  batch          text NOT NULL CHECK (length(batch) BETWEEN 1 AND 64),
  kind           text NOT NULL CHECK (kind ~ '^[a-z_]{1,32}$'),
  event_type     text NOT NULL CHECK (length(event_type) BETWEEN 1 AND 32),
  resource       jsonb NOT NULL,
  probe          boolean NOT NULL,
  again          boolean NOT NULL,
  created_at     timestamptz NOT NULL,
  attempts       integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  last_error     text NOT NULL DEFAULT '',
  accepted_at    timestamptz
);
CREATE INDEX events_batch ON sandbox.events (batch);
GRANT SELECT, INSERT, UPDATE ON sandbox.events TO zhanggui_app;

-- How the channel misbehaves, by operation. Chances are in millionths; drawn counts what was drawn.
CREATE TABLE sandbox.faults (
  operation             text PRIMARY KEY,
  outcome               text NOT NULL CHECK (outcome IN ('success', 'closed', 'abnormal', 'fail', 'bank_return')),
  delay_ms              bigint NOT NULL CHECK (delay_ms BETWEEN 0 AND 31536000000),
  timeout_after_effect  integer NOT NULL CHECK (timeout_after_effect BETWEEN 0 AND 1000000),
  duplicate             integer NOT NULL CHECK (duplicate BETWEEN 0 AND 1000000),
  reorder               integer NOT NULL CHECK (reorder BETWEEN 0 AND 1000000),
  contradict            integer NOT NULL CHECK (contradict BETWEEN 0 AND 1000000),
  signtest              integer NOT NULL CHECK (signtest BETWEEN 0 AND 1000000),
  seed                  bigint NOT NULL,
  times                 bigint NOT NULL CHECK (times >= 0),
  drawn                 bigint NOT NULL DEFAULT 0 CHECK (drawn >= 0)
);
GRANT SELECT, INSERT, UPDATE ON sandbox.faults TO zhanggui_app;
