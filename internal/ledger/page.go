package ledger

import (
	"slices"
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// standing is an account as it stands while transfers are booked.
type standing struct {
	balance money.Fen
	seq     int64
	hash    Hash
	touched bool
	closed  bool
}

// event names a transfer for ever.
type event struct {
	kind Kind
	key  string
}

// page is one merchant's books, open: transfers are booked on it one after another, and what came of them
// is written together. Nothing on it reaches the database by itself.
type page struct {
	merchant  int64
	transfers int64
	at        time.Time // of everything booked on this page
	day       clock.Day
	compact   string // day, as flow numbers carry it
	accounts  map[Account]*standing
	known     map[event]Outcome

	booked  []booked
	entries []entry
	sums    map[sumKey]*sum
	chain   chainer
	line    Line
}

// booked is a transfer that got its place.
type booked struct {
	Transfer
	id       int64
	amount   money.Fen
	accounts []Account
	seqs     []int64
}

// entry is a leg that got its place.
type entry struct {
	transfer int64
	leg      int
	account  Account
	seq      int64
	amount   money.Fen
	balance  money.Fen
	row      RowType
	hash     Hash
}

type sumKey struct {
	account Account
	row     RowType
}

type sum struct {
	ins, outs           int64
	inAmount, outAmount money.Fen
}

// date sets when everything of the page is booked: at, but never before what is booked already, nor into
// a closed day.
func (p *page) date(at, last time.Time, closed clock.Day) {
	p.at = at
	if p.at.Before(last) {
		p.at = last
	}
	if first := closed.Next().Start(); p.at.Before(first) {
		p.at = first
	}
	p.day = clock.DayOf(p.at)
	p.compact = compact(p.day)
}

// book puts a transfer on the page, or says why not.
func (p *page) book(t Transfer) Outcome {
	name := event{t.Kind, t.Key}
	if o, ok := p.known[name]; ok {
		o.Known = true
		return o
	}
	legs, err := p.settle(t.Legs)
	if err != nil {
		return Outcome{Refused: err}
	}
	if len(legs) == 0 {
		return Outcome{BookedAt: p.at}
	}
	o := Outcome{ID: p.write(t, legs), BookedAt: p.at}
	p.known[name] = o
	p.repay(t, legs)
	return o
}

// settle decides the legs as they will be booked: legs of nothing go, forced debits that an account cannot
// cover leave a claim. It changes nothing.
func (p *page) settle(legs []Leg) ([]Leg, error) {
	final := make([]Leg, 0, len(legs)+1)
	var owed money.Fen
	moved := make(map[Account]money.Fen, len(legs))
	for _, l := range legs {
		s := p.accounts[l.Account]
		if l.Amount == 0 {
			continue
		}
		if s == nil {
			if mustOpen(l.Account) {
				return nil, ErrNotOpen.With("Account", string(l.Account))
			}
			s = &standing{}
		}
		if s.closed {
			return nil, ErrNotOpen.With("Account", string(l.Account))
		}
		have := s.balance + moved[l.Account]
		if short := -(have + l.Amount); short > 0 && l.Account.Bounded() {
			if !l.Force {
				return nil, Short(l.Account, have, short)
			}
			l.Amount += short
			owed += short
		}
		if l.Amount != 0 {
			moved[l.Account] += l.Amount
			final = append(final, l)
		}
	}
	if owed > 0 {
		final = append(final, Leg{Account: Due, Amount: -owed})
	}
	return final, nil
}

func mustOpen(a Account) bool { return slices.Contains(opened, a) }

// write gives the transfer and its legs their places.
func (p *page) write(t Transfer, legs []Leg) int64 {
	p.transfers++
	b := booked{Transfer: t, id: p.transfers, accounts: make([]Account, len(legs)), seqs: make([]int64, len(legs))}
	for i, l := range legs {
		b.amount += max(l.Amount, 0)
		s := p.accounts[l.Account]
		if s == nil {
			s = &standing{hash: genesis(p.merchant, l.Account)}
			p.accounts[l.Account] = s
		}
		s.touched = true
		s.seq++
		s.balance += l.Amount
		s.hash = p.link(t, l, s)
		b.accounts[i], b.seqs[i] = l.Account, s.seq
		p.entries = append(p.entries, entry{transfer: b.id, leg: i + 1, account: l.Account, seq: s.seq,
			amount: l.Amount, balance: s.balance, row: l.Row, hash: s.hash})
		p.add(l)
	}
	p.booked = append(p.booked, b)
	return b.id
}

// link is the chain's next link for a leg whose account stands as it will.
func (p *page) link(t Transfer, l Leg, s *standing) Hash {
	flow := ""
	for i, a := range shown {
		if a == l.Account {
			var room [flowLength]byte
			flow = string(flowNo(room[:0], p.merchant, p.compact, i+1, s.seq))
		}
	}
	p.line = Line{Seq: s.seq, BookedAt: p.at, BusinessNo: t.BusinessNo, FlowNo: flow, Row: l.Row, Amount: l.Amount,
		Balance: s.balance, Applicant: t.Applicant, Note: t.Note, VoucherNo: t.VoucherNo}
	return p.chain.next(s.hash, &p.line)
}

// add counts a leg in its day.
func (p *page) add(l Leg) {
	if l.Row == "" {
		return
	}
	k := sumKey{l.Account, l.Row}
	s := p.sums[k]
	if s == nil {
		s = &sum{}
		p.sums[k] = s
	}
	if l.Amount > 0 {
		s.ins++
		s.inAmount += l.Amount
	} else {
		s.outs++
		s.outAmount -= l.Amount
	}
}

// KindClaim is the repayment of a claim out of income.
const KindClaim Kind = "claim"

// repay takes what the merchant owes out of income that just came. The claim's transfer belongs to the
// event that brought the income.
func (p *page) repay(cause Transfer, legs []Leg) {
	due := p.accounts[Due]
	if due == nil || due.balance >= 0 {
		return
	}
	for _, a := range []Account{Basic, Available, Unsettled} {
		if a == Unsettled && p.accounts[Basic] != nil {
			continue // an upgraded merchant's unsettled money belongs to its trades
		}
		if gain(legs, a) <= 0 || due.balance >= 0 {
			continue
		}
		back := min(-due.balance, p.accounts[a].balance)
		if back <= 0 {
			continue
		}
		p.write(Transfer{Merchant: p.merchant, Kind: KindClaim, Key: strconv.FormatInt(p.transfers+1, 10), BusinessNo: cause.BusinessNo,
			VoucherNo: cause.VoucherNo, Applicant: "system"},
			[]Leg{{Account: a, Amount: -back, Row: RowClaim}, {Account: Due, Amount: back}})
	}
}

// gain is what the legs bring an account.
func gain(legs []Leg, a Account) (sum money.Fen) {
	for _, l := range legs {
		if l.Account == a {
			sum += l.Amount
		}
	}
	return sum
}
