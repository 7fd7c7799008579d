-- +goose Up
-- Login accounts, their WeChat bindings, sign-in tickets and sessions.

CREATE TABLE login_accounts (
  merchant_id     bigint NOT NULL REFERENCES merchants (merchant_id),
  id              uuid NOT NULL,
  login           text NOT NULL CHECK (login ~ '^[0-9A-Za-z]{6,12}$'),
  real_name       bytea NOT NULL,
  name_masked     text NOT NULL CHECK (length(name_masked) BETWEEN 1 AND 64),
  id_type         text NOT NULL CHECK (id_type IN ('id_card', 'hk_macao_permit', 'taiwan_permit', 'passport')),
  id_number       bytea NOT NULL,
  id_index        bytea NOT NULL,
  id_masked       text NOT NULL CHECK (length(id_masked) BETWEEN 1 AND 32),
  mobile          bytea NOT NULL,
  mobile_masked   text NOT NULL CHECK (length(mobile_masked) BETWEEN 1 AND 20),
  password_hash   text NOT NULL DEFAULT '' CHECK (length(password_hash) <= 200),
  card_tries      smallint NOT NULL DEFAULT 0 CHECK (card_tries BETWEEN 0 AND 3),
  state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, id)
);
-- A login name is one person's for ever, whatever its case.
CREATE UNIQUE INDEX login_accounts_login ON login_accounts (merchant_id, lower(login));
GRANT SELECT, INSERT, UPDATE ON login_accounts TO zhanggui_app;

CREATE TABLE account_roles (
  merchant_id  bigint NOT NULL,
  account_id   uuid NOT NULL,
  role         text NOT NULL CHECK (length(role) BETWEEN 1 AND 64),
  PRIMARY KEY (merchant_id, account_id, role),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
-- One super admin a merchant; none is kept out by the verbs.
CREATE UNIQUE INDEX account_roles_super_admin ON account_roles (merchant_id) WHERE role = 'super_admin';
GRANT SELECT, INSERT, DELETE ON account_roles TO zhanggui_app;

-- One WeChat a login account, one login account a WeChat in each merchant. Of the comparison there
-- is the verdict, its time, and a salted hash of what was compared.
CREATE TABLE wechat_bindings (
  merchant_id   bigint NOT NULL,
  account_id    uuid NOT NULL,
  openid        text NOT NULL CHECK (length(openid) BETWEEN 1 AND 128),
  compared      bytea NOT NULL CHECK (octet_length(compared) = 48),
  verdict       text NOT NULL CHECK (verdict = 'match'),
  checked_at    timestamptz NOT NULL,
  consent       text NOT NULL CHECK (length(consent) BETWEEN 1 AND 32),
  consented_at  timestamptz NOT NULL,
  bound_at      timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, account_id),
  UNIQUE (merchant_id, openid),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
CREATE INDEX wechat_bindings_openid ON wechat_bindings (openid);
GRANT SELECT, INSERT, UPDATE, DELETE ON wechat_bindings TO zhanggui_app;

-- An employee's binding waits for the super admin.
CREATE TABLE binding_requests (
  merchant_id   bigint NOT NULL,
  id            uuid NOT NULL,
  account_id    uuid NOT NULL,
  openid        text NOT NULL CHECK (length(openid) BETWEEN 1 AND 128),
  compared      bytea NOT NULL CHECK (octet_length(compared) = 48),
  consent       text NOT NULL CHECK (length(consent) BETWEEN 1 AND 32),
  consented_at  timestamptz NOT NULL,
  asked_at      timestamptz NOT NULL,
  lapses_at     timestamptz NOT NULL CHECK (lapses_at > asked_at),
  state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'lapsed')),
  answered_at   timestamptz CHECK ((answered_at IS NULL) = (state = 'waiting')),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
