-- +goose Up
-- Settlement: what went from UNSETTLED on which day, the payments to banks that it takes, and checks of
-- new settlement cards.

-- A line of the settlement record. legacy: the orders paid on the day, in one transfer to the bank.
-- upgraded: what went to BASIC on the day, counted as it goes. count, gross, refunds and fee are sums over
-- the line's orders. taken is what the pool of unsettled money has less than its orders say, because
-- refunds of settled orders and claims were paid out of it; carried_* come from lines before, in which
-- nothing was left for the bank.
CREATE TABLE settlement_lines (
  merchant_id   bigint NOT NULL REFERENCES merchants (merchant_id),
  count         bigint NOT NULL DEFAULT 0 CHECK (count >= 0),
  gross         bigint NOT NULL DEFAULT 0 CHECK (gross >= 0),
  refunds       bigint NOT NULL DEFAULT 0 CHECK (refunds BETWEEN 0 AND gross),
  taken         bigint NOT NULL DEFAULT 0,
  fee           bigint NOT NULL DEFAULT 0 CHECK (fee >= 0),
  carried_pool  bigint NOT NULL DEFAULT 0,
  carried_fee   bigint NOT NULL DEFAULT 0 CHECK (carried_fee >= 0),
  net           bigint NOT NULL DEFAULT 0,
  begun_at      timestamptz NOT NULL,
  cut_at        timestamptz,
  day           date NOT NULL,
  cut_day       date,
  pay_day       date,
  into_day      date,
  system        text NOT NULL CHECK (system IN ('legacy', 'upgraded')),
  state         text NOT NULL CHECK (state IN ('settled', 'cutting', 'cut', 'sent', 'paid', 'failed', 'returned', 'credited', 'carried', 'cancelled')),
  batch_no      text NOT NULL DEFAULT '' CHECK (octet_length(batch_no) <= 32),
  bank_no       text NOT NULL DEFAULT '' CHECK (octet_length(bank_no) <= 32),
  PRIMARY KEY (merchant_id, day),
  CHECK ((system = 'upgraded') = (state = 'settled')),
  CHECK (state = 'cutting' OR net = gross - refunds - taken - fee + carried_pool - carried_fee),
  CHECK ((state IN ('cut', 'sent', 'paid', 'failed', 'returned')) <= (net > 0 AND batch_no <> '' AND pay_day IS NOT NULL)),
  CHECK (state <> 'carried' OR net <= 0),
  CHECK (into_day IS NULL OR (state = 'carried' AND into_day > day)),
  CHECK ((cut_at IS NULL) = (state IN ('settled', 'cutting')))
) WITH (fillfactor = 70);
-- What is still under way, of all merchants: for the work and for operators.
CREATE INDEX settlement_lines_open ON settlement_lines (merchant_id, day)
  WHERE state IN ('cutting', 'cut', 'sent', 'failed', 'returned') OR (state = 'carried' AND into_day IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON settlement_lines TO zhanggui_app;

-- A payment through the bank, once under its number. The card it goes to is fixed when it is first sent;
-- until then it waits, and a card in use since then is the one. request is the change of card that a check
-- payment belongs to.
CREATE TABLE bank_payments (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  amount       bigint NOT NULL CHECK (amount > 0),
  made_at      timestamptz NOT NULL,
  sent_at      timestamptz,
  ended_at     timestamptz,
  returned_at  timestamptz,
  request      uuid,
  day          date,
  try          smallint NOT NULL CHECK (try BETWEEN 1 AND 99),
  kind         text NOT NULL CHECK (kind IN ('settlement', 'check')),
  number       text NOT NULL CHECK (number ~ '^[A-Z][0-9A-Za-z]{7,31}$'),
  batch_no     text NOT NULL CHECK (octet_length(batch_no) BETWEEN 1 AND 32),
  state        text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'paid', 'failed', 'returned', 'cancelled')),
  bank         text NOT NULL DEFAULT '' CHECK (char_length(bank) <= 64),
  tail         text NOT NULL DEFAULT '' CHECK (tail ~ '^([0-9]{4})?$'),
  memo         text NOT NULL DEFAULT '' CHECK (char_length(memo) <= 64),
  reason       text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
  account      bytea NOT NULL DEFAULT '' CHECK (octet_length(account) <= 512),
  PRIMARY KEY (merchant_id, number),
  CHECK ((kind = 'check') = (request IS NOT NULL) AND (kind = 'settlement') = (day IS NOT NULL)),
  CHECK ((state IN ('waiting', 'cancelled')) OR (tail <> '' AND octet_length(account) > 0)),
  CHECK ((state IN ('paid', 'failed', 'returned')) <= (ended_at IS NOT NULL)),
  CHECK ((state = 'returned') = (returned_at IS NOT NULL))
);
CREATE INDEX bank_payments_line ON bank_payments (merchant_id, day, try) WHERE day IS NOT NULL;
CREATE INDEX bank_payments_batch ON bank_payments (merchant_id, batch_no);
CREATE UNIQUE INDEX bank_payments_check ON bank_payments (merchant_id, request) WHERE request IS NOT NULL;
-- One at a time for a line.
CREATE UNIQUE INDEX bank_payments_open ON bank_payments (merchant_id, day) WHERE day IS NOT NULL AND state IN ('waiting', 'sending', 'sent');
GRANT SELECT, INSERT, UPDATE ON bank_payments TO zhanggui_app;

-- What the bank said against what stands. Nothing was changed by it; operators look into it.
CREATE TABLE bank_alarms (
  merchant_id  bigint NOT NULL,
  times        bigint NOT NULL DEFAULT 1 CHECK (times > 0),
  first_at     timestamptz NOT NULL,
  last_at      timestamptz NOT NULL,
  number       text NOT NULL,
  said         text NOT NULL CHECK (octet_length(said) BETWEEN 1 AND 32),
  stood        text NOT NULL CHECK (octet_length(stood) BETWEEN 1 AND 32),
  PRIMARY KEY (merchant_id, number, said),
  FOREIGN KEY (merchant_id, number) REFERENCES bank_payments (merchant_id, number)
);
CREATE INDEX bank_alarms_newest ON bank_alarms (last_at DESC, merchant_id, number);
GRANT SELECT, INSERT, UPDATE ON bank_alarms TO zhanggui_app;

-- The check payment of a card change, and how often its amount was guessed. A new card rests a day before
-- money is sent to it.
ALTER TABLE settlement_card_changes
  DROP CONSTRAINT settlement_card_changes_state_check,
  DROP CONSTRAINT settlement_card_changes_check,
  ADD COLUMN check_amount smallint NOT NULL DEFAULT 0 CHECK (check_amount BETWEEN 0 AND 99),
  ADD COLUMN check_no text NOT NULL DEFAULT '' CHECK (octet_length(check_no) <= 32),
  ADD COLUMN tries smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 3),
  ADD COLUMN checked_at timestamptz,
  ADD COLUMN reason text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
  ADD CONSTRAINT settlement_card_changes_state_check CHECK (state IN ('requested', 'checking', 'arrived', 'in_use', 'failed', 'cancelled')),
  ADD CONSTRAINT settlement_card_changes_check
    CHECK ((ended_at IS NULL) = (state IN ('requested', 'checking', 'arrived')) AND (ended_at IS NULL) = (ended_by = ''));
DROP INDEX settlement_card_changes_open;
CREATE UNIQUE INDEX settlement_card_changes_open ON settlement_card_changes (merchant_id)
  WHERE state IN ('requested', 'checking', 'arrived');
ALTER TABLE merchants ADD COLUMN payouts_from timestamptz;
