-- +goose Up
-- The demo's months are led through once: until when, and how far they have come.
CREATE TABLE sandbox.seed (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  until  timestamptz NOT NULL,
  day    date NOT NULL,
  done   boolean NOT NULL DEFAULT false
);
GRANT SELECT, INSERT, UPDATE ON sandbox.seed TO zhanggui_app;
