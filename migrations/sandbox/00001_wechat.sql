-- +goose Up
-- What the simulated WeChat keeps. The names and papers of its people are in the program, not here.
CREATE SCHEMA sandbox;
GRANT USAGE ON SCHEMA sandbox TO zhanggui_app;

-- What people did since the demo opened; NULL where they are still as the cast has them.
CREATE TABLE sandbox.people (
  person    text PRIMARY KEY CHECK (person ~ '^p-[a-z0-9]{1,30}$'),
  verified  boolean,
  follows   boolean
);
GRANT SELECT, INSERT, UPDATE ON sandbox.people TO zhanggui_app;

-- Codes of the two consents, each good once (wall clock).
CREATE TABLE sandbox.codes (
  code        text PRIMARY KEY,
  person      text NOT NULL,
  scope       text NOT NULL CHECK (scope IN ('snsapi_base', 'snsapi_userinfo', 'pay_identity')),
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);
CREATE INDEX codes_expires ON sandbox.codes (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sandbox.codes TO zhanggui_app;

-- Tokens: sns and refresh of a sign-in, identity of a person check, account of the official account.
CREATE TABLE sandbox.tokens (
  token       text PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('sns', 'refresh', 'identity', 'account')),
  person      text,
  scope       text NOT NULL DEFAULT '',
  expires_at  timestamptz NOT NULL,
  CHECK ((kind = 'account') = (person IS NULL))
);
CREATE INDEX tokens_expires ON sandbox.tokens (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sandbox.tokens TO zhanggui_app;

-- What stands in the chats with the official account (business clock).
CREATE TABLE sandbox.messages (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  openid    text NOT NULL CHECK (length(openid) BETWEEN 1 AND 128),
  template  text NOT NULL CHECK (length(template) BETWEEN 1 AND 64),
  title     text NOT NULL,
  fields    jsonb NOT NULL,
  url       text NOT NULL,
  key       text NOT NULL,
  sent_at   timestamptz NOT NULL
);
CREATE INDEX messages_newest ON sandbox.messages (openid, id DESC);
CREATE UNIQUE INDEX messages_key ON sandbox.messages (openid, key) WHERE key <> '';
GRANT SELECT, INSERT ON sandbox.messages TO zhanggui_app;
