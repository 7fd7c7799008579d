package ledger

import (
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// BalanceDays is how many days the balance's chart shows.
const BalanceDays = 30

// Standing is how one account stands, and what came and went.
type Standing struct {
	Account          Account
	Balance          money.Fen
	Used             bool // it ever had an entry, and is not closed
	Today, Yesterday InOut
}

// InOut is what came to an account and went from it.
type InOut struct{ In, Out money.Fen }

// Position is how all accounts of a merchant stand at a moment.
type Position struct {
	Day      clock.Day // the business day of the moment
	Accounts []Standing
}

// Of is how an account stands; one that never had an entry stands at nothing.
func (p Position) Of(a Account) Standing {
	for _, s := range p.Accounts {
		if s.Account == a {
			return s
		}
	}
	return Standing{Account: a}
}

// Own are the accounts that the merchant reads by name and that were ever used, in the order of pages.
func (p Position) Own() (all []Standing) {
	for _, a := range []Account{Basic, Operation, Available, Fees, Unsettled} {
		if s := p.Of(a); s.Used {
			all = append(all, s)
		}
	}
	return all
}

// OnTheWay are the accounts of money in transit and of frozen budgets that hold something.
func (p Position) OnTheWay() (all []Standing) {
	for _, a := range Transit() {
		if s := p.Of(a); s.Balance != 0 {
			all = append(all, s)
		}
	}
	for _, s := range p.Accounts {
		if s.Account.FrozenNumber() != "" && s.Balance != 0 {
			all = append(all, s)
		}
	}
	return all
}

// Owed is what the merchant owes: 待补足.
func (p Position) Owed() money.Fen { return -p.Of(Due).Balance }

// DayEnd is how an account stood at the end of a day; of a day that still runs, how it stands.
type DayEnd struct {
	Day     clock.Day
	Balance money.Fen
}

// momentOr is the first moment behind a second; none is behind all.
func momentOr(asOf time.Time) time.Time {
	if asOf.IsZero() {
		return dayMax.Next().Start()
	}
	return asOf.Truncate(time.Second).Add(time.Second)
}
