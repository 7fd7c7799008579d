// Package topup decides how money that a merchant sends from its own bank comes onto its accounts: which
// account a transfer is for, what its number is, and which announced transfer it fulfils. A merchant may
// announce a transfer; nothing moves until the bank says that the money is there, and what the bank says
// is booked once, announced or not.
//
// It refuses money for numbers that are no merchant's and for accounts that are not open, and a second
// word of the bank about one transfer that differs from the first; what it refuses is kept for operators.
package topup

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
)

// Limits of a top-up.
const (
	AmountMax   money.Fen = 100_000_000_000 // 10 亿 yuan
	waitingMax            = 100             // announced and not yet there, of one merchant
	waitingLife           = 15 * 24 * time.Hour
	textMax               = 64 // characters of a name that the bank gives
	numberTail            = 8  // digits of the merchant's own count at the end of a number
)

// State is where a top-up stands. Words: "topup.state." + code.
type State string

// The states. Lapsed is a waiting one whose time is over; the table keeps it as waiting.
const (
	Waiting   State = "waiting"
	Arrived   State = "arrived"
	Lapsed    State = "lapsed"
	Unmatched State = "unmatched" // it came without a reference of ours, and is booked all the same
)

// States lists all in the order of the filter.
var States = []State{Waiting, Arrived, Lapsed, Unmatched}

// Wire is the state as JSON writes it.
func (s State) Wire() string {
	return map[State]string{Waiting: "WAITING", Arrived: "ARRIVED", Lapsed: "EXPIRED", Unmatched: "UNMATCHED"}[s]
}

// TopUp is a transfer that was announced, or came.
type TopUp struct {
	Merchant   int64
	N          int64 // counts within the merchant
	Amount     money.Fen
	Account    ledger.Account
	State      State
	Reference  string
	AskedBy    string // login@mchid; empty: nobody announced it
	AskerID    *uuid.UUID
	CreatedAt  time.Time
	LapsesAt   *time.Time
	ArrivedAt  *time.Time
	TransferID *int64
	Seq        *int64 // its line's place in the account
	TransferNo string // the bank's
	PayerName  string
	Bank       string
}

// No is the top-up's number: merchant, business day, 20, and the merchant's own count.
func (t TopUp) No() string { return number(t.Merchant, clock.DayOf(t.CreatedAt), t.N) }

func number(merchant int64, day clock.Day, n int64) string {
	return fmt.Sprintf("%d%s20%0*d", merchant, strings.ReplaceAll(day.String(), "-", ""), numberTail, n)
}

// count reads the merchant's own count out of a number; 0 for what cannot be one.
func count(no string) int64 {
	if len(no) <= numberTail {
		return 0
	}
	n, err := strconv.ParseInt(no[len(no)-numberTail:], 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// FlowNo is the number of the line of the books; empty while nothing came.
func (t TopUp) FlowNo() string {
	if t.Seq == nil || t.ArrivedAt == nil {
		return ""
	}
	return ledger.FlowNo(t.Merchant, t.Account, clock.DayOf(*t.ArrivedAt), *t.Seq)
}

// Refusals.
var (
	ErrUnknown    = fault.New("topup.unknown_merchant")
	ErrNotOpen    = fault.New("topup.not_open").On("account")
	ErrContradict = fault.New("topup.contradiction")
	ErrOther      = fault.New("topup.other") // the form was sent before with other values
	ErrMalformed  = fault.New("topup.malformed")
	ErrAmount     = fault.New("topup.amount").On("amount").With("Max", AmountMax.String())
	ErrTooMany    = fault.New("topup.too_many").With("Max", waitingMax)
	ErrState      = fault.New("topup.state").On("state")
)

// Deps are what the verbs need.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock // business time
	Gate  *identity.Gate
}

// Accounts are those that a merchant can send money to: first the one that money is meant for usually.
func Accounts(m merchant.Merchant, open map[ledger.Account]money.Fen) []ledger.Account {
	all := []ledger.Account{ledger.Basic, ledger.Operation}
	if m.System == merchant.Legacy {
		all = []ledger.Account{ledger.Available}
	}
	return slices.DeleteFunc(all, func(a ledger.Account) bool {
		_, is := open[a]
		return !is
	})
}

// digits of the accounts in references; for ever.
var digits = map[ledger.Account]string{ledger.Available: "1", ledger.Basic: "2", ledger.Operation: "3"}

// Reference is what the payer writes beside a transfer, so that the bank's word can be told to belong to
// the account: merchant, account and two check digits. It stays the same for ever.
func Reference(merchant int64, a ledger.Account) string {
	text := strconv.FormatInt(merchant, 10) + digits[a]
	n, _ := strconv.ParseInt(text, 10, 64)
	return fmt.Sprintf("%s%02d", text, 98-n*100%97) // ISO 7064, 97-10: one digit wrong or two exchanged is noticed
}

// Grouped is a reference as people read it out.
func Grouped(reference string) string {
	var parts []string
	for len(reference) > 4 {
		parts, reference = append(parts, reference[:4]), reference[4:]
	}
	return strings.Join(append(parts, reference), " ")
}

// bare is a reference without what people put between its digits.
func bare(reference string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, reference)
}
