package ledger

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// Hash is a link of an account's chain.
type Hash [sha256.Size]byte

// genesis is where an account's chain begins: it names the account, so chains cannot be exchanged.
func genesis(merchant int64, a Account) Hash {
	return sha256.Sum256([]byte("zhanggui books 1\n" + strconv.FormatInt(merchant, 10) + "\n" + string(a) + "\n"))
}

// Line is an entry as its line of the bill says it, which is what the chain covers.
type Line struct {
	Seq        int64
	BookedAt   time.Time
	BusinessNo string
	FlowNo     string
	Row        RowType
	Amount     money.Fen // signed
	Balance    money.Fen
	Applicant  string
	Note       string
	VoucherNo  string
}

// escapes are how bills write what would break their lines; the chain covers texts as bills write them.
var escapes = strings.NewReplacer("\x01", " ", "\r", `\r`, "\n", `\n`)

// BillText is a free text as a bill writes it.
func BillText(s string) string {
	if strings.ContainsAny(s, "\x01\r\n") {
		return escapes.Replace(s)
	}
	return s
}

// chainer makes links, using one buffer over and over.
type chainer struct{ buffer []byte }

// next is the link that the line adds to a chain: SHA-256 over the link before it and the line's values,
// each led by its length so that no two lines read alike.
func (c *chainer) next(before Hash, l *Line) Hash {
	c.buffer = frame(c.buffer[:0], before, l)
	return sha256.Sum256(c.buffer)
}

// frame writes what a link is the hash of.
func frame(b []byte, before Hash, l *Line) []byte {
	b = append(b, before[:]...)
	b = number(b, l.Seq)
	b = number(b, l.BookedAt.Unix())
	b = text(b, l.BusinessNo)
	b = text(b, l.FlowNo)
	b = text(b, string(l.Row))
	b = text(b, direction(l.Amount))
	b = number(b, int64(max(l.Amount, -l.Amount)))
	b = number(b, int64(l.Balance))
	b = text(b, l.Applicant)
	b = text(b, l.Note)
	return text(b, l.VoucherNo)
}

// Next is the link that the line adds to a chain.
func (h Hash) Next(l Line) Hash {
	var c chainer
	return c.next(h, &l)
}

func text(b []byte, s string) []byte {
	s = BillText(s)
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	return append(b, s...)
}

func number(b []byte, n int64) []byte {
	var digits [20]byte
	d := strconv.AppendInt(digits[:0], n, 10)
	b = strconv.AppendInt(b, int64(len(d)), 10)
	b = append(b, ':')
	return append(b, d...)
}

// Directions of a line, as JSON writes them.
const (
	In  = "in"
	Out = "out"
)

func direction(amount money.Fen) string {
	if amount < 0 {
		return Out
	}
	return In
}

// FlowNo is a line's 资金流水单号: merchant, business day, 10, the account's digit, and the end of its place
// in the account. It is unique while an account has fewer than ten million entries a day.
func FlowNo(merchant int64, a Account, day clock.Day, seq int64) string {
	for i, s := range shown {
		if s == a {
			return string(flowNo(make([]byte, 0, flowLength), merchant, compact(day), i+1, seq))
		}
	}
	return ""
}

const (
	flowLength = 28
	flowTail   = 10_000_000
)

// compact is a day as numbers carry it: 20261122.
func compact(day clock.Day) string {
	d := string(day)
	return d[:4] + d[5:7] + d[8:]
}

func flowNo(b []byte, merchant int64, day string, digit int, seq int64) []byte {
	b = strconv.AppendInt(b, merchant, 10)
	b = append(b, day...)
	b = append(b, "10"...)
	b = strconv.AppendInt(b, int64(digit), 10)
	tail := strconv.FormatInt(flowTail+seq%flowTail, 10)
	return append(b, tail[1:]...)
}
