// Package home reads what the first page says besides the takings: on what terms the merchant is
// settled, who its super admin is, what waits for the reader, and the newest messages. It decides what
// counts as waiting, and shows nobody what they may not do something about. It writes nothing.
package home

import (
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/inbox"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/rollout"
)

// Limits of the page's lists.
const (
	MessagesMax = 5
	ImportsMax  = 3
)

// importsKept is how long a file that was not imported is spoken of.
const importsKept = 72 * time.Hour

// View is the page's own reading.
type View struct {
	Cycle     merchant.Cycle
	Admin     string // the super admin's name, masked; empty when there is none
	Imports   []Import
	Bindings  Bindings
	Approvals Approvals
	Security  int // unread messages about security
	Messages  []inbox.Row
	Money     *Money // nil: the reader may not see funds
	Upgrade   bool   // the account upgrade is offered, and the reader may take it
}

// offer is what decides about the upgrade.
type offer struct {
	System     merchant.System
	Percentage int
	Paused     bool
	Salt       []byte
	Listed     rollout.Listing
}

// to tells whether the upgrade is offered to a merchant that can sign in.
func (o offer) to(id int64, cycle merchant.Cycle) bool {
	r := rollout.Rollout{Percentage: o.Percentage, Paused: o.Paused, Salt: o.Salt}
	return r.Judge(rollout.Merchant{ID: id, System: o.System, Cycle: cycle, Listed: o.Listed}) == rollout.Offered
}

// Money is what the books say about today and yesterday.
type Money struct {
	System   merchant.System
	Balances map[ledger.Account]money.Fen
	Days     []DaySum // yesterday's and today's
	Low      []Low    // balances below what somebody wants to be told of
	Line     *Line    // the newest settlement line of a legacy merchant; nil: there is none
}

// Line is a day's orders on their way to the bank.
type Line struct {
	Day    clock.Day
	State  string // of settlement lines
	Net    money.Fen
	PayDay clock.Day // when the bank gets it; empty: it does not
}

// Stuck tells whether the bank could not pay the line.
func (l Line) Stuck() bool { return l.State == "returned" || l.State == "failed" }

// DaySum is what a kind of line brought and took on a day.
type DaySum struct {
	Day     clock.Day
	Account ledger.Account
	Row     ledger.RowType
	In, Out money.Fen
}

// Low is an account that stands below its threshold.
type Low struct {
	Account   ledger.Account
	Threshold money.Fen
}

// Settled is what a day's orders brought onto the basic account, before fees.
func (m Money) Settled(day clock.Day) money.Fen {
	in, _ := m.sum(day, ledger.Basic, ledger.RowTrade)
	return in
}

// Fees are what was charged on a day, less what was given back.
func (m Money) Fees(day clock.Day) money.Fen {
	charged, undone := m.sum(day, ledger.FeeIncome, ledger.RowFeeCharged)
	more, returned := m.sum(day, ledger.FeeIncome, ledger.RowFeeReturned)
	return charged + more - undone - returned
}

func (m Money) sum(day clock.Day, a ledger.Account, row ledger.RowType) (in, out money.Fen) {
	for _, d := range m.Days {
		if d.Day == day && d.Account == a && d.Row == row {
			in, out = in+d.In, out+d.Out
		}
	}
	return in, out
}

// Import is a bill that is being imported, or that was not imported and waits to be mended.
type Import struct {
	ID    uuid.UUID `json:"id"`
	File  string    `json:"file"`
	Ended bool      `json:"ended"`
}

// Approvals are requests of others that wait for the reader's answer.
type Approvals struct {
	Count int        `json:"count"`
	First *time.Time `json:"first"` // when the first of them lapses
}

// Bindings are employees who wait for the super admin; only the super admin hears of them.
type Bindings struct {
	Count int        `json:"count"`
	First *time.Time `json:"first"` // when the first of them lapses
}
