package ledger

import "zhanggui/internal/money"

// FlowTotalsMax is how many rows are summed one by one; beyond it a list says "more than".
const FlowTotalsMax = 10_000

// FlowLookMax is how many rows are looked at for those of an amount, which no index knows: as many as are
// summed, so that no page waits for more.
const FlowLookMax = FlowTotalsMax

// FlowTotals are the sums over all rows of a filter, not only a page. With Capped there are more than
// FlowTotalsMax of them and no sums.
type FlowTotals struct {
	Ins, Outs           int64
	InAmount, OutAmount money.Fen
	Opening, Closing    money.Fen // at the ends of the span, of all accounts that are meant together; none of a part of its rows
	Looked              int64     // rows looked at for those of an amount; 0: no amount was asked for
	Capped              bool
}

// Partly tells whether the sums are only of the newest FlowLookMax rows that were looked at.
func (t FlowTotals) Partly() bool { return t.Looked > FlowLookMax }

// Count is how many rows there are.
func (t FlowTotals) Count() int64 { return t.Ins + t.Outs }

// capped takes back what was only looked at to see that there is too much.
func (t FlowTotals) capped(f FlowFilter) FlowTotals {
	switch {
	case f.inDays():
		return t
	case t.Count() > FlowTotalsMax:
		return FlowTotals{Opening: t.Opening, Closing: t.Closing, Capped: true}
	}
	t.Capped = t.Partly()
	return t
}
