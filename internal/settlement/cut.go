package settlement

import (
	"slices"

	"zhanggui/internal/clock"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

// days is how many days after its own a cycle's day is due.
func days(c merchant.Cycle) int {
	if c == merchant.T7 {
		return 7
	}
	return 1
}

// LastDay is the newest day whose line can be cut today.
func LastDay(c merchant.Cycle, today clock.Day) clock.Day { return today.Add(-days(c)) }

// place says into which line an order goes: that of its day; that of the newest day of this cut where its
// own was cut before the order was known.
func place(d trade.Due, last clock.Day, closed map[clock.Day]bool) clock.Day {
	day := clock.DayOf(d.SuccessTime)
	if day > last || closed[day] {
		return last
	}
	return day
}

// divide puts orders into their lines.
func divide(dues []trade.Due, last clock.Day, closed map[clock.Day]bool) map[clock.Day][]trade.Due {
	lines := map[clock.Day][]trade.Due{}
	for _, d := range dues {
		day := place(d, last, closed)
		lines[day] = append(lines[day], d)
	}
	return lines
}

// share decides the lines of a cut, oldest first: what each takes out of the pool, and what becomes of it.
// pool is what of UNSETTLED belongs to no order that is not due. brought are lines before that wait to be
// carried on: each joins the first line of a later day, and waits on where there is none. What the pool has less
// than the lines say is charged to the oldest; a line with nothing left goes into the next.
func share(lines, brought []Line, pool money.Fen) (shared, joined []Line) {
	if len(lines) == 0 {
		return nil, nil
	}
	shared = slices.Clone(lines)
	var said money.Fen
	for _, l := range lines {
		said += l.own()
	}
	for _, b := range brought {
		at := slices.IndexFunc(shared, func(l Line) bool { return l.Day > b.Day })
		if at < 0 {
			pool -= b.pool()
			continue
		}
		b.IntoDay = shared[at].Day
		joined = append(joined, b)
		shared[at].CarriedPool += b.pool()
		shared[at].CarriedFee += b.fees()
		said += b.pool()
	}
	shared[0].Taken = said - pool
	for i := range shared {
		l := &shared[i]
		l.Net, l.State = l.pool()-l.fees(), Cut
		if l.Net > 0 {
			continue
		}
		if l.State = Carried; i+1 < len(shared) {
			shared[i+1].CarriedPool += l.pool()
			shared[i+1].CarriedFee += l.fees()
		}
	}
	return shared, joined
}

// into says which line takes a carried one over; empty: none yet.
func into(lines []Line, at int) clock.Day {
	if lines[at].State != Carried || at+1 == len(lines) {
		return ""
	}
	return lines[at+1].Day
}
