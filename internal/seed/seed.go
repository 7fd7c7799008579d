// Package seed fills the demo: the cast of merchants and people, and their orders, day by day through
// the real importer with a business clock of its own. The same demo comes out on the same day.
// A seed that was interrupted goes on where it stopped.
package seed

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/vault"
)

// How far back the orders go: a year for the shop with the most, some weeks for the others.
const (
	yearDays  = 365
	weeksDays = 35
)

// Parts are what the seed works with. Clock is the seed's own; it ends at the business clock's now.
type Parts struct {
	DB    *db.DB
	Vault *vault.Vault
	Gate  func(clock.Clock) *identity.Gate // the way in, at the seed's time
	Now   time.Time
}

// Cast opens the merchants and makes the login accounts, members' and operators', bound where the cast
// says so.
func Cast(ctx context.Context, p Parts) error {
	opened := clock.At(clock.DayOf(p.Now).Add(-yearDays - 30).Start().Add(10 * time.Hour))
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
	return operators(ctx, p, gate, opened.Now())
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

// Orders imports a bill for each day up to yesterday.
func Orders(ctx context.Context, p Parts) error {
	began, rows := clock.Wall(), 0
	today := clock.DayOf(p.Now)
	now := clock.At(p.Now)
	for back := yearDays; back > 0; back-- {
		day := today.Add(-back)
		now.Set(day.Next().Start().Add(10 * time.Hour)) // bills come the next morning
		if now.Now().After(p.Now) {
			now.Set(p.Now)
		}
		for _, f := range files(today, day) {
			n, err := f.load(ctx, trade.Deps{DB: p.DB, Clock: now}, day)
			if err != nil {
				return fmt.Errorf("seed %s of %d: %w", day, f.merchant, err)
			}
			rows += n
		}
	}
	slog.InfoContext(ctx, "demo orders are there", "rows", rows, "took", clock.Wall().Sub(began).Round(time.Millisecond))
	return nil
}

// file is one merchant's bill; a service provider's holds its sub-merchants' shops.
type file struct {
	merchant int64
	first    clock.Day
	shops    []shop
}

// files are the bills of a day.
func files(today, day clock.Day) []file {
	var all []file
	for _, s := range shops {
		first, owner := today.Add(-weeksDays), s.merchant
		if s.merchant == shops[0].merchant {
			first = today.Add(-yearDays)
		}
		if s.provider != 0 {
			owner = s.provider
		}
		if day < first {
			continue
		}
		if n := len(all); n > 0 && all[n-1].merchant == owner {
			all[n-1].shops = append(all[n-1].shops, s)
			continue
		}
		all = append(all, file{merchant: owner, first: first, shops: []shop{s}})
	}
	return all
}

// load writes the bill and imports it, unless an earlier start did.
func (f file) load(ctx context.Context, d trade.Deps, day clock.Day) (rows int, err error) {
	done, err := seeded(ctx, d.DB, f.merchant, day)
	if err != nil || done {
		return 0, err
	}
	var raw bytes.Buffer
	w := bill.NewWriter(&raw, bill.All)
	for _, s := range f.shops {
		for _, r := range rowsOf(s, day, f.first) {
			w.Write(&r)
			rows++
		}
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	i, err := trade.ImportFile(ctx, d, access.Job(f.merchant, access.System), trade.File{
		Name: fmt.Sprintf("tradebill-%d-%s.csv", f.merchant, day), Size: int64(raw.Len()), Body: bytes.NewReader(raw.Bytes()),
	}, nil)
	if err != nil {
		return 0, fmt.Errorf("%w: %v", err, i.Report.Faults)
	}
	return rows, markSeeded(ctx, d.DB, f.merchant, day)
}
