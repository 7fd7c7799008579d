package settlement

import (
	"context"
	"strings"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

// Filter chooses lines; the zero value is all of them.
type Filter struct {
	From, To clock.Day
	State    State
	Before   clock.Day // the last line of the page before
	Limit    int
}

// Refusals of a filter, each beside its field.
var (
	ErrDay    = fault.New("settlement.day")
	ErrSpan   = fault.New("settlement.span").On("from").With("Months", spanMonths)
	ErrState  = fault.New("settlement.state").On("state")
	ErrCursor = fault.New("settlement.cursor").On("cursor")
)

// spanMonths bounds how far from and to may lie apart.
const spanMonths = 12

// ParseFilter reads a filter as it stands in an address.
func ParseFilter(from, to, state, cursor string) (f Filter, err error) {
	var bad fault.Form
	day := func(field, text string) clock.Day {
		if text == "" {
			return ""
		}
		d, err := clock.ParseDay(text)
		if err != nil {
			bad.Add(ErrDay.On(field))
		}
		return d
	}
	f.From, f.To, f.State = day("from", from), day("to", to), State(state)
	if f.From != "" && f.To != "" && len(bad) == 0 && (f.To < f.From || f.To.Start().After(f.From.Start().AddDate(0, spanMonths, 0))) {
		bad.Add(ErrSpan)
	}
	if state != "" && !f.State.Known() {
		bad.Add(ErrState)
	}
	if cursor != "" {
		if f.Before, err = clock.ParseDay(cursor); err != nil {
			bad.Add(ErrCursor)
		}
	}
	return f, bad.Err()
}

// List is a merchant's settlement record, newest first, and whether more follow.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter) ([]Shown, bool, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	return list(ctx, q, s.Merchant(), f)
}

// Standing is how a merchant is settled, and how far a settlement that runs is.
type Standing struct {
	System      merchant.System
	Cycle       merchant.Cycle
	Bank        string // of the card in use
	Tail        string
	PayoutsFrom *time.Time // nothing is paid to the card before; nil: it is
	Done        int64      // orders done of those that are due
	Total       int64      // 0: none runs
}

// Stand reads it.
func Stand(ctx context.Context, q db.Querier, s access.Scope) (Standing, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return Standing{}, err
	}
	return standing(ctx, q, s.Merchant())
}

// Look reads one of the merchant's lines for its page; none is fault.ErrNotFound.
func Look(ctx context.Context, q db.Querier, s access.Scope, day clock.Day) (Shown, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return Shown{}, err
	}
	return Read(ctx, q, s.Merchant(), day)
}

// OrdersOf lists the orders of one of the merchant's lines.
func OrdersOf(ctx context.Context, q db.Querier, s access.Scope, day clock.Day, after Place, limit int) ([]Counted, bool, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	return Orders(ctx, q, s.Merchant(), day, after, limit)
}

// Place is an order's place in its line.
type Place struct {
	Time time.Time
	No   string
}

func (p Place) at() *time.Time {
	if p.No == "" {
		return nil
	}
	return &p.Time
}

// String writes the place for an address.
func (p Place) String() string {
	return p.Time.UTC().Format(time.RFC3339Nano) + "_" + p.No
}

// ParsePlace reads what String writes; empty is the beginning.
func ParsePlace(text string) (p Place, err error) {
	if text == "" {
		return p, nil
	}
	at, no, ok := strings.Cut(text, "_")
	if p.Time, err = time.Parse(time.RFC3339Nano, at); err != nil || !ok || no == "" || len(no) > 64 || strings.ContainsRune(no, 0) {
		return Place{}, ErrCursor
	}
	p.No = no
	return p, nil
}