CREATE UNIQUE INDEX binding_requests_account ON binding_requests (merchant_id, account_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX binding_requests_openid ON binding_requests (merchant_id, openid) WHERE state = 'waiting';
CREATE INDEX binding_requests_newest ON binding_requests (merchant_id, account_id, asked_at DESC);
GRANT SELECT, INSERT, UPDATE ON binding_requests TO zhanggui_app;

-- Browsers that an account signed in from: a sign-in from another one is told to people.
CREATE TABLE known_browsers (
  merchant_id  bigint NOT NULL,
  account_id   uuid NOT NULL,
  mark         bytea NOT NULL CHECK (octet_length(mark) = 32),
  seen_at      timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, account_id, mark),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON known_browsers TO zhanggui_app;

-- What a desktop shows as a QR code and a phone answers. Local: the merchant is known only later
-- (merchant 0 and the zero account until then). A live row past its time is expired without a change.
CREATE TABLE login_tickets (
  id            uuid PRIMARY KEY,
  token_hash    bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  browser_hash  bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
  purpose       text NOT NULL CHECK (purpose IN ('signin', 'binding')),
  state         text NOT NULL DEFAULT 'waiting' CHECK (state IN
    ('waiting', 'scanned', 'consenting', 'confirmed', 'redeemed', 'pending', 'bound', 'refused', 'failed')),
  reason        text NOT NULL DEFAULT '' CHECK (length(reason) <= 64),
  number        smallint NOT NULL CHECK (number BETWEEN 10 AND 99),
  choices       bytea NOT NULL CHECK (octet_length(choices) = 3),
  openid        text NOT NULL DEFAULT '' CHECK (length(openid) <= 128 AND (state = 'waiting') = (openid = '')),
  contested     boolean NOT NULL DEFAULT false,
  merchant_id   bigint NOT NULL DEFAULT 0,
  account_id    uuid NOT NULL,
  consent       text NOT NULL DEFAULT '' CHECK (length(consent) <= 32),
  consented_at  timestamptz,
  address       text NOT NULL CHECK (length(address) <= 64),
  agent         text NOT NULL CHECK (length(agent) <= 400),
  made_at       timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL CHECK (expires_at > made_at)
);
CREATE INDEX login_tickets_address ON login_tickets (address, expires_at);
CREATE INDEX login_tickets_browser ON login_tickets (browser_hash, made_at DESC);
CREATE INDEX login_tickets_expires ON login_tickets (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON login_tickets TO zhanggui_app;

-- Signed-in desktops (wall clock). Local. The cookie holds the secret; only its hash is here.
-- A ticket gives one session, whoever asks how often.
CREATE TABLE sessions (
  id_hash         bytea PRIMARY KEY CHECK (octet_length(id_hash) = 32),
  handle          uuid NOT NULL UNIQUE,
  ticket_id       uuid UNIQUE,
  merchant_id     bigint NOT NULL,
  account_id      uuid NOT NULL,
  stage           text NOT NULL CHECK (stage IN ('full', 'binding')),
  card_passed_at  timestamptz,
  made_at         timestamptz NOT NULL,
  seen_at         timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL CHECK (expires_at > made_at),
  address         text NOT NULL CHECK (length(address) <= 64),
  agent           text NOT NULL CHECK (length(agent) <= 400),
  data            jsonb NOT NULL DEFAULT '{}' CHECK (pg_column_size(data) <= 4096)
);
CREATE INDEX sessions_account ON sessions (merchant_id, account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO zhanggui_app;

-- A phone's in-app browser, known as one WeChat (wall clock). Local.
CREATE TABLE phone_sessions (
  id_hash     bytea PRIMARY KEY CHECK (octet_length(id_hash) = 32),
  openid      text NOT NULL CHECK (length(openid) BETWEEN 1 AND 128),
  made_at     timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL CHECK (expires_at > made_at)
);
CREATE INDEX phone_sessions_expires ON phone_sessions (expires_at);
GRANT SELECT, INSERT, DELETE ON phone_sessions TO zhanggui_app;

-- Round trips to WeChat under way (wall clock): a state is bound to the browser that began it, and
-- used once. Local. next is sealed: it may hold a ticket's token.
CREATE TABLE oauth_states (
  state_hash    bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
  browser_hash  bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
  purpose       text NOT NULL CHECK (purpose IN ('phone', 'consent')),
  next          bytea NOT NULL CHECK (octet_length(next) <= 2048),
  ticket_id     uuid CHECK ((ticket_id IS NULL) = (purpose = 'phone')),
  expires_at    timestamptz NOT NULL
);
CREATE INDEX oauth_states_expires ON oauth_states (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON oauth_states TO zhanggui_app;

-- Counters of attempts in a window of wall time. Local.
CREATE TABLE attempt_windows (
  subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 128),
  window_at  timestamptz NOT NULL,
  count      integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (subject, window_at)
);
CREATE INDEX attempt_windows_old ON attempt_windows (window_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON attempt_windows TO zhanggui_app;
