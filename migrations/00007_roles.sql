-- +goose Up
-- Members and roles: roles of a merchant's own, places of its members, the handing over of the super
-- admin's role, and asking for a permission.

-- A role made of named permissions. What a permission means, and which no such role can hold, the
-- program knows: a name it does not know gives nothing. Codes are never used again. The number bounds
-- how many there are.
CREATE TABLE roles (
  merchant_id  bigint NOT NULL REFERENCES merchants (merchant_id),
  code         text NOT NULL CHECK (code ~ '^r[2-9a-z]{8}$'),
  number       smallint NOT NULL CHECK (number BETWEEN 1 AND 50),
  name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 64),
  permissions  text[] NOT NULL CHECK (cardinality(permissions) BETWEEN 1 AND 100),
  changed_by   text NOT NULL,
  changed_at   timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, code),
  UNIQUE (merchant_id, number)
);
CREATE UNIQUE INDEX roles_name ON roles (merchant_id, lower(name));
GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO zhanggui_app;

-- Members that may come in have a place each; a suspended one gives it back.
ALTER TABLE login_accounts ADD COLUMN place smallint CHECK (place BETWEEN 1 AND 200);
UPDATE login_accounts a SET place = n.place FROM (
  SELECT merchant_id, id, row_number() OVER (PARTITION BY merchant_id ORDER BY created_at, id) AS place
  FROM login_accounts WHERE state = 'active') n
  WHERE n.merchant_id = a.merchant_id AND n.id = a.id;
ALTER TABLE login_accounts ADD CHECK (state = 'suspended' OR place IS NOT NULL);
CREATE UNIQUE INDEX login_accounts_place ON login_accounts (merchant_id, place);
CREATE INDEX login_accounts_newest ON login_accounts (merchant_id, created_at DESC, id DESC);
CREATE INDEX account_roles_role ON account_roles (merchant_id, role);

-- The super admin hands the role over: asked on one phone, answered on the other.
CREATE TABLE handovers (
  merchant_id  bigint NOT NULL,
  id           uuid NOT NULL,
  from_id      uuid NOT NULL,
  to_id        uuid NOT NULL,
  keeps        text[] NOT NULL CHECK (cardinality(keeps) BETWEEN 1 AND 55 AND NOT 'super_admin' = ANY (keeps)),
  asked_at     timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL CHECK (lapses_at > asked_at),
  state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused', 'lapsed', 'withdrawn', 'undone')),
  reason       text NOT NULL DEFAULT '' CHECK (length(reason) <= 64),
  answered_at  timestamptz CHECK ((answered_at IS NULL) = (state = 'waiting')),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, from_id) REFERENCES login_accounts (merchant_id, id),
  FOREIGN KEY (merchant_id, to_id) REFERENCES login_accounts (merchant_id, id),
  CHECK (from_id <> to_id)
);
CREATE UNIQUE INDEX handovers_waiting ON handovers (merchant_id) WHERE state = 'waiting';
CREATE INDEX handovers_id ON handovers (id);
CREATE INDEX handovers_newest ON handovers (merchant_id, asked_at DESC);
GRANT SELECT, INSERT, UPDATE ON handovers TO zhanggui_app;

-- A member asks for a permission, once a business day for each.
CREATE TABLE permission_requests (
  merchant_id  bigint NOT NULL,
  id           uuid NOT NULL,
  account_id   uuid NOT NULL,
  permission   text NOT NULL CHECK (length(permission) BETWEEN 1 AND 64),
  day          date NOT NULL,
  asked_at     timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, account_id) REFERENCES login_accounts (merchant_id, id)
);
CREATE UNIQUE INDEX permission_requests_day ON permission_requests (merchant_id, account_id, permission, day);
CREATE INDEX permission_requests_id ON permission_requests (id);
GRANT SELECT, INSERT ON permission_requests TO zhanggui_app;
