package ledger

import (
	"strconv"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// said is a line as the chain covers it.
type said struct {
	before                                                         Hash
	seq, at, amount, balance                                       int64
	businessNo, flowNo, row, direction, applicant, note, voucherNo string
}

func saidOf(before Hash, l Line) said {
	return said{before, l.Seq, l.BookedAt.Unix(), int64(max(l.Amount, -l.Amount)), int64(l.Balance), BillText(l.BusinessNo), BillText(l.FlowNo),
		BillText(string(l.Row)), direction(l.Amount), BillText(l.Applicant), BillText(l.Note), BillText(l.VoucherNo)}
}

// unframe reads back what a link is the hash of. That it can be done is why no two lines read alike.
func unframe(t *testing.T, b []byte) (s said) {
	t.Helper()
	s.before, b = Hash(b[:len(s.before)]), b[len(s.before):]
	next := func() string {
		for i, c := range b {
			if c == ':' {
				n, err := strconv.Atoi(string(b[:i]))
				if err != nil || n < 0 || i+1+n > len(b) {
					t.Fatalf("a length reads %q (%v)", b[:i], err)
				}
				value := string(b[i+1 : i+1+n])
				b = b[i+1+n:]
				return value
			}
		}
		t.Fatal("a length has no end")
		return ""
	}
	number := func() int64 {
		n, err := strconv.ParseInt(next(), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	s.seq, s.at = number(), number()
	s.businessNo, s.flowNo, s.row, s.direction = next(), next(), next(), next()
	s.amount, s.balance = number(), number()
	s.applicant, s.note, s.voucherNo = next(), next(), next()
	if len(b) != 0 {
		t.Fatalf("%q is left", b)
	}
	return s
}

func FuzzNoTwoLinesReadAlike(f *testing.F) {
	f.Add(int64(1), int64(1_700_000_000), int64(-5), int64(0), "B", "F", "refund", "system", "note\r\n", "V")
	f.Add(int64(12), int64(0), int64(1), int64(-1), "1:2", ":", "", "1:", "\x01", "3:abc")
	f.Fuzz(func(t *testing.T, seq, at, amount, balance int64, businessNo, flowNo, row, applicant, note, voucherNo string) {
		l := Line{seq, time.Unix(at%(1<<40), 0), businessNo, flowNo, RowType(row), money.Fen(amount), money.Fen(balance), applicant, note, voucherNo}
		before := genesis(seq, Basic)
		if got, want := unframe(t, frame(nil, before, &l)), saidOf(before, l); got != want {
			t.Errorf("%+v reads %+v", want, got)
		}
		if before.Next(l) == genesis(seq, Operation).Next(l) {
			t.Error("two chains got the same link")
		}
	})
}

func TestAnyChangeOfALineChangesItsLink(t *testing.T) {
	t.Parallel()
	line := Line{7, time.Unix(1_700_000_000, 0), "B1", "F1", RowRefund, -500, 100, "system", "why", "V1"}
	link := genesis(1900000208, Basic).Next(line)
	for i, change := range []func(*Line){
		func(l *Line) { l.Seq++ }, func(l *Line) { l.BookedAt = l.BookedAt.Add(time.Second) }, func(l *Line) { l.BusinessNo = "B" },
		func(l *Line) { l.FlowNo = "1F1" }, func(l *Line) { l.Row = RowWithdraw }, func(l *Line) { l.Amount = 500 }, func(l *Line) { l.Amount-- },
		func(l *Line) { l.Balance = -100 }, func(l *Line) { l.Applicant = "" }, func(l *Line) { l.Note = "why\n" }, func(l *Line) { l.VoucherNo += " " },
		func(l *Line) { l.Note, l.VoucherNo = "whyV", "1" },
	} {
		other := line
		change(&other)
		if genesis(1900000208, Basic).Next(other) == link {
			t.Errorf("change %d leaves the link as it was", i)
		}
	}
	if genesis(1900000208, Operation).Next(line) == link || genesis(1900000209, Basic).Next(line) == link {
		t.Error("chains of two accounts read alike")
	}
}

func FuzzADayIsTheSameForEntriesAndHeads(f *testing.F) {
	f.Add(int64(0))
	f.Fuzz(func(t *testing.T, at int64) {
		at %= 1 << 52
		var c inspection
		c.date(at)
		if at < c.since || at >= c.until || c.current != clock.DayOf(moment(at)) || micros(moment(at)) != at {
			t.Errorf("%d is of %s, from %d to %d", at, c.current, c.since, c.until)
		}
	})
}
