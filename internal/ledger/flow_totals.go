package ledger

import "zhanggui/internal/money"

// FlowTotalsMax is how many rows are summed one by one; beyond it a list says "more than".
const FlowTotalsMax = 10_000

// FlowTotals are the sums over all rows of a filter, not only a page. With Capped there are more than
// FlowTotalsMax of them and no sums.
type FlowTotals struct {
	Ins, Outs           int64
	InAmount, OutAmount money.Fen
	Opening, Closing    money.Fen // at the ends of the span, of all accounts that are meant together
	Capped              bool
}

// Count is how many rows there are.
func (t FlowTotals) Count() int64 { return t.Ins + t.Outs }

// capped takes back what was only looked at to see that there is too much.
func (t FlowTotals) capped(f FlowFilter) FlowTotals {
	if f.inDays() || t.Count() <= FlowTotalsMax {
		return t
	}
	return FlowTotals{Opening: t.Opening, Closing: t.Closing, Capped: true}
}
