package alert

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Setting is an alert as a member wants it.
type Setting struct {
	Account   ledger.Account
	Threshold money.Fen
	Watchers  []uuid.UUID
	From      audit.From
}

// ParseSetting reads the form of an account; every field that is wrong is named.
func ParseSetting(a ledger.Account, threshold string, watchers []string) (Setting, error) {
	var f fault.Form
	set := Setting{Account: a}
	amount, err := money.Parse(strings.TrimSpace(threshold))
	if set.Threshold = amount; err != nil || amount <= 0 || amount > ThresholdMax {
		f.Add(ErrThreshold)
	}
	for _, text := range watchers {
		id, err := uuid.Parse(text)
		if err != nil {
			f.Add(ErrWatchers)
			break
		}
		if !slices.Contains(set.Watchers, id) {
			set.Watchers = append(set.Watchers, id)
		}
	}
	switch n := len(set.Watchers); {
	case n == 0 && len(watchers) == 0:
		f.Add(ErrNobody)
	case n > WatchersMax:
		f.Add(ErrWatchers)
	}
	return set, f.Err()
}

// People are the active members who can be told of a balance.
func (d Deps) People(ctx context.Context, q db.Querier, s access.Scope) ([]identity.Standing, error) {
	if err := s.Require(access.FundsAlert); err != nil {
		return nil, err
	}
	return d.people(ctx, q, s.Merchant())
}

func (d Deps) people(ctx context.Context, q db.Querier, merchant int64) ([]identity.Standing, error) {
	all, err := d.Gate.Active(ctx, q, merchant)
	return slices.DeleteFunc(all, func(m identity.Standing) bool { return !m.Seat.Holds(access.FundsRead) }), err
}

// Set sets the alert of an account. Another threshold begins anew: a balance that is below it is told.
func (d Deps) Set(ctx context.Context, tx db.Tx, s access.Scope, set Setting) error {
	people, err := d.People(ctx, tx.PG(), s)
	if err != nil {
		return err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil { // no account closes meanwhile
		return err
	}
	for _, id := range set.Watchers {
		if !slices.ContainsFunc(people, func(m identity.Standing) bool { return m.Seat.Account == id }) {
			return ErrWatchers
		}
	}
	open, err := ledger.Balances(ctx, tx.PG(), s.Merchant())
	if err != nil {
		return err
	}
	if _, ok := open[set.Account]; !ok || !Watched(set.Account) {
		return fault.ErrNotFound
	}
	now := d.Clock.Now()
	if err := save(ctx, tx, s, set, now); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account, Action: "alert.set",
		Object: string(set.Account), Outcome: audit.Done, From: set.From, At: now,
		Details: map[string]any{"threshold": set.Threshold, "watchers": len(set.Watchers)}})
}

// Remove ends the alert of an account; fault.ErrNotFound where there is none.
func (d Deps) Remove(ctx context.Context, tx db.Tx, s access.Scope, a ledger.Account, from audit.From) error {
	if err := s.Require(access.FundsAlert); err != nil {
		return err
	}
	found, err := remove(ctx, tx, s.Merchant(), a)
	switch {
	case err != nil:
		return err
	case !found:
		return fault.ErrNotFound
	}
	return audit.Write(ctx, tx, audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account, Action: "alert.remove",
		Object: string(a), Outcome: audit.Done, From: from, At: d.Clock.Now()})
}
