package bill

import (
	"fmt"
	"slices"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Row is the row Next found. It is overwritten by the next call.
func (r *Reader) Row() *Row { return &r.row }

// Err is what kept the source from being read; not a refusal.
func (r *Reader) Err() error {
	if r.lines.err != nil {
		return fmt.Errorf("read bill: %w", r.lines.err)
	}
	return nil
}

// Refused are the faults, the first FaultsMax with their lines, and how many there were in all.
func (r *Reader) Refused() (fault.Form, int) { return r.faults, r.faultLines }

// Layout is known after the first Next.
func (r *Reader) Layout() Layout { return r.head.layout }

// Bytes is how much of the file was read.
func (r *Reader) Bytes() int64 { return r.lines.bytes }

// Own are the sums over the rows read.
func (r *Reader) Own() Totals { return r.own }

// Summary are the sums the file itself states.
func (r *Reader) Summary() Totals { return r.summary.Totals }

// FeeDifference is what rounding fees to fen row by row adds to the file's own fee sum.
func (r *Reader) FeeDifference() Fee {
	if !r.summary.has[sumFee] {
		return 0
	}
	return r.rounded.Fee - r.summary.Fee
}

// BookedFee is the sum of fees as they are booked.
func (r *Reader) BookedFee() money.Fen { return r.rounded.Fee.Round() }

// OtherColumns are columns of the file that nobody knows; they are left alone.
func (r *Reader) OtherColumns() []string { return r.head.others }

// Unknown are the words of the file that no list knows, with how often they stood there.
func (r *Reader) Unknown() Unknown { return r.unknown }

// unknownMax bounds the different words that are counted one by one.
const unknownMax = 20

// Unknown counts words by what they were meant to be: "trade_state=PAUSED" → 3.
type Unknown map[string]int64

func (u *Unknown) note(r *Row) {
	u.check("trade_state", r.TradeState, TradeStates)
	u.check("trade_type", r.TradeType, TradeTypes)
	if r.IsRefund() {
		u.check("refund_state", r.RefundState, RefundStates)
		if r.RefundType != "" {
			u.check("refund_type", r.RefundType, RefundTypes)
		}
	}
}

func (u *Unknown) check(kind, word string, known []string) {
	if slices.Contains(known, word) {
		return
	}
	if *u == nil {
		*u = Unknown{}
	}
	key := kind + "=" + word
	if _, counted := (*u)[key]; !counted && len(*u) >= unknownMax {
		key = kind + "=…"
	}
	(*u)[key]++
}
