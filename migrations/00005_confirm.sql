-- +goose Up
-- Confirmations on the phone, and the second person that a merchant's rules ask for.

-- An act that was asked for. Parameters and words are frozen under the hash; the state only moves
-- forward. A live row past its time is lapsed before it says so.
CREATE TABLE confirmations (
  merchant_id  bigint NOT NULL,
  id           uuid NOT NULL,
  account_id   uuid NOT NULL,
  action       text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
  params       text NOT NULL CHECK (length(params) BETWEEN 2 AND 131072),
  words        text NOT NULL CHECK (length(words) BETWEEN 2 AND 16384),
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
  once         text NOT NULL CHECK (length(once) <= 64),
  asked        bytea NOT NULL CHECK (octet_length(asked) = 32),
  via          text NOT NULL CHECK (via IN ('desktop', 'phone')),
  session_id   uuid NOT NULL,
  token_hash   bytea NOT NULL CHECK (octet_length(token_hash) = CASE via WHEN 'desktop' THEN 32 ELSE 0 END),
  number       smallint NOT NULL CHECK (CASE via WHEN 'desktop' THEN number BETWEEN 10 AND 99 ELSE number = 0 END),
  choices      bytea NOT NULL CHECK (octet_length(choices) = CASE via WHEN 'desktop' THEN 3 ELSE 0 END),
  contested    boolean NOT NULL DEFAULT false,
  openid       text NOT NULL DEFAULT '' CHECK (length(openid) <= 128 AND
    (openid <> '' OR state IN ('waiting', 'refused', 'lapsed'))),
  state        text NOT NULL DEFAULT 'waiting' CHECK (state IN
    ('waiting', 'scanned', 'approving', 'done', 'refused', 'failed', 'lapsed', 'undone')),
  reason       text NOT NULL DEFAULT '' CHECK (length(reason) <= 64),
  reason_args  text NOT NULL DEFAULT '' CHECK (length(reason_args) <= 4096),
  back         text NOT NULL DEFAULT '' CHECK (length(back) <= 1024 AND (back = '' OR back LIKE '/%')),
  form         bytea NOT NULL DEFAULT '' CHECK (octet_length(form) <= 262144),
  result       text NOT NULL DEFAULT '' CHECK (length(result) <= 16384),
  secret       bytea NOT NULL DEFAULT '' CHECK (octet_length(secret) <= 4096),
  address      text NOT NULL CHECK (length(address) <= 64),
  agent        text NOT NULL CHECK (length(agent) <= 400),
  asked_at     timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL CHECK (expires_at >= asked_at),
  ended_at     timestamptz CHECK ((ended_at IS NULL) = (state IN ('waiting', 'scanned', 'approving'))),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
-- A form sent twice is one confirmation.
CREATE UNIQUE INDEX confirmations_once ON confirmations (merchant_id, account_id, once) WHERE once <> '';
CREATE INDEX confirmations_token ON confirmations (token_hash);
CREATE INDEX confirmations_open ON confirmations (merchant_id, account_id) WHERE state IN ('waiting', 'scanned', 'approving');
CREATE INDEX confirmations_ended ON confirmations (merchant_id, ended_at) WHERE state <> 'done';
GRANT SELECT, INSERT, UPDATE, DELETE ON confirmations TO zhanggui_app;

-- Which acts of a merchant need a second person, from which sum on (none: always), and who that may be.
CREATE TABLE approval_rules (
  merchant_id  bigint NOT NULL,
  action       text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
  from_fen     bigint CHECK (from_fen > 0),
  checkers     text[] NOT NULL CHECK (cardinality(checkers) BETWEEN 1 AND 50),
  changed_by   uuid NOT NULL,
  changed_at   timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, action),
  FOREIGN KEY (merchant_id, changed_by) REFERENCES login_accounts (merchant_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON approval_rules TO zhanggui_app;

-- A confirmation that waits, or waited, for the second person. hash is what the first one confirmed,
-- asked are those who were asked to be the second.
CREATE TABLE approvals (
  merchant_id      bigint NOT NULL,
  id               uuid NOT NULL,
  action           text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
  amount_fen       bigint CHECK (amount_fen > 0),
  always           boolean NOT NULL,
  hash             bytea NOT NULL CHECK (octet_length(hash) = 32),
  maker_id         uuid NOT NULL,
  maker_openid     text NOT NULL CHECK (length(maker_openid) BETWEEN 1 AND 128),
  maker_paper      bytea NOT NULL CHECK (octet_length(maker_paper) <= 64),
  asked            uuid[] NOT NULL CHECK (cardinality(asked) BETWEEN 1 AND 1000),
  asked_at         timestamptz NOT NULL,
  checker_id       uuid,
  checker_openid   text NOT NULL DEFAULT '' CHECK (length(checker_openid) <= 128),
  checker_paper    bytea NOT NULL DEFAULT '' CHECK (octet_length(checker_paper) <= 64),
  answered_in      uuid,
  answered_at      timestamptz,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, id) REFERENCES confirmations (merchant_id, id),
  FOREIGN KEY (merchant_id, maker_id) REFERENCES login_accounts (merchant_id, id),
  FOREIGN KEY (merchant_id, checker_id) REFERENCES login_accounts (merchant_id, id),
  CHECK ((checker_id IS NULL) = (answered_at IS NULL) AND (checker_id IS NULL) = (checker_openid = '')),
  CHECK (checker_id <> maker_id AND checker_openid <> maker_openid AND (checker_paper = '' OR checker_paper <> maker_paper))
);
CREATE INDEX approvals_newest ON approvals (merchant_id, asked_at DESC, id DESC);
CREATE INDEX approvals_id ON approvals (id);
GRANT SELECT, INSERT, UPDATE ON approvals TO zhanggui_app;
