-- +goose Up
-- The books: accounts, transfers and their entries, daily sums, and the signed heads of days.

-- One row a merchant. Whoever moves a merchant's money holds this row first, so moves of one merchant
-- follow one another and never wait for each other in a ring. Nothing is booked before booked_at, nor
-- into a day that is closed.
CREATE TABLE books (
  merchant_id  bigint PRIMARY KEY REFERENCES merchants (merchant_id),
  transfers    bigint NOT NULL DEFAULT 0 CHECK (transfers >= 0),
  booked_at    timestamptz NOT NULL,
  closed       date NOT NULL
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON books TO zhanggui_app;

-- Balances as the merchant reads them: what is the merchant's counts up, the platform's assets count
-- down. seq and hash are those of the last entry.
CREATE TABLE accounts (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  balance      bigint NOT NULL DEFAULT 0 CHECK (balance BETWEEN -100000000000000000 AND 100000000000000000),
  seq          bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  opened_at    timestamptz NOT NULL,
  account      text NOT NULL CHECK (account ~ '^(UNSETTLED|AVAILABLE|BASIC|OPERATION|FEES|T_REFUND|T_WITHDRAW|T_SETTLE|T_PACKET|T_TRANSFER|DUE|CHANNEL|BANK|FEE_INCOME|SUSPENSE|FROZEN:[0-9A-Za-z]{1,32})$'),
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (merchant_id, account),
  CHECK (balance >= 0 OR account IN ('CHANNEL', 'BANK', 'FEE_INCOME', 'SUSPENSE', 'DUE')),
  CHECK (balance <= 0 OR account <> 'DUE')
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON accounts TO zhanggui_app;

-- A move of money, once for ever by its business key. accounts and seqs say where its legs are.
CREATE TABLE transfers (
  merchant_id   bigint NOT NULL,
  id            bigint NOT NULL CHECK (id > 0),
  amount        bigint NOT NULL CHECK (amount > 0),
  booked_at     timestamptz NOT NULL,
  kind          text NOT NULL CHECK (kind ~ '^[a-z][a-z_.]{0,31}$'),
  business_key  text NOT NULL CHECK (octet_length(business_key) BETWEEN 1 AND 128),
  business_no   text NOT NULL CHECK (octet_length(business_no) BETWEEN 1 AND 128),
  voucher_no    text NOT NULL CHECK (octet_length(voucher_no) <= 128),
  applicant     text NOT NULL CHECK (octet_length(applicant) BETWEEN 1 AND 64),
  note          text NOT NULL CHECK (octet_length(note) <= 2048),
  accounts      text[] NOT NULL CHECK (cardinality(accounts) BETWEEN 2 AND 1000),
  seqs          bigint[] NOT NULL CHECK (cardinality(seqs) = cardinality(accounts)),
  PRIMARY KEY (merchant_id, id),
  UNIQUE (merchant_id, kind, business_key)
);
CREATE INDEX transfers_business_tail ON transfers (merchant_id, right(business_no, 6));
CREATE INDEX transfers_voucher_tail ON transfers (merchant_id, right(voucher_no, 6)) WHERE voucher_no <> '';
GRANT SELECT, INSERT ON transfers TO zhanggui_app;

-- The legs. row_type is the line's name and type on bills; what no bill shows has none.
CREATE TABLE entries (
  merchant_id    bigint NOT NULL,
  seq            bigint NOT NULL CHECK (seq > 0),
  transfer_id    bigint NOT NULL,
  amount         bigint NOT NULL CHECK (amount <> 0),
  balance_after  bigint NOT NULL,
  booked_at      timestamptz NOT NULL,
  leg            smallint NOT NULL CHECK (leg BETWEEN 1 AND 1000),
  account        text NOT NULL,
  row_type       text NOT NULL CHECK (row_type ~ '^[a-z_]{0,32}$'),
  hash           bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (merchant_id, account, seq),
  CHECK (row_type <> '' OR account NOT IN ('UNSETTLED', 'AVAILABLE', 'BASIC', 'OPERATION', 'FEES', 'FEE_INCOME'))
);
CREATE INDEX entries_newest ON entries (merchant_id, account, booked_at DESC, seq DESC);
GRANT SELECT, INSERT ON entries TO zhanggui_app;

-- The sums of a day, kept by whoever writes entries: only lines that have a name.
CREATE TABLE account_days (
  merchant_id  bigint NOT NULL,
  ins          bigint NOT NULL CHECK (ins >= 0),
  in_amount    bigint NOT NULL CHECK (in_amount >= 0),
  outs         bigint NOT NULL CHECK (outs >= 0),
  out_amount   bigint NOT NULL CHECK (out_amount >= 0),
  day          date NOT NULL,
  account      text NOT NULL,
  row_type     text NOT NULL,
  PRIMARY KEY (merchant_id, account, day, row_type)
) WITH (fillfactor = 70);
GRANT SELECT, INSERT, UPDATE ON account_days TO zhanggui_app;

-- Where an account's chain stood at the end of a day that had entries, signed by the platform.
CREATE TABLE ledger_heads (
  merchant_id    bigint NOT NULL,
  first_seq      bigint NOT NULL CHECK (first_seq > 0),
  count          bigint NOT NULL CHECK (count > 0),
  balance        bigint NOT NULL,
  signed_at      timestamptz NOT NULL,
  day            date NOT NULL,
  account        text NOT NULL,
  key_id         text NOT NULL CHECK (octet_length(key_id) BETWEEN 1 AND 64),
  previous_hash  bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  head           bytea NOT NULL CHECK (octet_length(head) = 32),
  signature      bytea NOT NULL CHECK (octet_length(signature) BETWEEN 64 AND 1024),
  PRIMARY KEY (merchant_id, account, day)
);
GRANT SELECT, INSERT ON ledger_heads TO zhanggui_app;

-- Every key leads with the merchant, so to a planner that saw the table empty all indexes look alike, and
-- a kept plan of that moment reads a merchant's whole book for every row. These two plan anew each time:
-- a statement without parameters only where it is executed as a text.

-- Which of these events are booked already.
-- +goose StatementBegin
CREATE FUNCTION known_transfers(merchants bigint[], kinds text[], keys text[])
RETURNS TABLE (merchant_id bigint, kind text, business_key text, id bigint, booked_at timestamptz)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  RETURN QUERY SELECT k.m, k.n, k.y, t.id, t.booked_at
    FROM unnest(merchants, kinds, keys) AS k (m, n, y) CROSS JOIN LATERAL (
      SELECT x.id, x.booked_at FROM transfers x WHERE x.merchant_id = k.m AND x.kind = k.n AND x.business_key = k.y LIMIT 1) t;
END $$;
-- +goose StatementEnd

-- Every transfer is whole when its statement ends: its legs add up to nothing, and it is there.
-- +goose StatementBegin
CREATE FUNCTION check_whole_transfers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
  EXECUTE $q$SELECT format('transfer %s of %s: its legs come to %s', s.transfer_id, s.merchant_id, s.sum)
    FROM (SELECT merchant_id, transfer_id, sum(amount) AS sum FROM fresh GROUP BY 1, 2) s
    WHERE s.sum <> 0 OR (SELECT t.id FROM transfers t WHERE t.merchant_id = s.merchant_id AND t.id = s.transfer_id) IS NULL
    LIMIT 1$q$ INTO broken;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION '%', broken USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER whole_transfers AFTER INSERT ON entries REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION check_whole_transfers();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_heads FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Merchants that stand already get their books.
INSERT INTO books (merchant_id, booked_at, closed)
  SELECT merchant_id, opened_at, (opened_at AT TIME ZONE 'Asia/Shanghai')::date - 1 FROM merchants WHERE merchant_id <> 0;
INSERT INTO accounts (merchant_id, account, opened_at, hash)
  SELECT m.merchant_id, a.account, m.opened_at, sha256(convert_to(format(E'zhanggui books 1\n%s\n%s\n', m.merchant_id, a.account), 'UTF8'))
  FROM merchants m CROSS JOIN LATERAL (SELECT CASE m.account_system WHEN 'legacy' THEN 'AVAILABLE' ELSE 'BASIC' END AS account
    UNION SELECT 'UNSETTLED') a
  WHERE m.merchant_id <> 0;
