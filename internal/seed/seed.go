// Package seed fills the demo: the cast of merchants and people, and their business, led day by day through
// the product's own verbs with a business clock of its own: payments come in, bills are imported, trades are
// settled, days are closed. The same demo comes out on the same day. A seed that was interrupted goes on where
// it stopped, and one that is done is never gone on with.
package seed

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/rollout"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/vault"
)

// How far back business goes: DaysMax for the shop with the most, unless less is asked for, some weeks for the others.
const (
	DaysMax   = 365
	DaysMin   = operationDays + 1
	weeksDays = 35
	// How long ago the operations account was opened of the one merchant that has it.
	operationDays = 124
)

// Parts are what the seed works with. Clock is the seed's own; it ends at the business clock's now.
type Parts struct {
	DB    *db.DB
	Vault *vault.Vault
	Gate  func(clock.Clock) *identity.Gate // the way in, at the seed's time
	Sign  ledger.Signer                    // closes days
	// Analyze lets the planner look at what was written.
	Analyze func(ctx context.Context) error
	Now     time.Time
	Days    int // of business before now; 0: DaysMax
}

// since is the first day of business.
func (p Parts) since() clock.Day {
	if p.Days == 0 {
		p.Days = DaysMax
	}
	return clock.DayOf(p.Now).Add(-p.Days)
}

// Cast opens the merchants and makes the login accounts, members' and operators', bound where the cast
// says so.
func Cast(ctx context.Context, p Parts) error {
	if p.Days != 0 && (p.Days < DaysMin || p.Days > DaysMax) {
		return fmt.Errorf("seed: a demo begins with %d to %d days, not %d", DaysMin, DaysMax, p.Days)
	}
	opened := clock.At(clock.DayOf(p.Now).Add(-DaysMax - 30).Start().Add(10 * time.Hour))
	gate := p.Gate(opened)
	for _, m := range sandbox.Merchants {
		opened.Advance(time.Hour)
		err := p.DB.InTx(ctx, func(tx db.Tx) error {
			if _, err := merchant.Get(ctx, tx.PG(), m.ID); err == nil {
				return nil // opened by an earlier start
			}
			if err := merchant.Create(ctx, tx, p.Vault, m.New, opened.Now()); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, m.ID, m.System, opened.Now()); err != nil {
				return err
			}
			return members(ctx, tx, gate, m)
		})
		if err != nil {
			return fmt.Errorf("seed merchant %d: %w", m.ID, err)
		}
	}
	if err := operators(ctx, p, gate, opened.Now()); err != nil {
		return err
	}
	return p.DB.InTx(ctx, func(tx db.Tx) error {
		return rollout.Seed(ctx, tx, access.System.Name, sandbox.RolledOut, rollout.Deps{Clock: opened})
	})
}

func members(ctx context.Context, tx db.Tx, gate *identity.Gate, m sandbox.CastMerchant) error {
	for _, c := range m.Members {
		id, _, err := gate.CreateAccount(ctx, tx, identity.NewAccount{
			Merchant: m.ID, Login: c.Login, Person: c.Holder, Mobile: c.Mobile, Roles: []access.Role{c.Role},
			Actor: access.System, NoPassword: c.Bound, Password: c.Password,
		})
		if err != nil {
			return fmt.Errorf("login account %s: %w", c.Login, err)
		}
		if !c.Bound {
			continue
		}
		if err := gate.BindForSeed(ctx, tx, m.ID, id, sandbox.OpenID(m.AppID, c.Person)); err != nil {
			return fmt.Errorf("bind %s: %w", c.Login, err)
		}
	}
	return nil
}
