-- +goose Up
-- Orders, the refunds that bills tell of, imports of bills, saved views.

-- An order. merchant_id is whose money it is: in a service provider's file the sub-merchant, with the
-- provider in sp_mchid. A stub is an order known only by its refund: its own row has not come yet.
CREATE TABLE trades (
  merchant_id       bigint NOT NULL,
  sp_mchid          bigint NOT NULL DEFAULT 0 CHECK (sp_mchid >= 0 AND sp_mchid <> merchant_id),
  total             bigint NOT NULL CHECK (total BETWEEN 0 AND 10000000000),
  settlement_total  bigint NOT NULL,
  coupon            bigint NOT NULL CHECK (coupon BETWEEN 0 AND 10000000000),
  fee               bigint NOT NULL CHECK (fee BETWEEN 0 AND 100000000),
  refunded          bigint NOT NULL DEFAULT 0,
  success_time      timestamptz NOT NULL,
  settled_at        timestamptz,
  recorded_at       timestamptz NOT NULL,
  import_id         uuid,
  rate              integer NOT NULL CHECK (rate BETWEEN 0 AND 10000),
  stub              boolean NOT NULL DEFAULT false,
  source            text NOT NULL CHECK (source IN ('bill', 'channel', 'sandbox')),
  transaction_id    text NOT NULL CHECK (octet_length(transaction_id) BETWEEN 1 AND 64),
  out_trade_no      text NOT NULL CHECK (octet_length(out_trade_no) BETWEEN 1 AND 64),
  trade_type        text NOT NULL CHECK (octet_length(trade_type) BETWEEN 1 AND 32),
  trade_state       text NOT NULL CHECK (octet_length(trade_state) BETWEEN 1 AND 32),
  bank_type         text NOT NULL CHECK (octet_length(bank_type) <= 32),
  appid             text NOT NULL CHECK (octet_length(appid) <= 128),
  openid            text NOT NULL CHECK (octet_length(openid) <= 128),
  device            text NOT NULL CHECK (octet_length(device) <= 128),
  rate_note         text NOT NULL CHECK (octet_length(rate_note) <= 128),
  body              text NOT NULL CHECK (octet_length(body) <= 2048),
  attach            text NOT NULL CHECK (octet_length(attach) <= 2048),
  PRIMARY KEY (merchant_id, transaction_id),
  UNIQUE (merchant_id, out_trade_no),
  CHECK (settlement_total BETWEEN 0 AND total),
  CHECK (refunded >= 0 AND (stub OR refunded <= total)),
  CHECK ((source = 'bill') = (import_id IS NOT NULL)),
  CHECK (NOT stub OR (source = 'bill' AND total = 0 AND settled_at IS NULL))
);
CREATE INDEX trades_newest ON trades (merchant_id, success_time DESC, transaction_id DESC);
CREATE INDEX trades_provider ON trades (sp_mchid, success_time DESC, transaction_id DESC, merchant_id DESC) WHERE sp_mchid <> 0;
-- Most orders succeed and stay so; these are the others, which lists are asked for.
CREATE INDEX trades_state ON trades (merchant_id, trade_state, success_time DESC, transaction_id DESC) WHERE trade_state <> 'SUCCESS';
CREATE INDEX trades_provider_state ON trades (sp_mchid, trade_state, success_time DESC, transaction_id DESC, merchant_id DESC)
  WHERE trade_state <> 'SUCCESS' AND sp_mchid <> 0;
CREATE INDEX trades_transaction_tail ON trades (merchant_id, right(transaction_id, 6));
CREATE INDEX trades_order_tail ON trades (merchant_id, right(out_trade_no, 6));
CREATE INDEX trades_stubs ON trades (merchant_id, transaction_id) WHERE stub;
GRANT SELECT, INSERT, UPDATE ON trades TO zhanggui_app;

-- A refund as a bill told it: refund is what was asked for, settlement_refund what leaves the merchant.
-- The state is the bill's and is never moved by another bill.
CREATE TABLE bill_refunds (
  merchant_id        bigint NOT NULL,
  sp_mchid           bigint NOT NULL DEFAULT 0 CHECK (sp_mchid >= 0 AND sp_mchid <> merchant_id),
  refund             bigint NOT NULL CHECK (refund BETWEEN 0 AND 10000000000),
  settlement_refund  bigint NOT NULL,
  coupon_refund      bigint NOT NULL,
  fee_back           bigint NOT NULL CHECK (fee_back BETWEEN 0 AND 100000000),
  create_time        timestamptz NOT NULL,
  success_time       timestamptz,
  recorded_at        timestamptz NOT NULL,
  import_id          uuid NOT NULL,
  refund_id          text NOT NULL CHECK (octet_length(refund_id) BETWEEN 1 AND 64),
  out_refund_no      text NOT NULL CHECK (octet_length(out_refund_no) BETWEEN 1 AND 64),
  transaction_id     text NOT NULL,
  status             text NOT NULL CHECK (octet_length(status) BETWEEN 1 AND 32),
  trade_state        text NOT NULL CHECK (octet_length(trade_state) BETWEEN 1 AND 32),
  channel            text NOT NULL CHECK (octet_length(channel) <= 32),
  PRIMARY KEY (merchant_id, refund_id),
  UNIQUE (merchant_id, out_refund_no),
  FOREIGN KEY (merchant_id, transaction_id) REFERENCES trades (merchant_id, transaction_id),
  CHECK (settlement_refund BETWEEN 0 AND refund),
  CHECK (coupon_refund BETWEEN 0 AND settlement_refund)
);
CREATE INDEX bill_refunds_trade ON bill_refunds (merchant_id, transaction_id, create_time);
CREATE INDEX bill_refunds_refund_tail ON bill_refunds (merchant_id, right(refund_id, 6));
CREATE INDEX bill_refunds_order_tail ON bill_refunds (merchant_id, right(out_refund_no, 6));
GRANT SELECT, INSERT, UPDATE ON bill_refunds TO zhanggui_app;

