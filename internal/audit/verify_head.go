package audit

import (
	"bytes"
	"context"
)

// heads looks at the heads after the last one looked at.
func (c *inspection) heads(ctx context.Context) error {
	for more := true; more && !c.full(); {
		heads, err := headsAfter(ctx, c.q, c.last.Number, headsPage)
		if err != nil {
			return err
		}
		for _, h := range heads {
			if c.believe(h) {
				c.follow(h)
			}
			c.last = h
		}
		more = len(heads) == headsPage
	}
	return nil
}

// takenBack names a database older than what this machine remembers.
func (c *inspection) takenBack(context.Context) error {
	if c.last.Number < c.anchored.Number {
		c.name("audit head %d is missing: it was sealed on this machine, the newest is %d", c.anchored.Number, c.last.Number)
	}
	return nil
}

// believe tells whether the head follows the last one and was signed with the key.
func (c *inspection) believe(h head) bool {
	switch {
	case h.Number != c.last.Number+1:
		c.name("audit head %d is missing: the next is %d", c.last.Number+1, h.Number)
	case len(h.Seqs) != len(h.Merchants) || len(h.Hashes) != len(h.Merchants) || !bytes.Equal(h.sum(c.last.Hash), h.Hash):
		c.name("audit head %d is not the head that was sealed", h.Number)
	case c.Vault != nil && !bytes.Equal(h.sign(c.Vault), h.MAC):
		c.name("audit head %d was not signed with this key", h.Number)
	default:
		if h.Number == c.anchored.Number && !bytes.Equal(h.Hash, c.anchored.Hash) {
			c.name("audit head %d is not the one that was sealed on this machine", h.Number)
		}
		return true
	}
	return false
}

// follow takes over how far the head brought its merchants' chains.
func (c *inspection) follow(h head) {
	for i, merchant := range h.Merchants {
		if c.stands[merchant] == nil {
			c.stands[merchant] = &stand{}
		}
		c.stands[merchant].seq = max(c.stands[merchant].seq, h.Seqs[i])
	}
}
