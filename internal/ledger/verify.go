package ledger

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Bounds of a verification: it names the first broken places, and holds a few pages at a time.
const (
	problemsMax   = 20
	merchantsPage = 200
	movesPage     = 2000
	pendingMax    = 5000
)

// Verifier recomputes the books from their first entries and names what is not as it was booked.
type Verifier struct {
	DB   *db.DB
	Keys Keys
}

// Verify counts the entries and names the first problems, of one moment: what is booked meanwhile is not
// looked at. Of each kind of problem the first one of an account is named, since others follow from it.
func (v Verifier) Verify(ctx context.Context) (checked int64, problems []string, err error) {
	err = v.DB.Snapshot(ctx, func(q db.Querier) error {
		c := inspection{q: q, keys: v.Keys, named: map[string]bool{}}
		if err := c.alongKeys(ctx); err != nil {
			return err
		}
		for after := int64(math.MinInt64); after < math.MaxInt64 && !c.full(); after = c.last {
			if err := c.merchants(ctx, after); err != nil {
				return err
			}
		}
		checked, problems = c.checked, c.problems
		return nil
	})
	return checked, problems, err
}

// inspection is a verification under way, at a page of merchants.
type inspection struct {
	q        db.Querier
	keys     Keys
	problems []string
	named    map[string]bool
	checked  int64

	last    int64 // the page's last merchant
	books   map[int64]*book
	moves   []*move
	days    []daySum
	heads   []Head
	chain   chainer
	line    Line
	flow    [flowLength]byte
	current clock.Day // of the moments from since to until
	compact string
	since   int64
	until   int64
}

// book is one merchant's books as they are recomputed.
type book struct {
	merchant  int64
	known     bool // there are books
	system    string
	transfers int64 // as the books say
	bookedAt  int64
	closed    clock.Day

	id       int64 // the last transfer
	at       int64 // when it was booked
	accounts map[Account]*walk
	days     int64 // sums of days
	heads    int64
}

// walk is one account as it is recomputed.
type walk struct {
	account Account
	digit   int // in flow numbers; 0: nobody reads it
	claimed int64
	low     int64 // first number the page's transfers claim
	seq     int64
	balance money.Fen
	hash    Hash
	day     clock.Day // of the last entry
	until   int64
	first   int64 // the day's first entry
	before  Hash
	sums    map[RowType]*sum
}

// move is a transfer whose entries are being looked for.
type move struct {
	book                                   *book
	id, at                                 int64
	amount, credits, total                 money.Fen
	seen                                   int
	businessNo, voucherNo, applicant, note string
	accounts                               []*walk
	seqs                                   []int64
}

// daySum is what account_days must say of a day.
type daySum struct {
	book    *book
	account Account
	day     clock.Day
	row     RowType
	sum     sum
}

// name names a problem, the first of its kind in its place.
func (c *inspection) name(kind string, merchant int64, a Account, format string, args ...any) {
	place := fmt.Sprintf("%s %d %s", kind, merchant, a)
	if c.full() || c.named[place] {
		return
	}
	c.named[place] = true
	where := fmt.Sprintf("merchant %d", merchant)
	if a != "" {
		where += " " + string(a)
	}
	c.problems = append(c.problems, where+" "+fmt.Sprintf(format, args...))
}

func (c *inspection) full() bool { return len(c.problems) >= problemsMax }

// merchants looks at the books of the merchants after one, a page of them.
func (c *inspection) merchants(ctx context.Context, after int64) error {
	if err := c.readBooks(ctx, after); err != nil {
		return err
	}
	var at *move
	for more := true; more && !c.full(); {
		var err error
		if more, err = c.readMoves(ctx, after, at); err != nil {
			return err
		}
		if len(c.moves) == 0 {
			break
		}
		if err := c.readEntries(ctx); err != nil {
			return err
		}
		for _, m := range c.moves {
			c.whole(m)
		}
		at = c.moves[len(c.moves)-1]
		if err := c.settle(ctx, pendingMax); err != nil {
			return err
		}
	}
	if c.full() {
		return nil
	}
	return c.end(ctx, after)
}

// book is the merchant's, made where nobody opened any.
func (c *inspection) book(merchant int64) *book {
	b := c.books[merchant]
	if b == nil {
		b = &book{merchant: merchant, accounts: map[Account]*walk{}}
		c.books[merchant] = b
		c.name("books", merchant, "", "has no books")
	}
	return b
}

