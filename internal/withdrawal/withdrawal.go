// Package withdrawal takes a merchant's money out to its settlement card: by hand, and every morning by itself.
// It decides what can be taken from which account, how much the morning's run takes and what it leaves, when
// money is expected at the bank, and where it returns that did not stay there.
//
// It refuses what the account cannot cover, accounts that cannot be withdrawn from, a second withdrawal under
// one number with other facts, and a second run of one business day. It never guesses what became of money:
// what the bank says, or does not say, is package payout's.
package withdrawal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Path is where withdrawals are seen, AutomaticPath where the morning's run is set.
const (
	Path          = "/funds/withdrawals"
	AutomaticPath = Path + "/automatic"
)

// Limits of a withdrawal; of texts in characters.
const (
	AmountMin   money.Fen = 1
	AmountMax   money.Fen = 80_000_000_000 // 8 亿 yuan
	RetainedMax money.Fen = 100_000_000_000
	NumberMax             = 32
	RemarkMax             = 56
	MemoMax               = 32
	ManyMax               = 500 // asks in one transaction
)

// State is where a withdrawal stands, as the machine formats write it. Words: "withdrawal.state." + code.
type State string

// The states.
const (
	Made     State = "INIT"
	Accepted State = "CREATE_SUCCESS" // the bank has it
	Paid     State = "SUCCESS"
	Failed   State = "FAIL"
	Returned State = "REFUND" // it was paid, and came back
	Closed   State = "CLOSE"
)

// States lists them in the order of the filter.
var States = []State{Made, Accepted, Paid, Failed, Returned, Closed}

// Known tells whether the state is one of ours.
func (s State) Known() bool {
	for _, k := range States {
		if s == k {
			return true
		}
	}
	return false
}

// Open tells whether the money is on its way.
func (s State) Open() bool { return s == Made || s == Accepted }

// Kind is who made a withdrawal. Words: "withdrawal.kind." + code.
type Kind string

// The kinds.
const (
	Manual    Kind = "manual"
	Automatic Kind = "automatic"
	API       Kind = "api"
)

func (k Kind) known() bool { return k == Manual || k == Automatic || k == API }

// Reasons of our own; whatever else stands in a reason is the bank's words. Words: "withdrawal.reason." + code.
const (
	ReasonRetained  = "below_retained" // the morning's run had nothing to take
	ReasonSuspended = "suspended"      // nothing is taken for a merchant that operators suspended
	ReasonClosed    = "closed"         // taken back before it was handed in
)

// Accounts are those that can be withdrawn from, in the order forms show them.
var Accounts = []ledger.Account{ledger.Basic, ledger.Operation, ledger.Available}

// Withdrawal is one withdrawal. One of nothing is a morning's run that left everything where it is.
type Withdrawal struct {
	Merchant   int64
	N          int64 // counts within the merchant
	Amount     money.Fen
	MadeAt     time.Time
	MovedAt    time.Time // when its state changed last
	AccountID  *uuid.UUID
	Day        clock.Day // business day on which it was made
	Promised   clock.Day // expected at the bank; empty: nothing is
	Kind       Kind
	State      State
	Account    ledger.Account
	ReturnedTo ledger.Account
	RequestNo  string // out_request_no: the merchant's own, or the number
	Remark     string
	Memo       string // on the bank's statement
	Actor      string // login@mchid, or system
	Reason     string
}

// No is its number: merchant, business day, 60, and the merchant's own count.
func (w Withdrawal) No() string { return number(w.Merchant, w.Day, w.N) }

// BankNo is the number under which the bank knows it.
func (w Withdrawal) BankNo() string { return bankMark + w.No() }

// Skipped tells whether it is a run that took nothing.
func (w Withdrawal) Skipped() bool { return w.Amount == 0 }

const (
	bankMark   = "W"
	numberMark = "60"
	numberTail = 8 // digits of the merchant's own count
	numberSize = 28
)

func number(merchant int64, day clock.Day, n int64) string {
	return fmt.Sprintf("%d%s%s%0*d", merchant, strings.ReplaceAll(day.String(), "-", ""), numberMark, numberTail, n)
}

// count reads the merchant's own count out of a number; 0 for what cannot be one.
func count(no string) int64 {
	if len(no) != numberSize || no[numberSize-numberTail-2:numberSize-numberTail] != numberMark {
		return 0
	}
	n, err := strconv.ParseInt(no[numberSize-numberTail:], 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Numbered tells whether a text is a number as withdrawals have it.
func Numbered(no string) bool { return count(no) > 0 }

// Refusals.
var (
	ErrAmount   = fault.New("withdrawal.amount").On(FieldAmount).With("Min", AmountMin.String()).With("Max", AmountMax.String())
	ErrAccount  = fault.New("withdrawal.account").On(FieldAccount)
	ErrNumber   = fault.New("withdrawal.number").On("out_request_no").With("Max", NumberMax)
	ErrRemark   = fault.New("withdrawal.remark").On(FieldRemark).With("Max", RemarkMax)
	ErrMemo     = fault.New("withdrawal.memo").On(FieldMemo).With("Max", MemoMax)
	ErrRetained = fault.New("withdrawal.retained").On(FieldRetained).With("Max", RetainedMax.String())
	ErrOther    = fault.New("withdrawal.other").On("out_request_no") // the number withdrew something else
	ErrLegacy   = fault.New("withdrawal.legacy")                     // nothing is automatic before the upgrade
	ErrProduct  = fault.New("withdrawal.product")
	ErrAtBank   = fault.New("withdrawal.at_bank") // the bank may have it: it cannot be taken back
)

// Deps are what withdrawals need.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock // business time
	Gate  *identity.Gate
}

// Register says which of the work is done by whom.
func (d Deps) Register(r *job.Registry) {
	r.Handle(RunKind, d.Run)
	r.Daily(MorningKind, MorningAt, d.Morning)
}
