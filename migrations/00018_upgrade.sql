-- +goose Up
-- The account upgrade: to which merchants it is offered, and which have taken it.

-- How far the offer goes: one row, of the platform itself. The salt is drawn once and never changes, so that
-- whoever is inside a percentage stays inside every larger one, over restarts too.
CREATE TABLE rollout (
  merchant_id  bigint PRIMARY KEY REFERENCES merchants (merchant_id) CHECK (merchant_id = 0),
  changed_at   timestamptz,
  percentage   smallint NOT NULL DEFAULT 0 CHECK (percentage BETWEEN 0 AND 100),
  paused       boolean NOT NULL DEFAULT false,
  changed_by   text NOT NULL DEFAULT '' CHECK (char_length(changed_by) <= 64),
  salt         bytea NOT NULL CHECK (octet_length(salt) = 32),
  CHECK ((changed_at IS NULL) = (changed_by = ''))
);
INSERT INTO rollout (merchant_id, salt) VALUES (0, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
GRANT SELECT, UPDATE ON rollout TO zhanggui_app;

-- Merchants that are in or out whatever the percentage says.
CREATE TABLE rollout_listed (
  merchant_id  bigint PRIMARY KEY REFERENCES merchants (merchant_id),
  listed_at    timestamptz NOT NULL,
  listed       text NOT NULL CHECK (listed IN ('allow', 'deny')),
  reason       text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
  listed_by    text NOT NULL CHECK (char_length(listed_by) BETWEEN 1 AND 64)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rollout_listed TO zhanggui_app;

-- Upgrades as they happened, with what was signed. amount is what AVAILABLE held and BASIC got, in the transfer
-- named where it was anything; pool is what UNSETTLED held beyond its orders, or below zero what it lacked. The
-- sums say what was in flight at that moment.
CREATE TABLE upgrades (
  merchant_id      bigint PRIMARY KEY REFERENCES merchants (merchant_id),
  transfer_id      bigint,
  amount           bigint NOT NULL CHECK (amount >= 0),
  pool             bigint NOT NULL,
  retained         bigint NOT NULL CHECK (retained BETWEEN 0 AND 100000000000),
  unsettled        bigint NOT NULL CHECK (unsettled >= 0),
  unsettled_count  bigint NOT NULL CHECK (unsettled_count >= 0),
  at_bank          bigint NOT NULL CHECK (at_bank >= 0),
  at_bank_count    bigint NOT NULL CHECK (at_bank_count >= 0),
  upgraded_at      timestamptz NOT NULL,
  signer_id        uuid NOT NULL,
  confirmation     uuid,
  automatic        boolean NOT NULL,
  signer           text NOT NULL CHECK (char_length(signer) BETWEEN 1 AND 64),
  version          text NOT NULL CHECK (version ~ '^[0-9A-Za-z.-]{1,32}$'),
  hash             text NOT NULL,
  agreement        text NOT NULL CHECK (octet_length(agreement) BETWEEN 1 AND 65536),
  CHECK ((transfer_id IS NULL) = (amount = 0)),
  CHECK (automatic OR retained = 0),
  CHECK (hash = encode(sha256(convert_to(agreement, 'UTF8')), 'hex'))
);
GRANT SELECT, INSERT ON upgrades TO zhanggui_app;