func (b *book) walk(a Account) *walk {
	w := b.accounts[a]
	if w == nil {
		w = &walk{account: a, digit: slices.Index(shown, a) + 1, hash: genesis(b.merchant, a), sums: map[RowType]*sum{}}
		b.accounts[a] = w
	}
	return w
}

// claim takes a transfer in: it must be the next one, and each of its legs the next of its account.
func (c *inspection) claim(m *move, names []Account) {
	b := m.book
	switch {
	case m.id != b.id+1:
		c.name("transfers", b.merchant, "", "transfer %d is missing: the next is %d", b.id+1, m.id)
	case m.at < b.at:
		c.name("time", b.merchant, "", "transfer %d was booked at %s, before the one before it", m.id, moment(m.at))
	}
	b.id, b.at = m.id, max(b.at, m.at)
	if len(names) != len(m.seqs) {
		c.name("legs", b.merchant, "", "transfer %d names %d accounts and %d places", m.id, len(names), len(m.seqs))
		names = names[:min(len(names), len(m.seqs))]
	}
	m.accounts = make([]*walk, len(names))
	for i, a := range names {
		w := b.walk(a)
		m.accounts[i] = w
		if m.seqs[i] != w.claimed+1 {
			c.name("claims", b.merchant, a, "seq %d is claimed by leg %d of transfer %d, which must claim %d", m.seqs[i], i+1, m.id, w.claimed+1)
		}
		if w.low == 0 {
			w.low = w.claimed + 1
		}
		w.claimed = max(w.claimed, m.seqs[i])
	}
	c.moves = append(c.moves, m)
}

// of is the transfer of this page, nil where it is not one of them.
func (c *inspection) of(b *book, id int64) *move {
	i, found := slices.BinarySearchFunc(c.moves, id, func(m *move, id int64) int {
		if m.book != b {
			return compare(m.book.merchant, b.merchant)
		}
		return compare(m.id, id)
	})
	if !found {
		return nil
	}
	return c.moves[i]
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// whole looks at a transfer whose entries were read.
func (c *inspection) whole(m *move) {
	switch {
	case m.seen != len(m.accounts):
		c.name("legs", m.book.merchant, "", "transfer %d has %d entries of %d", m.id, m.seen, len(m.accounts))
	case m.total != 0:
		c.name("sum", m.book.merchant, "", "transfer %d: its legs come to %s", m.id, m.total)
	case m.credits != m.amount:
		c.name("amount", m.book.merchant, "", "transfer %d moves %s, its legs %s", m.id, m.amount, m.credits)
	}
}

// end looks at what must stand once everything of the page's merchants was recomputed.
func (c *inspection) end(ctx context.Context, after int64) error {
	for _, merchant := range slices.Sorted(maps.Keys(c.books)) {
		b := c.books[merchant]
		for _, a := range slices.Sorted(maps.Keys(b.accounts)) {
			c.endDay(b, b.accounts[a])
		}
		if !b.known {
			continue
		}
		if b.id != b.transfers {
			c.name("transfers", merchant, "", "its books count %d transfers, there are %d", b.transfers, b.id)
		}
		if b.id > 0 && b.at != b.bookedAt {
			c.name("time", merchant, "", "its books end at %s, the last transfer was booked at %s", moment(b.bookedAt), moment(b.at))
		}
		c.system(b)
	}
	for _, look := range []func() error{
		func() error { return c.settle(ctx, 0) },
		func() error { return c.unclaimed(ctx, after) },
		func() error { return c.standings(ctx, after) },
		func() error { return c.tooMany(ctx, after) },
	} {
		if err := look(); err != nil || c.full() {
			return err
		}
	}
	return nil
}

// system looks at the accounts that a merchant of its account system has not.
func (c *inspection) system(b *book) {
	empty := []Account{Basic, Operation}
	if b.system != "legacy" {
		empty = []Account{Available}
	}
	for _, a := range empty {
		if w := b.accounts[a]; w != nil && w.balance != 0 {
			c.name("system", b.merchant, a, "stands at %s after seq %d: a merchant with the account system %s has nothing there", w.balance, w.seq, b.system)
		}
	}
}
