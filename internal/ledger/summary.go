package ledger

import (
	"net/url"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// How a summary divides time.
const (
	ByDay   = "day"
	ByMonth = "month"
)

// SummaryMonths is how many months a summary by months shows.
const SummaryMonths = 12

// The names of the summary's fields.
const (
	SummaryBy    = "by"
	SummaryMonth = "month"
)

// SummaryAsk is what a summary is of: an account's days of one month, or its months up to one.
type SummaryAsk struct {
	Account Account
	By      string
	Month   string // 2026-11
}

// ParseSummary reads what a summary is asked of out of a URL. The refusals name the fields. An account
// that was not asked for stays empty: the reader's own decides.
func ParseSummary(v url.Values, today clock.Day) (a SummaryAsk, err error) {
	var bad fault.Form
	a.Account = flowAccount(v, &bad)
	if a.Account != "" && !a.Account.named() {
		bad.Add(fault.New("ledger.filter_word").On(FlowAccount))
	}
	if a.By = flowChoice(v, SummaryBy, &bad, ByDay, ByMonth); a.By == "" {
		a.By = ByDay
	}
	a.Month = today.String()[:len("2026-11")]
	if s := flowText(v, SummaryMonth); s != "" {
		if d, err := clock.ParseDay(s + "-01"); err != nil || d < dayMin || d > dayMax {
			bad.Add(fault.New("ledger.summary_month").On(SummaryMonth))
		} else {
			a.Month = s
		}
	}
	return a, bad.Err()
}

// span are the first and the last day of the summary.
func (a SummaryAsk) span() (first, last clock.Day) {
	first = clock.Day(a.Month + "-01")
	last = months(first, 1).Add(-1)
	if a.By == ByMonth {
		first = months(first, 1-SummaryMonths)
	}
	return first, last
}

// Turn is the same question n pages on: by days a page is a month, by months a year.
func (a SummaryAsk) Turn(n int) SummaryAsk {
	if a.By == ByMonth {
		n *= SummaryMonths
	}
	a.Month = months(clock.Day(a.Month+"-01"), n).String()[:len("2026-11")]
	return a
}

// TypeSum is what one kind of line brought and took.
type TypeSum struct {
	Row                 RowType
	Ins, Outs           int64
	InAmount, OutAmount money.Fen
}

// Period is one day or month of an account: opening + in − out = closing.
type Period struct {
	First, Last      clock.Day
	Opening, Closing money.Fen
	TypeSum          // of all kinds together
	Types            []TypeSum
}

// Name is the period as pages and files write it: 2026-11-22 or 2026-11.
func (p Period) Name() string {
	if p.First == p.Last {
		return p.First.String()
	}
	return p.First.String()[:len("2026-11")]
}

// Summary is an account over days or months.
type Summary struct {
	SummaryAsk
	Whole    Period   // all of them together
	Periods  []Period // newest first, those that had lines or lie between such
	Accounts []Account
}

func (s *TypeSum) add(o TypeSum) {
	s.Ins, s.Outs = s.Ins+o.Ins, s.Outs+o.Outs
	s.InAmount, s.OutAmount = s.InAmount+o.InAmount, s.OutAmount+o.OutAmount
}

// take adds a kind's sum to the period.
func (p *Period) take(o TypeSum) {
	p.add(o)
	for i := range p.Types {
		if p.Types[i].Row == o.Row {
			p.Types[i].add(o)
			return
		}
	}
	p.Types = append(p.Types, o)
}

// periods are the empty periods of the question, oldest first, none beginning after the day.
func (a SummaryAsk) periods(today clock.Day) (all []Period) {
	first, last := a.span()
	for d := first; d <= last && d <= today; {
		p := Period{First: d, Last: d}
		if a.By == ByMonth {
			p.Last = months(d, 1).Add(-1)
		}
		all = append(all, p)
		d = p.Last.Next()
	}
	return all
}

// index is which of the periods a day lies in.
func (a SummaryAsk) index(all []Period, d clock.Day) int {
	for i := range all {
		if all[i].First <= d && d <= all[i].Last {
			return i
		}
	}
	return -1
}

// Values writes the question as ParseSummary reads it.
func (a SummaryAsk) Values() url.Values {
	return url.Values{FlowAccount: {string(a.Account)}, SummaryBy: {a.By}, SummaryMonth: {strings.TrimSpace(a.Month)}}
}
