-- +goose Up
-- What a merchant may change about itself: short name, contact phone, and the settlement card.

-- The phone is sealed; the rest says who changed the profile last, and in which confirmation.
ALTER TABLE merchants
  ADD COLUMN contact_phone bytea NOT NULL DEFAULT '' CHECK (octet_length(contact_phone) <= 512),
  ADD COLUMN contact_phone_masked text NOT NULL DEFAULT '' CHECK (char_length(contact_phone_masked) <= 20),
  ADD COLUMN profile_changed_at timestamptz,
  ADD COLUMN profile_changed_by text NOT NULL DEFAULT '' CHECK (char_length(profile_changed_by) <= 64),
  ADD COLUMN profile_confirmation uuid,
  ADD CONSTRAINT merchants_profile_check CHECK ((profile_changed_at IS NULL) = (profile_changed_by = ''));

-- Requests for another settlement card. The card in use changes only after the new one took a check payment.
CREATE TABLE settlement_card_changes (
  merchant_id     bigint NOT NULL REFERENCES merchants (merchant_id),
  id              uuid NOT NULL,
  bank            text NOT NULL CHECK (char_length(bank) BETWEEN 2 AND 64),
  account         bytea NOT NULL CHECK (octet_length(account) BETWEEN 1 AND 512),
  account_index   bytea NOT NULL CHECK (octet_length(account_index) = 32),
  account_tail    text NOT NULL CHECK (account_tail ~ '^[0-9]{4}$'),
  old_tail        text NOT NULL CHECK (old_tail ~ '^[0-9]{4}$'),
  state           text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'cancelled')),
  asked_by        text NOT NULL CHECK (char_length(asked_by) BETWEEN 1 AND 64),
  asked_at        timestamptz NOT NULL,
  confirmation    uuid NOT NULL,
  ended_by        text NOT NULL DEFAULT '' CHECK (char_length(ended_by) <= 64),
  ended_at        timestamptz,
  PRIMARY KEY (merchant_id, id),
  CHECK ((ended_at IS NULL) = (state = 'requested') AND (ended_at IS NULL) = (ended_by = ''))
);
-- One at a time.
CREATE UNIQUE INDEX settlement_card_changes_open ON settlement_card_changes (merchant_id) WHERE state = 'requested';
CREATE INDEX settlement_card_changes_newest ON settlement_card_changes (merchant_id, asked_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE ON settlement_card_changes TO zhanggui_app;
