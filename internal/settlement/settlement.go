// Package settlement decides when what was paid becomes the merchant's own. An upgraded merchant's orders
// go to its basic account one by one; a legacy merchant's orders of a day go to its bank in one line, on
// the next working day. It decides the fee of each order, what of the pool of unsettled money is due, and
// what the bank's answers mean; it carries a line with nothing left into the next one.
//
// It refuses a second settlement of an order, a second line of a day, a second payment of a line while one
// is open, and to believe the bank where it contradicts itself. It never guesses what became of a payment:
// an answer that did not come is asked for under the same number.
package settlement

import (
	"slices"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/job"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/vault"
)

// chunk is how many orders are settled in one transaction: a merchant's other moves wait that long.
const chunk = 5000

// CutAt is when the lines of legacy merchants are cut on working days, after midnight: late enough for the
// night's imports, early enough for the bank's day.
const CutAt = 9 * time.Hour

// State is where a line stands. Words: "settlement.state." + code.
type State string

// The states of a line. An upgraded merchant's is Settled from its first order on.
const (
	Settled   State = "settled"
	Cutting   State = "cutting" // orders are being counted into it
	Cut       State = "cut"     // waits to be sent to the bank
	Sent      State = "sent"
	Paid      State = "paid"
	Failed    State = "failed"   // the bank did not pay
	Returned  State = "returned" // the bank paid, and the money came back
	Credited  State = "credited" // came back after the upgrade: it went to BASIC
	Carried   State = "carried"  // nothing was left for the bank; its sums are in a later line
	Cancelled State = "cancelled"
)

// States lists the states in the order filters show them.
var States = []State{Settled, Cutting, Cut, Sent, Paid, Failed, Returned, Credited, Carried, Cancelled}

// StatesOf lists those that lines of a merchant can stand in; an upgraded one has its lines of before, too.
func StatesOf(system merchant.System) []State {
	if system == merchant.Upgraded {
		return States
	}
	return slices.DeleteFunc(slices.Clone(States), func(s State) bool { return s == Settled || s == Credited })
}

// Known tells whether the state is one of ours.
func (s State) Known() bool {
	for _, k := range States {
		if s == k {
			return true
		}
	}
	return false
}

// Owed tells whether the line's net still stands on T_SETTLE.
func (s State) Owed() bool { return s == Cut || s == Sent || s == Failed || s == Returned }

// Line is a day of the settlement record. Of a legacy merchant it is the orders paid on that day; of an
// upgraded one, what went to BASIC on it.
type Line struct {
	Day     clock.Day
	System  merchant.System
	State   State
	Count   int64
	Gross   money.Fen // settle amounts of its orders
	Refunds money.Fen // refunded of them before they were settled
	Taken   money.Fen // what the pool has less: refunds of settled orders and claims, less fees given back
	Fee     money.Fen // of its orders

	CarriedPool money.Fen // brought in from lines before
	CarriedFee  money.Fen
	Net         money.Fen // what goes to the bank, or to BASIC

	BegunAt time.Time
	CutAt   *time.Time
	CutDay  clock.Day // the working day that cut it; empty: not yet
	PayDay  clock.Day // when it is expected at the bank
	IntoDay clock.Day // the line that took it over, of a carried one
	BatchNo string
	BankNo  string // number of its newest payment
}

// own is what the line's orders are worth.
func (l Line) own() money.Fen { return l.Gross - l.Refunds }

// pool is what the line takes out of UNSETTLED.
func (l Line) pool() money.Fen { return l.own() - l.Taken + l.CarriedPool }

// fees is what of that is fee.
func (l Line) fees() money.Fen { return l.Fee + l.CarriedFee }

// Deducted is what was refunded on the line's account, before and since: with it gross − refunds − fee = net.
func (l Line) Deducted() money.Fen { return l.Refunds + l.Taken - l.CarriedPool }

// Fees is what was charged on the line's account.
func (l Line) Fees() money.Fen { return l.fees() }

// ErrCutting says that a cut is running: what needs it at rest comes again.
var ErrCutting = fault.New("settlement.cutting")

// Deps are what settlement needs.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock // business time
	Vault *vault.Vault
	Gate  *identity.Gate // tells people
}

// Register says which of settlement's work is done by whom.
func (d Deps) Register(r *job.Registry) {
	r.Handle(DueKind, d.SettleDue)
	r.Handle(CutKind, d.CutToday)
	r.Daily(DayKind, CutAt, d.Day)
}
