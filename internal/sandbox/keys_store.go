package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// forget is how long a dead code or token is still known, so that its second use can be named.
const forget = 24 * time.Hour

type code struct {
	Code, Person, Scope string
	Expires             time.Time
}

type token struct {
	Token, Kind, Person, Scope string
	Expires                    time.Time
}

func (s store) addCode(ctx context.Context, c code, now time.Time) error {
	return s.db.InTx(ctx, func(tx db.Tx) error {
		if _, err := tx.PG().Exec(ctx, `DELETE FROM sandbox.codes WHERE expires_at < $1`, now.Add(-forget)); err != nil {
			return fmt.Errorf("old codes: %w", err)
		}
		_, err := tx.PG().Exec(ctx, `INSERT INTO sandbox.codes (code, person, scope, expires_at) VALUES ($1, $2, $3, $4)`,
			c.Code, c.Person, c.Scope, c.Expires)
		return err
	})
}

// errCodeUsed tells a code that was good once from one that never was.
var errCodeUsed, errCodeUnknown = errors.New("code used"), errors.New("code unknown or over")

// useCode spends a code for a token. Of any number at once exactly one succeeds: the row is marked only
// where it is unmarked. check may still refuse who asks; then the code stays unspent.
func (s store) useCode(ctx context.Context, value string, now time.Time, check func(code) error, issue func(code) []token) error {
	return s.db.InTx(ctx, func(tx db.Tx) error {
		c := code{Code: value}
		err := tx.PG().QueryRow(ctx, `
			UPDATE sandbox.codes SET used_at = $2 WHERE code = $1 AND used_at IS NULL AND expires_at > $2
			RETURNING person, scope`, value, now).Scan(&c.Person, &c.Scope)
		if errors.Is(err, pgx.ErrNoRows) {
			return whyNotUsable(ctx, tx, value)
		}
		if err != nil {
			return fmt.Errorf("use code: %w", err)
		}
		if err := check(c); err != nil {
			return err
		}
		return addTokens(ctx, tx, issue(c), now)
	})
}

func whyNotUsable(ctx context.Context, tx db.Tx, value string) error {
	var used bool
	err := tx.PG().QueryRow(ctx, `SELECT used_at IS NOT NULL FROM sandbox.codes WHERE code = $1`, value).Scan(&used)
	if err == nil && used {
		return errCodeUsed
	}
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		return errCodeUnknown
	}
	return fmt.Errorf("code: %w", err)
}

func addTokens(ctx context.Context, tx db.Tx, tokens []token, now time.Time) error {
	if _, err := tx.PG().Exec(ctx, `DELETE FROM sandbox.tokens WHERE expires_at < $1`, now.Add(-forget)); err != nil {
		return fmt.Errorf("old tokens: %w", err)
	}
	for _, t := range tokens {
		_, err := tx.PG().Exec(ctx, `
			INSERT INTO sandbox.tokens (token, kind, person, scope, expires_at) VALUES ($1, $2, nullif($3, ''), $4, $5)`,
			t.Token, t.Kind, t.Person, t.Scope, t.Expires)
		if err != nil {
			return fmt.Errorf("token: %w", err)
		}
	}
	return nil
}

// token finds one of a kind, also when its time is over; an unknown one is the zero value.
func (s store) token(ctx context.Context, kind, value string) (token, error) {
	t := token{Token: value, Kind: kind}
	err := s.db.PG().QueryRow(ctx, `
		SELECT coalesce(person, ''), scope, expires_at FROM sandbox.tokens WHERE kind = $1 AND token = $2`,
		kind, value).Scan(&t.Person, &t.Scope, &t.Expires)
	if errors.Is(err, pgx.ErrNoRows) {
		return token{}, nil
	}
	return t, err
}

// addToken issues one token on its own.
func (s store) addToken(ctx context.Context, t token, now time.Time) error {
	return s.db.InTx(ctx, func(tx db.Tx) error { return addTokens(ctx, tx, []token{t}, now) })
}

// accountToken returns the official account's token that is still alive at keep, or puts fresh in its
// place; whatever else is alive then ends at overlap. Two at once may each get one: both work.
func (s store) accountToken(ctx context.Context, fresh token, keep, overlap, now time.Time) (token, error) {
	got := fresh
	err := s.db.InTx(ctx, func(tx db.Tx) error {
		err := tx.PG().QueryRow(ctx, `
			SELECT token, expires_at FROM sandbox.tokens WHERE kind = 'account' AND expires_at > $1
			ORDER BY expires_at DESC LIMIT 1`, keep).Scan(&got.Token, &got.Expires)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if _, err := tx.PG().Exec(ctx, `
			UPDATE sandbox.tokens SET expires_at = $1 WHERE kind = 'account' AND expires_at > $1`, overlap); err != nil {
			return fmt.Errorf("end old tokens: %w", err)
		}
		got = fresh
		return addTokens(ctx, tx, []token{fresh}, now)
	})
	return got, err
}
