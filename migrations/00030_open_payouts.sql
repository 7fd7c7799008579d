-- +goose Up
-- What is open is looked through every day, for what nobody works on.
CREATE INDEX bank_payments_under_way ON bank_payments (merchant_id, number) WHERE state IN ('waiting', 'sending', 'sent');

-- +goose Down
DROP INDEX bank_payments_under_way;