-- The daily roll-up, kept by whoever writes trades, in the same transaction.
-- orders … refunded: the orders paid that day, stubs and revoked ones with them: what lists show.
-- paid_*: those that stand as income. refund_*: refunds asked for that day, failed ones left out.
CREATE TABLE trade_days (
  merchant_id       bigint NOT NULL,
  sp_mchid          bigint NOT NULL DEFAULT 0,
  day               date NOT NULL,
  orders            bigint NOT NULL CHECK (orders >= 0),
  total             bigint NOT NULL CHECK (total >= 0),
  settlement_total  bigint NOT NULL CHECK (settlement_total >= 0),
  coupon            bigint NOT NULL CHECK (coupon >= 0),
  fee               bigint NOT NULL CHECK (fee >= 0),
  refunded          bigint NOT NULL CHECK (refunded >= 0),
  paid_count        bigint NOT NULL CHECK (paid_count >= 0),
  paid_total        bigint NOT NULL CHECK (paid_total >= 0),
  refund_count      bigint NOT NULL CHECK (refund_count >= 0),
  refund_total      bigint NOT NULL CHECK (refund_total >= 0),
  PRIMARY KEY (merchant_id, sp_mchid, day)
);
CREATE INDEX trade_days_provider ON trade_days (sp_mchid, day) WHERE sp_mchid <> 0;
GRANT SELECT, INSERT, UPDATE ON trade_days TO zhanggui_app;

-- One import of a bill file and what came of it.
CREATE TABLE trade_imports (
  merchant_id   bigint NOT NULL REFERENCES merchants (merchant_id),
  id            uuid NOT NULL,
  file_name     text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 255),
  size          bigint NOT NULL CHECK (size BETWEEN 0 AND 67108864),
  state         text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'refused', 'failed')),
  layout        text NOT NULL DEFAULT '' CHECK (layout IN ('', 'ALL', 'SUCCESS', 'REFUND')),
  actor         text NOT NULL,
  account_id    uuid,
  queued_at     timestamptz NOT NULL,
  started_at    timestamptz,
  finished_at   timestamptz,
  done_bytes    bigint NOT NULL DEFAULT 0 CHECK (done_bytes >= 0),
  row_count     bigint NOT NULL DEFAULT 0 CHECK (row_count BETWEEN 0 AND 300000),
  new_trades    bigint NOT NULL DEFAULT 0 CHECK (new_trades >= 0),
  new_refunds   bigint NOT NULL DEFAULT 0 CHECK (new_refunds >= 0),
  fault_lines   bigint NOT NULL DEFAULT 0 CHECK (fault_lines >= 0),
  report        jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (merchant_id, id),
  CHECK ((state IN ('done', 'refused', 'failed')) = (finished_at IS NOT NULL))
);
CREATE INDEX trade_imports_newest ON trade_imports (merchant_id, queued_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE ON trade_imports TO zhanggui_app;

-- An uploaded file until its import has ended.
CREATE TABLE trade_import_chunks (
  merchant_id  bigint NOT NULL,
  import_id    uuid NOT NULL,
  n            integer NOT NULL CHECK (n BETWEEN 0 AND 255),
  bytes        bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
  PRIMARY KEY (merchant_id, import_id, n),
  FOREIGN KEY (merchant_id, import_id) REFERENCES trade_imports (merchant_id, id)
);
ALTER TABLE trade_import_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON trade_import_chunks TO zhanggui_app;

-- A list's filter kept by one person under a name; slot bounds how many.
CREATE TABLE saved_views (
  merchant_id  bigint NOT NULL,
  id           uuid NOT NULL,
  account_id   uuid NOT NULL,
  page         text NOT NULL CHECK (page ~ '^[a-z][a-z.]{0,31}$'),
  name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 64),
  query        text NOT NULL CHECK (octet_length(query) <= 2000),
  slot         integer NOT NULL CHECK (slot BETWEEN 1 AND 20),
  saved_at     timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, id),
  UNIQUE (merchant_id, account_id, page, name),
  UNIQUE (merchant_id, account_id, page, slot),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO zhanggui_app;
