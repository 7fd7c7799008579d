package product

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

// State is where a product stands for a merchant. Words: "product.state." + code.
type State string

// The states. Refused is an opening's; the product itself is then not open.
const (
	NotOpen   State = "not_open"
	Reviewing State = "reviewing"
	Open      State = "open"
	Closed    State = "closed"
	Refused   State = "refused"
)

// States lists those of openings, in the order of the operators' filter.
var States = []State{Reviewing, Open, Refused, Closed}

// moves are all there are.
var moves = map[State][]State{Reviewing: {Open, Refused}, Open: {Closed}}

// ReasonMax bounds why an opening was refused, in characters.
const ReasonMax = 200

// Opening is one time that a product was asked for.
type Opening struct {
	Merchant     int64
	N            int64 // counts within the merchant
	Code         Code
	State        State
	AskedBy      string // who signed
	AskerID      *uuid.UUID
	AskedAt      time.Time
	Confirmation *uuid.UUID
	Agreement    // as it was signed
	SignedHash   string
	DecidedBy    string // the operator
	DecidedAt    *time.Time
	Reason       string // why it was refused
	OpenedAt     *time.Time
	ClosedBy     string
	ClosedAt     *time.Time
}

// numberTail is how many digits of the merchant's own count end a number.
const numberTail = 8

// No is the opening's number: merchant, business day, 25, and the merchant's own count.
func (o Opening) No() string {
	return fmt.Sprintf("%d%s25%0*d", o.Merchant, strings.ReplaceAll(clock.DayOf(o.AskedAt).String(), "-", ""), numberTail, o.N)
}

// place reads merchant and count out of a number; zeroes for what cannot be one.
func place(no string) (merchant, n int64) {
	const length = 10 + 8 + 2 + numberTail
	if len(no) != length {
		return 0, 0
	}
	m, err1 := strconv.ParseInt(no[:10], 10, 64)
	n, err2 := strconv.ParseInt(no[length-numberTail:], 10, 64)
	if err1 != nil || err2 != nil || n < 0 || m < 0 {
		return 0, 0
	}
	return m, n
}

// move takes the opening to another state. Anything but the moves above refuses.
func (o *Opening) move(to State) error {
	if !slices.Contains(moves[o.State], to) {
		return ErrState
	}
	o.State = to
	return nil
}

// Refusals.
var (
	ErrOpen      = fault.New("product.already_open")
	ErrReviewing = fault.New("product.reviewing")
	ErrUnmet     = fault.New("product.unmet")
	ErrOwn       = fault.New("product.own")        // the operator is who asked
	ErrAskerGone = fault.New("product.asker_gone") // who asked could not ask any more
	ErrAgreement = fault.New("product.agreement")
	ErrConsent   = fault.New("product.consent").On("consent")
	ErrLasting   = fault.New("product.lasting")
	ErrState     = fault.New("product.state")
	ErrReason    = fault.New("product.reason").On("reason").With("Max", ReasonMax)
)

// Item is a product as it stands for one merchant.
type Item struct {
	Declaration
	Merchant   merchant.Merchant
	Conditions []Condition
	Last       *Opening // the newest; nil: it was never asked for
}

// State is where it stands.
func (i Item) State() State {
	switch {
	case i.Last == nil || i.Last.State == Refused:
		return NotOpen
	default:
		return i.Last.State
	}
}

// Met tells whether all conditions hold.
func (i Item) Met() bool { return met(i.Conditions) }

// refusal says why the product cannot be asked for; nil: it can.
func (i Item) refusal() error {
	switch {
	case i.State() == Open:
		return ErrOpen
	case i.State() == Reviewing:
		return ErrReviewing
	case !i.Met():
		return ErrUnmet
	}
	return nil
}
