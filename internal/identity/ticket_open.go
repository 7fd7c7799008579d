package identity

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

// Ticket is what the desktop that shows it may know: nothing of the phone but what it decided.
type Ticket struct {
	ID        uuid.UUID
	Token     string // goes into the QR code's link
	Purpose   Purpose
	State     State
	Reason    string // fault code: why it was refused, failed, or leads to binding again
	Number    int    // to be shown beside the code
	Contested bool   // another WeChat tried to scan it, too, and was refused
	ExpiresAt time.Time
	Mchid     int64 // once the phone confirmed: where the browser comes in
	ShortName string
}

// Topic is the signal that a ticket changed.
func Topic(id uuid.UUID) string { return "ticket:" + id.String() }

var errNoCookie = errors.New("identity: a browser without its pre-login secret")

// OpenTicket shows a new code to the browser: for signing in, or for the seat that is to be bound.
// It refuses with ErrTooManyTickets by address and fault.ErrBusy when everyone comes at once; a
// binding with ErrCardFirst, ErrAlreadyBound, ErrRequestWaiting.
func (g *Gate) OpenTicket(ctx context.Context, b Browser, p Purpose, target *BindingSeat) (Ticket, error) {
	b = b.tidy()
	if b.Secret == "" {
		return Ticket{}, errNoCookie
	}
	if (p == Binding) != (target != nil) || target != nil && target.platform() != b.Platform {
		return Ticket{}, fault.ErrNotFound
	}
	if !g.opening.AllowN(g.wall.Now(), 1) {
		return Ticket{}, fault.ErrBusy
	}
	t, err := g.draw(b, p, target)
	if err != nil {
		return Ticket{}, err
	}
	err = g.db.InTx(ctx, func(tx db.Tx) error {
		if err := g.admit(ctx, tx, b.Address); err != nil {
			return err
		}
		if target != nil {
			if err := g.mayBind(ctx, tx, *target); err != nil {
				return err
			}
		}
		return insertTicket(ctx, tx, t)
	})
	if err != nil {
		return Ticket{}, err
	}
	return g.toDesktop(ctx, t, b)
}

// draw makes the ticket's row.
func (g *Gate) draw(b Browser, p Purpose, target *BindingSeat) (ticket, error) {
	shown, choices, err := drawNumbers(g.rand)
	if err != nil {
		return ticket{}, err
	}
	now, id := g.clock.Now(), db.NewID()
	t := ticket{ID: id, TokenHash: hashed(g.token(id, b)), BrowserHash: hashed(b.Secret), Purpose: p,
		State: Waiting, Number: shown, Choices: choices, Platform: b.Platform, Address: b.Address, Agent: b.Agent,
		MadeAt: now, ExpiresAt: now.Add(ticketLife)}
	if target != nil {
		t.MerchantID, t.AccountID = target.merchant, target.account
	}
	return t, nil
}

// token is made of the ticket and its browser's secret, so the same browser can show the same code
// again while the database knows only a hash. Without our key nobody can compute it.
func (g *Gate) token(id uuid.UUID, b Browser) string {
	return base64.RawURLEncoding.EncodeToString(g.vault.MAC("ticket", id.String(), b.Secret))
}

// admit counts the opening against the limits of its address. The counter's row is held until the
// ticket stands, so openings of one address come one after another and the count is exact.
func (g *Gate) admit(ctx context.Context, tx db.Tx, address string) error {
	n, err := bump(ctx, tx.PG(), "ticket:"+address, ticketWindow, g.wall.Now())
	if err != nil {
		return err
	}
	waiting, err := waitingTickets(ctx, tx, address, g.clock.Now())
	if err != nil {
		return err
	}
	if n > g.limits.TicketsPerMinute || waiting >= int64(g.limits.TicketsWaiting) {
		return ErrTooManyTickets
	}
	return nil
}

// Ticket reads a ticket for the browser that shows it; to every other it does not exist.
func (g *Gate) Ticket(ctx context.Context, id uuid.UUID, b Browser) (Ticket, error) {
	found, err := readTickets(ctx, g.db.PG(), []uuid.UUID{id})
	if err != nil {
		return Ticket{}, err
	}
	return g.shownTo(ctx, found[id], b)
}

// LatestTicket reads the youngest ticket this browser opened, so that a page shown again shows the
// same code again; fault.ErrNotFound when there is none.
func (g *Gate) LatestTicket(ctx context.Context, b Browser, p Purpose) (Ticket, error) {
	t, err := latestTicket(ctx, g.db, b, p)
	if err != nil {
		return Ticket{}, err
	}
	return g.toDesktop(ctx, t, b)
}

func (g *Gate) toDesktop(ctx context.Context, t ticket, b Browser) (Ticket, error) {
	n := named{ticket: t}
	if (t.State == Confirmed || t.State == Redeemed) && !t.Platform {
		m, err := merchant.Get(ctx, g.db.PG(), t.MerchantID)
		if err != nil {
			return Ticket{}, err
		}
		n.ShortName = m.ShortName
	}
	return g.shownTo(ctx, n, b)
}

// shownTo is the ticket as its own browser may know it; to every other it does not exist.
func (g *Gate) shownTo(ctx context.Context, t named, b Browser) (Ticket, error) {
	if !t.shownBy(b) {
		return Ticket{}, fault.ErrNotFound
	}
	view := Ticket{ID: t.ID, Token: g.token(t.ID, b), Purpose: t.Purpose, State: t.shown(g.clock.Now()),
		Reason: t.Reason, Number: t.Number, Contested: t.Contested, ExpiresAt: t.ExpiresAt}
	switch {
	case view.State != Confirmed && view.State != Redeemed:
	case t.Platform:
		view.ShortName = PlatformName(ctx)
	default:
		view.Mchid, view.ShortName = t.MerchantID, t.ShortName
	}
	return view, nil
}
