package ledger

import (
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// found is an entry as it is stored. Its texts are read before the next one is.
type found struct {
	seq, transfer, at int64
	amount, balance   money.Fen
	leg               int
	row               RowType
	hash              Hash
}

// entry looks at the next entry of an account.
func (c *inspection) entry(b *book, w *walk, e *found) {
	c.checked++
	if e.seq != w.seq+1 {
		c.name("gap", b.merchant, w.account, "seq %d is missing: the next is %d", w.seq+1, e.seq)
	}
	if e.at >= w.until || w.day == "" {
		c.turn(b, w, e)
	}
	hash := e.hash
	if m := c.of(b, e.transfer); m != nil && m.claims(w, e) {
		hash = c.leg(w, m, e)
	} else {
		c.name("stray", b.merchant, w.account, "seq %d says it is leg %d of transfer %d, which does not claim it", e.seq, e.leg, e.transfer)
	}
	if want := w.balance + e.amount; e.balance != want {
		c.name("balance", b.merchant, w.account, "seq %d: stands at %s, want %s", e.seq, e.balance, want)
	}
	if hash != e.hash {
		c.name("chain", b.merchant, w.account, "seq %d: not the entry that was chained there", e.seq)
	}
	if e.balance < 0 && w.account.Bounded() || e.balance > 0 && w.account == Due {
		c.name("negative", b.merchant, w.account, "seq %d: stands at %s, where it must never stand", e.seq, e.balance)
	}
	w.add(e)
	w.seq, w.balance, w.hash = e.seq, e.balance, e.hash
}

func (m *move) claims(w *walk, e *found) bool {
	return e.leg >= 1 && e.leg <= len(m.accounts) && m.accounts[e.leg-1] == w && m.seqs[e.leg-1] == e.seq
}

// leg looks at an entry with its transfer, and tells what its link must be.
func (c *inspection) leg(w *walk, m *move, e *found) Hash {
	m.seen++
	m.total += e.amount
	m.credits += max(e.amount, 0)
	b := m.book
	if e.at != m.at {
		c.name("time", b.merchant, w.account, "seq %d was booked at %s, its transfer at %s", e.seq, moment(e.at), moment(m.at))
	}
	if w.account.named() && !e.row.Known() {
		c.name("row", b.merchant, w.account, "seq %d is a line named %q", e.seq, e.row)
	}
	flow := ""
	if w.digit > 0 {
		if e.at < c.since || e.at >= c.until {
			c.date(e.at)
		}
		flow = string(flowNo(c.flow[:0], b.merchant, c.compact, w.digit, e.seq))
	}
	c.line = Line{Seq: e.seq, BookedAt: moment(e.at), BusinessNo: m.businessNo, FlowNo: flow, Row: e.row, Amount: e.amount,
		Balance: e.balance, Applicant: m.applicant, Note: m.note, VoucherNo: m.voucherNo}
	return c.chain.next(w.hash, &c.line)
}

// turn begins a new day of an account.
func (c *inspection) turn(b *book, w *walk, e *found) {
	c.endDay(b, w)
	if e.at < c.since || e.at >= c.until {
		c.date(e.at)
	}
	w.day, w.until, w.first, w.before = c.current, c.until, e.seq, w.hash
}

// endDay puts down what must be stored of the account's day that is over.
func (c *inspection) endDay(b *book, w *walk) {
	if w.day == "" {
		return
	}
	for row, s := range w.sums {
		c.days = append(c.days, daySum{b, w.account, w.day, row, *s})
		b.days++
	}
	clear(w.sums)
	if w.day > b.closed {
		return
	}
	b.heads++
	c.heads = append(c.heads, Head{Merchant: b.merchant, Account: w.account, Day: w.day, FirstSeq: w.first, Previous: w.before,
		Count: w.seq - w.first + 1, Head: w.hash, Balance: w.balance})
}

// add counts an entry in its day.
func (w *walk) add(e *found) {
	if e.row == "" {
		return
	}
	s := w.sums[e.row]
	if s == nil {
		s = &sum{}
		w.sums[e.row] = s
	}
	if e.amount > 0 {
		s.ins++
		s.inAmount += e.amount
	} else {
		s.outs++
		s.outAmount -= e.amount
	}
}

// date finds the business day of a moment; most entries are of the same one as the one before.
func (c *inspection) date(at int64) {
	c.current = clock.DayOf(moment(at))
	c.compact = compact(c.current)
	c.since, c.until = micros(c.current.Start()), micros(c.current.Next().Start())
}

// epoch is where the database's moments begin, which it counts in microseconds.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func moment(at int64) time.Time { return epoch.Add(time.Duration(at) * time.Microsecond) }

func micros(t time.Time) int64 { return t.Sub(epoch).Microseconds() }
