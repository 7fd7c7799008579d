// Package transfer pays a merchant's money to people's WeChat: enterprise payments, one by one or a file of
// them. It decides who may be paid how much and how often, which account pays, what the channel's answers
// mean, and where money returns that did not arrive.
//
// It refuses amounts and sums above the limits, a second payment under one number with other facts, what the
// paying account cannot cover (no other account stands in), and to believe the channel where it contradicts
// itself. It never guesses what became of a payment: an answer that did not come is asked for under the same
// number, and money returns only once it is certain that it did not leave.
package transfer

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
	"zhanggui/internal/vault"
)

// Path is where enterprise payments are seen.
const Path = "/marketing/transfers"

// Limits of enterprise payments; the day is the business day on which a payment was accepted.
const (
	AmountMin   money.Fen = 30
	PayeeDayMax money.Fen = 500_000    // to one payee
	DayMax      money.Fen = 10_000_000 // by the merchant
	PayeeTimes            = 10         // payments to one payee a day
	Apart                 = 15 * time.Second

	NumberMax  = 32  // characters of a merchant's own number
	OpenIDMax  = 64  // characters
	NameMax    = 64  // bytes of a payee's name
	DescMax    = 100 // bytes
	AddressMax = 45
	ManyMax    = 500 // asks in one transaction
)

// CheckName says whether the payee's verified name must be the one given.
type CheckName string

// The checks. A payee without a verified name is refused by either.
const (
	NoCheck    CheckName = "NO_CHECK"
	ForceCheck CheckName = "FORCE_CHECK"
)

// State is where a payment stands. Words: "transfer.state." + code.
type State string

// The states.
const (
	Waiting    State = "waiting"    // accepted, not yet sent
	Processing State = "processing" // sent, and nobody knows yet what became of it
	Success    State = "success"
	Failed     State = "failed" // the money is back
)

// States lists them in the order of the filter.
var States = []State{Waiting, Processing, Success, Failed}

// Known tells whether the state is one of ours.
func (s State) Known() bool {
	for _, k := range States {
		if s == k {
			return true
		}
	}
	return false
}

// Ended tells whether nothing more will happen.
func (s State) Ended() bool { return s == Success || s == Failed }

// Wire is the state as the machine formats write it: they know no waiting.
func (s State) Wire() string {
	if s == Waiting {
		s = Processing
	}
	return strings.ToUpper(string(s))
}

// Payment is one enterprise payment.
type Payment struct {
	Merchant    int64
	N           int64 // counts within the merchant
	Amount      money.Fen
	MadeAt      time.Time
	DueAt       *time.Time // when there is next something to do
	SentAt      *time.Time
	TriedAt     *time.Time // when it was sent last
	EndedAt     *time.Time
	AccountID   *uuid.UUID // of whoever made it
	FileID      *uuid.UUID
	Day         clock.Day // its limits count on
	FileLine    *int32
	Turns       int32 // how often the channel was asked
	State       State
	PaidFrom    ledger.Account
	ReturnedTo  ledger.Account // of a failed one
	Check       CheckName
	Number      string // the merchant's own
	OpenID      string
	Masked      string // the payee's name, as it may be shown
	Description string
	Address     string // from where it was asked for
	Actor       string
	PaymentNo   string // the channel's
	Code        string // why it failed, in the channel's codes or ours
	Reason      string // the channel's words for it
	name        []byte // sealed
}

// No is the number under which the channel knows the payment: merchant, business day, 40, and the merchant's
// own count.
func (p Payment) No() string { return number(p.Merchant, p.Day, p.N) }

const (
	numberMark = "40"
	numberTail = 8 // digits of the merchant's own count
	numberSize = 28
	mchidSize  = 10
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

// owner reads the merchant out of a number; 0 for what cannot be one.
func owner(no string) int64 {
	if count(no) == 0 {
		return 0
	}
	m, err := strconv.ParseInt(no[:mchidSize], 10, 64)
	if err != nil {
		return 0
	}
	return m
}

// Refusals.
var (
	ErrNumber      = fault.New("transfer.number").On(FieldNumber).With("Max", NumberMax)
	ErrOpenID      = fault.New("transfer.openid").On(FieldOpenID).With("Max", OpenIDMax)
	ErrName        = fault.New("transfer.name").On(FieldName).With("Max", NameMax)
	ErrNameMissing = fault.New("transfer.name_missing").On(FieldName)
	ErrCheck       = fault.New("transfer.check").On(FieldCheck)
	ErrAmount      = fault.New("transfer.amount").On(FieldAmount).With("Min", AmountMin.String()).With("Max", PayeeDayMax.String())
	ErrDesc        = fault.New("transfer.desc").On(FieldDesc).With("Max", DescMax)
	ErrAddress     = fault.New("transfer.address")

	ErrOther      = fault.New("transfer.other").On(FieldNumber) // the number paid something else
	ErrDay        = fault.New("transfer.day").On(FieldAmount).With("Max", DayMax.String())
	ErrPayeeDay   = fault.New("transfer.payee_day").On(FieldAmount).With("Max", PayeeDayMax.String())
	ErrPayeeTimes = fault.New("transfer.payee_times").On(FieldOpenID).With("Max", PayeeTimes)
	ErrTooSoon    = fault.New("transfer.too_soon").On(FieldOpenID).With("Seconds", int(Apart/time.Second))
	ErrProduct    = fault.New("transfer.product") // not opened
)

// Deps are what enterprise payments need.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock // business time
	Vault   *vault.Vault
	Channel Channel
	Gate    *identity.Gate // tells people
}

// Register says which of the work is done by whom.
func (d Deps) Register(r *job.Registry) {
	r.Handle(WorkKind, d.Work)
	r.Handle(FileKind, d.PayFile)
	r.Daily(SweepKind, SweepAt, d.Sweep)
}
