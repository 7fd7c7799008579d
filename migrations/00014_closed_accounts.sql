-- +goose Up
-- An account that was given up, as AVAILABLE is at the upgrade: its lines stay, nothing is booked on it any more.
ALTER TABLE accounts ADD COLUMN closed_at timestamptz;
ALTER TABLE accounts ADD CHECK (closed_at IS NULL OR balance = 0);
