-- +goose Up
-- How far the demo's seed has come, so that a start after a crash goes on where it stopped.
CREATE TABLE sandbox.seeded_days (
  merchant_id  bigint NOT NULL,
  day          date NOT NULL,
  PRIMARY KEY (merchant_id, day)
);
GRANT SELECT, INSERT ON sandbox.seeded_days TO zhanggui_app;
