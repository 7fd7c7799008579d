-- +goose Up
-- The audit chain: every audit row is sealed, one after another in each merchant, under a signed head
-- of the whole platform.

-- The confirmation on the phone that an act ran in.
ALTER TABLE audit_rows ADD COLUMN confirmation uuid;

-- Rows that wait for their seal, each written with its row. A row whose transaction ends late is
-- here from that moment on, whatever its number, so none is ever passed over. Local: no foreign keys.
CREATE TABLE audit_queue (
  n            bigint GENERATED ALWAYS AS IDENTITY,
  merchant_id  bigint NOT NULL,
  id           uuid NOT NULL,
  at           timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, id)
);
CREATE INDEX audit_queue_n ON audit_queue (n);
GRANT SELECT, INSERT, DELETE ON audit_queue TO zhanggui_app;
INSERT INTO audit_queue (merchant_id, id, at) SELECT merchant_id, id, at FROM audit_rows ORDER BY wall_at, id;

-- The seals: hash covers the row and the hash before it, mac is made with the program's key. Append only.
CREATE TABLE audit_seals (
  merchant_id  bigint NOT NULL,
  seq          bigint NOT NULL CHECK (seq > 0),
  row_id       uuid NOT NULL,
  row_at       timestamptz NOT NULL,
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
  mac          bytea NOT NULL CHECK (octet_length(mac) = 32),
  PRIMARY KEY (merchant_id, seq),
  UNIQUE (merchant_id, row_id)
);
GRANT SELECT, INSERT ON audit_seals TO zhanggui_app;

-- One head a sealing: how far it brought which merchants' chains, chained and signed. Append only.
-- Local: the platform's own.
CREATE TABLE audit_heads (
  number     bigint PRIMARY KEY CHECK (number > 0),
  sealed_at  timestamptz NOT NULL,
  merchants  bigint[] NOT NULL CHECK (cardinality(merchants) BETWEEN 1 AND 2000),
  seqs       bigint[] NOT NULL CHECK (cardinality(seqs) = cardinality(merchants)),
  hashes     bytea[] NOT NULL CHECK (cardinality(hashes) = cardinality(merchants)),
  hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
  mac        bytea NOT NULL CHECK (octet_length(mac) = 32)
);
GRANT SELECT, INSERT ON audit_heads TO zhanggui_app;

-- The second fence behind the grants: not even the owner changes these by mistake.
-- +goose StatementBegin
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_rows FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
