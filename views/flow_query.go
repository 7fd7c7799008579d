package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/views/ui"
)

// FlowPath is where the fund flow is listed.
const FlowPath = "/funds/flow"

// FlowQuery is the fund flow's filter as it was typed.
type FlowQuery struct {
	Account, No, From, To, Direction, Type, Min, Max, AsOf string
	Size                                                   int
}

// FlowQueryOf is the filter as an address has it.
func FlowQueryOf(v url.Values) FlowQuery {
	return FlowQuery{Account: v.Get(ledger.FlowAccount), No: v.Get(ledger.FlowNumber), From: v.Get(ledger.FlowFrom), To: v.Get(ledger.FlowTo),
		Direction: v.Get(ledger.FlowDirection), Type: v.Get(ledger.FlowType), Min: v.Get(ledger.FlowMin), Max: v.Get(ledger.FlowMax),
		AsOf: v.Get(ledger.FlowAsOf), Size: ledger.FlowSizes[0]}
}

// fields lists the filter without the page size, in the order of the bar.
func (q FlowQuery) fields() []ui.Pair {
	return []ui.Pair{{Name: ledger.FlowAccount, Value: q.Account}, {Name: ledger.FlowFrom, Value: q.From}, {Name: ledger.FlowTo, Value: q.To},
		{Name: ledger.FlowDirection, Value: q.Direction}, {Name: ledger.FlowType, Value: q.Type}, {Name: ledger.FlowMin, Value: q.Min},
		{Name: ledger.FlowMax, Value: q.Max}, {Name: ledger.FlowNumber, Value: q.No}, {Name: ledger.FlowAsOf, Value: q.AsOf}}
}

// Values is the filter as an address writes it: what is empty is left out.
func (q FlowQuery) Values() url.Values {
	all := url.Values{}
	for _, p := range q.fields() {
		if p.Value != "" {
			all.Set(p.Name, p.Value)
		}
	}
	return all
}

// Href is the address of a list with this filter; the cursor may be empty.
func (q FlowQuery) Href(path, cursor string) string {
	all := q.Values()
	if q.Size != 0 && q.Size != ledger.FlowSizes[0] {
		all.Set(ledger.FlowSize, strconv.Itoa(q.Size))
	}
	if cursor != "" {
		all.Set(ledger.FlowCursor, cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

func (q FlowQuery) set() int { return len(q.Values()) }

// sizeHidden keeps the page size over a search.
func (q FlowQuery) sizeHidden() []ui.Pair {
	if q.Size == 0 || q.Size == ledger.FlowSizes[0] {
		return nil
	}
	return []ui.Pair{{Name: ledger.FlowSize, Value: strconv.Itoa(q.Size)}}
}

// filterHidden keeps the filter over a change of the page size.
func (q FlowQuery) filterHidden() []ui.Pair {
	return slices.DeleteFunc(q.fields(), func(p ui.Pair) bool { return p.Value == "" })
}

// seconds tells whether the span is asked for to the second.
func (q FlowQuery) seconds() bool { return len(q.From) > len(dayLong) || len(q.To) > len(dayLong) }

// dayLong is as long as a day's text.
const dayLong = "2026-11-22"

// toSeconds is the same span to the second, or of whole days again.
func (q FlowQuery) toSeconds(today clock.Day) FlowQuery {
	day := func(s string) string {
		if s = strings.TrimSpace(s); len(s) >= len(dayLong) {
			return s[:len(dayLong)]
		}
		return today.String()
	}
	seconds := q.seconds()
	q.From, q.To = day(q.From), day(q.To)
	if !seconds {
		q.From, q.To = q.From+"T00:00:00", q.To+"T23:59:59"
	}
	return q
}

// FlowHref leads to the rows that make an amount: those of an account, on days (to may be empty), of a
// direction and a line. Empty parts stay out.
func FlowHref(a ledger.Account, from, to clock.Day, direction string, row ledger.RowType) string {
	return FlowQuery{Account: string(a), From: from.String(), To: to.String(), Direction: direction, Type: string(row)}.Href(FlowPath, "")
}

// FlowNumberHref leads to the rows of any number.
func FlowNumberHref(no string) string { return FlowQuery{No: no}.Href(FlowPath, "") }

// TransferHref leads to the whole transfer of a row, by its flow number or the transfer's own.
func TransferHref(no string) string { return FlowPath + "/" + url.PathEscape(no) }

// FlowInOrder puts what is wrong with the filter in the order of its fields on the page.
func FlowInOrder(faults []*fault.Refusal) []*fault.Refusal {
	at := map[string]int{}
	for i, p := range (FlowQuery{}).fields() {
		at[p.Name] = i - fieldsMax // fields that nobody fills in come last
	}
	slices.SortStableFunc(faults, func(a, b *fault.Refusal) int { return at[a.Field] - at[b.Field] })
	return faults
}
