package identity

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// Password is the first way in of a new login account: name@mchid and the initial password lead to
// the binding of a WeChat and to nothing else. It refuses with ErrPasswordWrong, in the same words
// and time for unknown accounts, wrong passwords and accounts that sign in by WeChat already; with
// ErrTooManyTries after ten tries of an account in 15 minutes; and with ErrSuspended.
func (g *Gate) Password(ctx context.Context, login, password string, b Browser) (Session, string, error) {
	b = b.tidy()
	name, merchant, ok := splitLogin(login)
	if !ok || len(password) > passwordMax || (merchant == access.PlatformID) != b.Platform {
		return Session{}, "", ErrPasswordWrong.On("login")
	}
	subject := "password:" + fullLogin(name, merchant)
	n, err := bump(ctx, g.db.PG(), subject, passwordWindow, g.wall.Now())
	if err != nil {
		return Session{}, "", err
	}
	a, err := findLogin(ctx, g.db, merchant, name)
	if err != nil {
		return Session{}, "", err
	}
	if n > g.limits.PasswordTries {
		first := n == g.limits.PasswordTries+1
		return Session{}, "", firstOf(g.tellTries(ctx, a, b, first), g.refuseLogin(ctx, a, fullLogin(name, merchant), b, ErrTooManyTries))
	}
	fits, err := g.passwordFits(ctx, a.PasswordHash, password) // no connection is held meanwhile
	if err != nil {
		return Session{}, "", err
	}
	if !fits {
		return Session{}, "", g.refuseLogin(ctx, a, fullLogin(name, merchant), b, ErrPasswordWrong.On("login"))
	}
	secret, err := g.enterByPassword(ctx, a, b, subject)
	if err != nil {
		return Session{}, "", err
	}
	s, err := g.Session(ctx, secret)
	return s, secret, err
}

func (g *Gate) enterByPassword(ctx context.Context, a account, b Browser, subject string) (string, error) {
	var secret string
	var refusal error
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		s, err := lockSeat(ctx, tx, a.MerchantID, a.ID)
		if err != nil {
			return err
		}
		switch {
		case s.Suspended:
			refusal = ErrSuspended
		case s.OpenID != "": // bound while the password was being compared
			refusal = ErrPasswordWrong.On("login")
		}
		if refusal != nil {
			return g.trail(ctx, tx, s.by("signin.password", b.from()), refusal)
		}
		if err := forget(ctx, tx.PG(), subject); err != nil {
			return err
		}
		secret, err = g.begin(ctx, tx, beginning{seat: s, stage: ToBinding, browser: b, action: "signin.password"})
		return err
	})
	return secret, firstOf(err, refusal)
}

// refuseLogin audits a refused password and returns why. Tries at accounts that do not exist are
// kept, too, with the platform's own rows: they take the same time, and somebody is looking for names.
func (g *Gate) refuseLogin(ctx context.Context, a account, login string, b Browser, why error) error {
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		e := audit.Entry{Merchant: a.MerchantID, Actor: login, Account: a.ID, Action: "signin.password", From: b.from()}
		return g.trail(ctx, tx, e, why)
	})
	return firstOf(err, why)
}
