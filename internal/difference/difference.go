// Package difference keeps what the channel said against what stands: a payment that ended two ways, an
// amount that is not the one that was asked for. It decides nothing and moves no money; whoever hears such a
// thing leaves everything as it is and raises it here, and operators look into it.
//
// The same said again of the same number only counts.
package difference

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Operation is what the channel was asked to do. Words: "difference.operation." + code.
type Operation string

// The operations.
const (
	Settlement Operation = "settlement"
	Payout     Operation = "payout" // a withdrawal
	Check      Operation = "check"  // of a new settlement card
	Transfer   Operation = "transfer"
	Refund     Operation = "refund"
	RedPacket  Operation = "red_packet"
)

// Operations lists them in the order filters show them.
var Operations = []Operation{Settlement, Payout, Check, Transfer, Refund, RedPacket}

// Known tells whether the operation is one of ours.
func (o Operation) Known() bool {
	for _, k := range Operations {
		if o == k {
			return true
		}
	}
	return false
}

// Difference is what the channel said of a number against what stands. What is said in codes has words under
// "difference.word." + code, and an amount under "difference.amount"; anything else is shown as it is.
type Difference struct {
	Merchant  int64
	Name      string // the merchant's short name; only where it is read
	Operation Operation
	Number    string
	Said      string // at most 32 bytes
	Stood     string // at most 32 bytes
	Times     int64
	FirstAt   time.Time
	LastAt    time.Time
}

// amountMark stands before an amount that is not the one that was asked for.
const amountMark = "AMOUNT "

// Amount is what is said of another amount than was asked for.
func Amount(said money.Fen) string { return amountMark + said.Plain() }

// AmountIn reads the amount out of what Amount makes.
func AmountIn(said string) (amount string, ok bool) { return strings.CutPrefix(said, amountMark) }

// WordMax bounds what was said and what stood, in bytes.
const WordMax = 32

var errRaise = errors.New("difference: not one that can be kept")

// Raise writes down, in the transaction that heard it, that the channel contradicts what stands.
func Raise(ctx context.Context, tx db.Tx, m int64, o Operation, number, said, stood string, at time.Time) error {
	if !o.Known() || number == "" || said == "" || stood == "" || len(said) > WordMax || len(stood) > WordMax {
		return fmt.Errorf("%w: %s of %s %s", errRaise, said, o, number)
	}
	return raise(ctx, tx, m, o, number, said, stood, at)
}

// Filter chooses differences; the zero value is all.
type Filter struct {
	Operation Operation
	Before    Spot
	Limit     int
}

// Spot is a place in the list: the newest said first.
type Spot struct {
	At     time.Time
	Number string
	Said   string
}

// ErrCursor refuses a place that is none.
var ErrCursor = fault.New("difference.cursor").On("cursor")

// String writes the place for an address.
func (s Spot) String() string {
	if s.Number == "" {
		return ""
	}
	return s.At.UTC().Format(time.RFC3339Nano) + "_" + s.Number + "_" + s.Said
}

// ParseSpot reads what String writes; empty is the beginning.
func ParseSpot(text string) (s Spot, err error) {
	if text == "" {
		return s, nil
	}
	parts := strings.SplitN(text, "_", 3)
	if len(parts) != 3 || parts[1] == "" || strings.ContainsRune(text, 0) {
		return Spot{}, ErrCursor
	}
	if s.At, err = time.Parse(time.RFC3339Nano, parts[0]); err != nil {
		return Spot{}, ErrCursor
	}
	s.Number, s.Said = parts[1], parts[2]
	return s, nil
}

// List reads differences of all merchants, the last said first, and whether more follow.
func List(ctx context.Context, q db.Querier, p access.Platform, f Filter) ([]Difference, bool, error) {
	if err := p.Require(access.OpsBooksRead); err != nil {
		return nil, false, err
	}
	return list(ctx, q, f)
}
