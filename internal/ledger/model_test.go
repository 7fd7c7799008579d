package ledger_test

import (
	"fmt"
	"time"

	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// model is a merchant's books in the simplest way to say them: sums in maps, nothing stored, nothing shared
// with the real ones. It is written after docs/adr/0005 and 0006.
type model struct {
	transfers int64
	last      time.Time
	closed    time.Time // end of the last closed day
	open      map[ledger.Account]bool
	stands    map[ledger.Account]money.Fen
	entries   map[ledger.Account]int64
	known     map[string]told
	sums      map[string][4]int64 // account, day, line → ins, in_amount, outs, out_amount
}

// told is what a booking answers.
type told struct {
	id      int64
	at      time.Time
	known   bool
	refused string
}

// beijing has no summer time and no history here, unlike the product's own zone.
var beijing = time.FixedZone("", 8*60*60)

func midnight(t time.Time) time.Time {
	y, m, d := t.In(beijing).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, beijing)
}

func newModel(opened time.Time, accounts ...ledger.Account) *model {
	m := &model{last: opened, closed: midnight(opened), open: map[ledger.Account]bool{}, stands: map[ledger.Account]money.Fen{},
		entries: map[ledger.Account]int64{}, known: map[string]told{}, sums: map[string][4]int64{}}
	for _, a := range accounts {
		m.open[a] = true
	}
	return m
}

// close closes every day that is over.
func (m *model) close(now time.Time) {
	if over := midnight(now); over.After(m.closed) {
		m.closed = over
	}
}

// when is the moment of a batch: never before what is booked, nor in a closed day.
func (m *model) when(at time.Time) time.Time {
	for _, earliest := range []time.Time{m.last, m.closed} {
		if at.Before(earliest) {
			at = earliest
		}
	}
	return at
}

var (
	mustBeOpened = map[ledger.Account]bool{"AVAILABLE": true, "BASIC": true, "OPERATION": true, "FEES": true}
	mayGoBelow   = map[ledger.Account]bool{"CHANNEL": true, "BANK": true, "FEE_INCOME": true, "SUSPENSE": true, "DUE": true}
)

func (m *model) post(at time.Time, t ledger.Transfer) told {
	name := string(t.Kind) + " " + t.Key
	if before, ok := m.known[name]; ok {
		before.known = true
		return before
	}
	after := map[ledger.Account]money.Fen{}
	var legs []ledger.Leg
	var owed money.Fen
	for _, l := range t.Legs {
		if l.Amount == 0 {
			continue
		}
		if mustBeOpened[l.Account] && !m.open[l.Account] {
			return told{refused: "ledger.not_open (Account=" + string(l.Account) + ")"}
		}
		have := m.stands[l.Account] + after[l.Account]
		if have+l.Amount < 0 && !mayGoBelow[l.Account] {
			missing := -(have + l.Amount)
			if !l.Force {
				return told{refused: fmt.Sprintf("ledger.insufficient (Account=%s, Balance=%s, Missing=%s)", l.Account, have, missing)}
			}
			owed += missing
			l.Amount = -have
		}
		if l.Amount != 0 {
			after[l.Account] += l.Amount
			legs = append(legs, l)
		}
	}
	if owed > 0 {
		legs = append(legs, ledger.Leg{Account: ledger.Due, Amount: -owed})
	}
	if len(legs) == 0 {
		return told{at: at}
	}
	m.move(at, legs)
	answer := told{id: m.transfers, at: at}
	m.known[name] = answer
	m.repay(at, legs)
	return answer
}

func (m *model) move(at time.Time, legs []ledger.Leg) {
	m.transfers++
	m.last = at
	for _, l := range legs {
		m.stands[l.Account] += l.Amount
		m.entries[l.Account]++
		if l.Row == "" {
			continue
		}
		key := fmt.Sprintf("%s %s %s", l.Account, at.In(beijing).Format("2006-01-02"), l.Row)
		s := m.sums[key]
		if l.Amount > 0 {
			s[0]++
			s[1] += int64(l.Amount)
		} else {
			s[2]++
			s[3] -= int64(l.Amount)
		}
		m.sums[key] = s
	}
}

// repay takes what is owed out of what came in: of BASIC or AVAILABLE, and of a legacy merchant's UNSETTLED.
func (m *model) repay(at time.Time, legs []ledger.Leg) {
	from := []ledger.Account{ledger.Basic}
	if !m.open[ledger.Basic] {
		from = []ledger.Account{ledger.Available, ledger.Unsettled}
	}
	for _, a := range from {
		var income money.Fen
		for _, l := range legs {
			if l.Account == a {
				income += l.Amount
			}
		}
		owed := -m.stands[ledger.Due]
		if income <= 0 || owed <= 0 {
			continue
		}
		if part := min(owed, m.stands[a]); part > 0 {
			m.move(at, []ledger.Leg{{Account: a, Amount: -part, Row: ledger.RowClaim}, {Account: ledger.Due, Amount: part}})
		}
	}
}
