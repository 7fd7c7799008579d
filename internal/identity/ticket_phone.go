package identity

import (
	"context"
	"errors"
	"time"

	"zhanggui/internal/db"
)

// step is what a phone does to a ticket that is held for it. A refusal it returns changes nothing.
type step func(tx db.Tx, t *ticket, seats []seat, now time.Time) error

// onPhone runs a step of the WeChat openid on the ticket of a token (hashed): the step, its audit row and
// the signal to the desktop in one transaction. A refusal is audited in that transaction, too.
func (g *Gate) onPhone(ctx context.Context, tokenHash []byte, openid, name string, do step) (Ask, error) {
	var ask Ask
	var refusal error
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		t, err := lockTicket(ctx, tx, tokenHash)
		if err != nil {
			return err
		}
		before := t
		seats, err := g.seatsFor(ctx, tx, t, openid)
		if err != nil {
			return err
		}
		refusal = do(tx, &t, seats, g.clock.Now())
		if refusal != nil && !refused(refusal) {
			return refusal
		}
		if err := g.keepStep(ctx, tx, before, &t, seats, name, refusal); err != nil {
			return err
		}
		ask = g.toPhone(ctx, t, openid, seats)
		return nil
	})
	if err == nil {
		err = refusal
	}
	return ask, err
}

// keepStep writes down what a step did or why it was refused. Looking again writes nothing.
func (g *Gate) keepStep(ctx context.Context, tx db.Tx, before ticket, t *ticket, seats []seat, name string, refusal error) error {
	if refusal != nil {
		*t = before
		t.Contested = before.Contested || errors.Is(refusal, ErrTicketTaken)
	}
	reason := refusal
	if reason == nil && t.Reason != before.Reason {
		reason = reasonOf(t.Reason)
	}
	changed := t.State != before.State || t.Contested != before.Contested || t.Consent != before.Consent
	if changed {
		if err := saveTicket(ctx, tx, before.State, *t); err != nil {
			return err
		}
	}
	if !changed && refusal == nil {
		return nil
	}
	return g.trail(ctx, tx, t.step(name, seats), reason)
}

// seatsFor lists whom the WeChat may answer for: to sign in, the seats it is bound to; to bind, the
// seat the ticket was opened for.
func (g *Gate) seatsFor(ctx context.Context, tx db.Tx, t ticket, openid string) ([]seat, error) {
	if t.OpenID != "" && t.OpenID != openid {
		return nil, nil // somebody else's ticket: refused, whoever it is
	}
	if t.Purpose == SignIn {
		return seatsOf(ctx, tx.PG(), openid, t.Platform)
	}
	s, err := seatOf(ctx, tx.PG(), t.MerchantID, t.AccountID)
	return []seat{s}, err
}

// toPhone is what the WeChat that holds the ticket sees of it; any other sees nothing.
func (g *Gate) toPhone(ctx context.Context, t ticket, openid string, seats []seat) Ask {
	if openid == "" || t.OpenID != openid {
		return Ask{}
	}
	a := Ask{Purpose: t.Purpose, State: t.shown(g.clock.Now()), Reason: t.Reason,
		Browser: BrowserWords(ctx, t.Agent), Address: t.Address, MadeAt: t.MadeAt, ExpiresAt: t.ExpiresAt}
	for _, s := range seats {
		open := t.State == Scanned && !s.Suspended
		if open || s.MerchantID == t.MerchantID && s.AccountID == t.AccountID {
			a.Seats = append(a.Seats, SeatChoice{Mchid: s.MerchantID, ShortName: s.ShortName,
				LegalName: s.LegalName, Login: s.login(), NameMasked: s.NameMasked})
		}
	}
	if a.State == Scanned {
		for _, n := range t.Choices {
			a.Numbers = append(a.Numbers, int(n))
		}
	}
	return a
}
