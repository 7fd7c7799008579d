package withdrawal

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// PageSizes are the sizes a page of the list can have; the first is the usual.
var PageSizes = []int{20, 50, 100}

// Filter chooses withdrawals; the zero value is all of them.
type Filter struct {
	State    State
	Account  ledger.Account
	Kind     Kind
	No       string // of the withdrawal, or the merchant's own
	From, To clock.Day
	Before   int64 // cursor: those whose own count is smaller
}

var noForm = regexp.MustCompile(`^[0-9A-Za-z]{0,64}$`)

// ParseFilter reads the address; every field that is wrong is named.
func ParseFilter(asked func(string) string) (Filter, error) {
	var bad fault.Form
	f := Filter{State: State(asked("status")), Account: ledger.Account(asked(FieldAccount)), Kind: Kind(asked("kind")), No: asked("no")}
	if f.State != "" && !f.State.Known() {
		bad.Add(fault.New("withdrawal.no_state").On("status"))
	}
	if f.Account != "" && !withdrawable(f.Account) {
		bad.Add(ErrAccount)
	}
	if f.Kind != "" && !f.Kind.known() {
		bad.Add(fault.New("withdrawal.no_kind").On("kind"))
	}
	if !noForm.MatchString(f.No) {
		bad.Add(fault.New("withdrawal.no_number").On("no"))
	}
	f.From, f.To = dayOf(asked, "from", &bad), dayOf(asked, "to", &bad)
	if f.From != "" && f.To != "" && f.To < f.From {
		bad.Add(fault.New("withdrawal.days").On("to"))
	}
	if text := asked("cursor"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			bad.Add(fault.New("trade.page_cursor").On("cursor"))
		}
		f.Before = n
	}
	return f, bad.Err()
}

// dayOf reads a day of the address; empty is none.
func dayOf(asked func(string) string, field string, bad *fault.Form) clock.Day {
	text := asked(field)
	if text == "" {
		return ""
	}
	d, err := clock.ParseDay(text)
	if err != nil {
		bad.Add(fault.New("withdrawal.date").On(field))
	}
	return d
}

// Cursor names the last withdrawal of a page.
func Cursor(rows []Withdrawal) string {
	return strconv.FormatInt(rows[len(rows)-1].N, 10)
}

// List reads withdrawals of the merchant, newest first, and whether more follow.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter, size int) ([]Withdrawal, bool, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	return list(ctx, q, s.Merchant(), f, size)
}

// Shown is a withdrawal with what its page says about it.
type Shown struct {
	Withdrawal

	Bank, Tail string // of the card it goes to
	SentAt     *time.Time
	EndedAt    *time.Time
	BackAt     *time.Time
	Rest       *time.Time // nothing is paid to the card before; nil: it is
	FlowNo     string     // its line of the books
	BackNo     string     // the line of the money that came back
	Waiting    bool       // not yet handed in
}

// Get reads one withdrawal of the merchant; none is fault.ErrNotFound.
func Get(ctx context.Context, q db.Querier, s access.Scope, no string) (Shown, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return Shown{}, err
	}
	return get(ctx, q, s.Merchant(), no)
}

// Source is an account that can be withdrawn from.
type Source struct {
	Account ledger.Account
	Balance money.Fen
}

// Preview is what a withdrawal would bring.
type Preview struct {
	Sources    []Source
	Bank, Tail string
	Rest       *time.Time // nothing is paid to the card before; nil: it is
	Promised   clock.Day
}

// Prepare reads what can be withdrawn, and when it would arrive.
func Prepare(ctx context.Context, q db.Querier, s access.Scope, now time.Time) (p Preview, err error) {
	if err = s.Require(access.FundsRead); err != nil {
		return p, err
	}
	if p.Sources, p.Bank, p.Tail, p.Rest, err = prepare(ctx, q, s.Merchant()); err != nil {
		return p, err
	}
	cal, err := calendar.Load(ctx, q, now)
	from := now
	if p.Rest != nil && p.Rest.After(now) {
		from = *p.Rest
	} else {
		p.Rest = nil
	}
	p.Promised = promise(cal, Manual, clock.DayOf(from))
	return p, err
}

// Of is the balance of a source.
func (p Preview) Of(a ledger.Account) (money.Fen, bool) {
	for _, s := range p.Sources {
		if s.Account == a {
			return s.Balance, true
		}
	}
	return 0, false
}

// Check refuses what cannot be withdrawn as things stand.
func (p Preview) Check(ask Params) error {
	left, open := p.Of(ask.Account)
	if !open {
		return ErrAccount
	}
	if ask.Amount > left {
		return short(ask.Account, ask.Amount, left)
	}
	return nil
}
