package identity

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// Session reads who sits at the desktop, with rights, merchants and unread count, in one query. It
// refuses with ErrNoSession: unknown, ended, idle or too old; and with ErrSuspended, which also ends
// it. When the stored verdict no longer fits the person, the session narrows to the binding.
func (g *Gate) Session(ctx context.Context, secret string) (Session, error) {
	if secret == "" {
		return Session{}, ErrNoSession
	}
	s, err := readSitting(ctx, g.db.PG(), hashed(secret), g.wall.Now())
	if err != nil {
		return Session{}, err
	}
	if s.Suspended {
		return Session{}, g.endRefused(ctx, s, ErrSuspended)
	}
	if s.Stage == Full && s.OpenID == "" {
		return Session{}, g.endRefused(ctx, s, ErrNoSession)
	}
	if s.Stage == Full {
		if err := g.recheck(ctx, &s); err != nil {
			return Session{}, err
		}
	}
	return s.view(), nil
}

// recheck compares the stored verdict with the person of today, on every request.
func (g *Gate) recheck(ctx context.Context, s *sitting) error {
	fits, err := g.bound(s.seat)
	if err != nil || fits {
		return err
	}
	s.Stage = ToBinding
	return g.db.InTx(ctx, func(tx db.Tx) error {
		first, err := toBinding(ctx, tx, s.Handle)
		if err != nil || !first {
			return err
		}
		return g.trail(ctx, tx, s.by("session.recheck", audit.From{Session: s.Handle.String()}), ErrRecheck)
	})
}

// endRefused ends a session that may not go on, and returns why.
func (g *Gate) endRefused(ctx context.Context, s sitting, why error) error {
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		ended, err := endSession(ctx, tx, s.seat.MerchantID, s.seat.AccountID, s.Handle)
		if err != nil || !ended {
			return err
		}
		return g.trail(ctx, tx, s.by("session.end", audit.From{Session: s.Handle.String()}), why)
	})
	if err != nil {
		return err
	}
	return why
}

func (s sitting) view() Session {
	v := Session{Handle: s.Handle, Stage: s.Stage, Login: s.login(), NameMasked: s.NameMasked,
		Seat:     access.Seat{Merchant: s.seat.MerchantID, Provider: s.Provider, Account: s.seat.AccountID, Name: s.login()},
		Merchant: MerchantRef{Mchid: s.seat.MerchantID, ShortName: s.ShortName, LegalName: s.LegalName, Kind: s.kind, System: s.system},
		Unread:   s.unread, Data: s.data, MadeAt: s.MadeAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt}
	if s.Stage == Full {
		v.Seat.Roles, v.Seat.Custom, v.Others = s.Roles, s.Custom, s.others
	}
	if s.platform() {
		v.Others = nil
	}
	return v
}
