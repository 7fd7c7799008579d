-- +goose Up
-- Who confirmed a file is who pays by it, whoever uploaded it: its payments name them, and nobody else.
ALTER TABLE payment_files
  ADD COLUMN confirmer_id uuid,
  ADD COLUMN confirmer text NOT NULL DEFAULT '' CHECK (char_length(confirmer) <= 64),
  ADD COLUMN confirmed_from text NOT NULL DEFAULT '' CHECK (octet_length(confirmed_from) <= 45);
UPDATE payment_files SET confirmer_id = account_id, confirmer = actor, confirmed_from = address WHERE confirmed_at IS NOT NULL;
ALTER TABLE payment_files ADD CHECK ((confirmed_at IS NULL) = (confirmer_id IS NULL) AND (confirmed_at IS NULL) = (confirmer = '')
  AND (confirmed_at IS NULL) = (confirmed_from = ''));
