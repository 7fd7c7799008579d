package audit

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"zhanggui/internal/db"
	"zhanggui/internal/vault"
)

// Bounds of a check: it names the first broken places, and holds one page of the log at a time.
const (
	problemsMax = 20
	sealsPage   = 2000
	headsPage   = 200
)

// Verifier recomputes the chains from their first rows and names what is not as it was sealed.
type Verifier struct {
	Vault  *vault.Vault // of the master key the sealers have
	Anchor Anchor       // optional
}

// Verify counts the rows of the log and names the first problems. It reads while others write and
// seal: what is added meanwhile is no problem.
func (v Verifier) Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	c := inspection{Verifier: v, q: q, stands: map[int64]*stand{}, ahead: map[int64]int64{}}
	if c.anchored, err = v.Anchor.read(); err != nil {
		return 0, nil, err
	}
	for _, look := range []func(context.Context) error{
		c.heads, c.takenBack, c.chains, c.unreached, c.heads, c.uncovered, c.otherwiseSealed, c.withoutSeal, c.senseless,
	} {
		if err := look(ctx); err != nil || c.full() {
			return c.rows, c.problems, err
		}
	}
	checked, err = countRows(ctx, q)
	return checked, c.problems, err
}

// inspection is one check under way.
type inspection struct {
	Verifier
	q        db.Querier
	rows     int64 // looked at until now
	problems []string
	last     head             // the newest head looked at
	anchored head             // the newest one that must be there
	stands   map[int64]*stand // how far signed heads brought each merchant's chain
	ahead    map[int64]int64  // chains that went on after the last head was read
}

// stand is where a merchant's chain stands by the signed heads.
type stand struct {
	seq     int64
	reached bool // its seals were looked at
}

func (c *inspection) name(format string, args ...any) {
	if !c.full() {
		c.problems = append(c.problems, fmt.Sprintf(format, args...))
	}
}

func (c *inspection) full() bool { return len(c.problems) >= problemsMax }

// chains looks at the seals of every merchant.
func (c *inspection) chains(ctx context.Context) error {
	merchant := int64(math.MinInt64)
	for !c.full() {
		next, err := merchantAfter(ctx, c.q, merchant)
		if err != nil || next == nil {
			return err
		}
		merchant = *next
		if err := c.chain(ctx, merchant); err != nil {
			return err
		}
	}
	return nil
}

func (c *inspection) chain(ctx context.Context, merchant int64) error {
	var at link
	for after, more := int64(math.MinInt64), true; more && !c.full(); after = at.Seq {
		seals, err := sealsAfter(ctx, c.q, merchant, after, sealsPage)
		if err != nil {
			return err
		}
		if more = len(seals) == sealsPage; len(seals) == 0 {
			break
		}
		rows, err := sealedRows(ctx, c.q, merchant, seals)
		if err != nil {
			return err
		}
		for _, s := range seals {
			at = c.seal(at, s, rows[s.RowID])
		}
		c.rows += int64(len(seals))
	}
	c.end(merchant, at)
	return nil
}

// seal looks at the next seal of a chain and its row, and returns where the chain stands after it.
func (c *inspection) seal(at link, s seal, r row) link {
	hash := at.hash(r)
	signed := c.Vault == nil || bytes.Equal(s.sign(c.Vault, s.Merchant), s.MAC)
	switch {
	case s.Seq != at.Seq+1:
		c.name("merchant %d seq %d is missing: the next is %d", s.Merchant, at.Seq+1, s.Seq)
	case r.Merchant != s.Merchant || r.ID != s.RowID || !r.At.Equal(s.RowAt):
		c.name("merchant %d seq %d: its row %s is gone", s.Merchant, s.Seq, s.RowID)
	case !bytes.Equal(hash, s.Hash):
		c.name("merchant %d seq %d: row %s is not the row that was sealed", s.Merchant, s.Seq, s.RowID)
		if !signed { // the hash beside it was changed as well: go on from the row
			return link{Seq: s.Seq, Hash: hash}
		}
	case !signed:
		c.name("merchant %d seq %d: the seal of row %s was not signed with this key", s.Merchant, s.Seq, s.RowID)
	}
	return s.link
}

// end compares the end of a chain with what the signed heads say.
func (c *inspection) end(merchant int64, at link) {
	says := c.stands[merchant]
	if says == nil || says.seq < at.Seq {
		c.ahead[merchant] = at.Seq
	}
	if says == nil {
		return
	}
	says.reached = true
	if says.seq > at.Seq {
		c.name("merchant %d seq %d is missing: the chain was sealed up to %d", merchant, at.Seq+1, says.seq)
	}
}

// unreached names the merchants of which all seals are gone.
func (c *inspection) unreached(context.Context) error {
	for _, merchant := range slices.Sorted(maps.Keys(c.stands)) {
		if says := c.stands[merchant]; !says.reached {
			c.name("merchant %d seq 1 is missing: the chain was sealed up to %d", merchant, says.seq)
		}
	}
	return nil
}

// uncovered names chains that go on beyond every head. A seal is committed with its head, so a head
// read later than the seals covers them all.
func (c *inspection) uncovered(context.Context) error {
	for _, merchant := range slices.Sorted(maps.Keys(c.ahead)) {
		says := c.stands[merchant]
		if says == nil || says.seq < c.ahead[merchant] {
			c.name("merchant %d seq %d: no signed head tells of it", merchant, c.ahead[merchant])
		}
	}
	return nil
}
