package views

import (
	"net/url"
	"slices"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
	"zhanggui/views/ui"
)

// TradeQuery is the filter as it was typed.
type TradeQuery struct {
	No, From, To, State, Type, Min, Max, Sub string
	Size                                     int
}

// TradeQueryOf is the filter as an address has it.
func TradeQueryOf(v url.Values) TradeQuery {
	return TradeQuery{No: v.Get(trade.FieldNumber), From: v.Get(trade.FieldFrom), To: v.Get(trade.FieldTo),
		State: v.Get(trade.FieldState), Type: v.Get(trade.FieldType), Min: v.Get(trade.FieldMin),
		Max: v.Get(trade.FieldMax), Sub: v.Get(trade.FieldSub), Size: trade.PageSizes[0]}
}

// Values is the filter as an address writes it: what is empty is left out.
func (q TradeQuery) Values() url.Values {
	all := url.Values{}
	for _, p := range q.fields() {
		if p.Value != "" {
			all.Set(p.Name, p.Value)
		}
	}
	return all
}

// fields lists the filter without the page size, in the order of the bar.
func (q TradeQuery) fields() []ui.Pair {
	return []ui.Pair{{Name: trade.FieldNumber, Value: q.No}, {Name: trade.FieldFrom, Value: q.From}, {Name: trade.FieldTo, Value: q.To},
		{Name: trade.FieldState, Value: q.State}, {Name: trade.FieldType, Value: q.Type}, {Name: trade.FieldMin, Value: q.Min},
		{Name: trade.FieldMax, Value: q.Max}, {Name: trade.FieldSub, Value: q.Sub}}
}

// fieldsMax is more than a filter has.
const fieldsMax = 100

// InOrder puts what is wrong with a filter in the order of its fields on the page.
func InOrder(faults []*fault.Refusal) []*fault.Refusal {
	at := map[string]int{}
	for i, p := range (TradeQuery{}).fields() {
		at[p.Name] = i - fieldsMax // fields that nobody fills in come last
	}
	slices.SortStableFunc(faults, func(a, b *fault.Refusal) int { return at[a.Field] - at[b.Field] })
	return faults
}

// Href is the address of a list with this filter; the cursor may be empty.
func (q TradeQuery) Href(path, cursor string) string {
	all := q.Values()
	if q.Size != 0 && q.Size != trade.PageSizes[0] {
		all.Set(trade.FieldSize, strconv.Itoa(q.Size))
	}
	if cursor != "" {
		all.Set(trade.FieldCursor, cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

func (q TradeQuery) set() int { return len(q.Values()) }

// sizeHidden keeps the page size over a search.
func (q TradeQuery) sizeHidden() []ui.Pair {
	if q.Size == 0 || q.Size == trade.PageSizes[0] {
		return nil
	}
	return []ui.Pair{{Name: trade.FieldSize, Value: strconv.Itoa(q.Size)}}
}

// filterHidden keeps the filter over a change of the page size.
func (q TradeQuery) filterHidden() (pairs []ui.Pair) {
	for _, p := range q.fields() {
		if p.Value != "" {
			pairs = append(pairs, p)
		}
	}
	return pairs
}
