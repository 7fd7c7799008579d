-- +goose Up
-- Products that a merchant asked for: each row is one asking with the agreement that was signed for it, as it
-- was signed, and what became of it. n counts within the merchant and ends the number. Of a product the newest
-- row says where it stands; at most one waits or is open.
CREATE TABLE product_openings (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  n            bigint NOT NULL CHECK (n BETWEEN 1 AND 99999999),
  asked_at     timestamptz NOT NULL,
  decided_at   timestamptz,
  opened_at    timestamptz,
  closed_at    timestamptz,
  asker_id     uuid,
  confirmation uuid,
  code         text NOT NULL CHECK (code ~ '^[a-z][a-z_]{1,31}$'),
  state        text NOT NULL CHECK (state IN ('reviewing', 'open', 'refused', 'closed')),
  asked_by     text NOT NULL CHECK (char_length(asked_by) BETWEEN 1 AND 64),
  decided_by   text NOT NULL DEFAULT '' CHECK (char_length(decided_by) <= 64),
  closed_by    text NOT NULL DEFAULT '' CHECK (char_length(closed_by) <= 64),
  reason       text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
  version      text NOT NULL CHECK (version ~ '^[0-9A-Za-z.-]{1,32}$'),
  hash         text NOT NULL,
  agreement    text NOT NULL CHECK (octet_length(agreement) BETWEEN 1 AND 65536),
  PRIMARY KEY (merchant_id, n),
  CHECK (hash = encode(sha256(convert_to(agreement, 'UTF8')), 'hex')),
  CHECK ((opened_at IS NOT NULL) = (state IN ('open', 'closed'))),
  CHECK ((closed_at IS NOT NULL) = (state = 'closed') AND (closed_at IS NULL) = (closed_by = '')),
  CHECK ((decided_at IS NULL) = (decided_by = '') AND (state <> 'refused' OR decided_at IS NOT NULL)),
  CHECK ((state = 'refused') = (reason <> ''))
);
CREATE UNIQUE INDEX product_openings_standing ON product_openings (merchant_id, code) WHERE state IN ('reviewing', 'open');
CREATE INDEX product_openings_newest ON product_openings (asked_at DESC, merchant_id, n);
CREATE INDEX product_openings_waiting ON product_openings (asked_at DESC, merchant_id, n) WHERE state = 'reviewing';
GRANT SELECT, INSERT, UPDATE ON product_openings TO zhanggui_app;
