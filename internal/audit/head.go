package audit

import (
	"bytes"
	"crypto/sha256"
	"strconv"
	"time"

	"zhanggui/internal/vault"
)

// head is what one sealing left: how far it brought which merchants' chains. Heads follow one another
// over all merchants, so taking one merchant back to an earlier state contradicts a later head.
type head struct {
	Number    int64
	SealedAt  time.Time
	Merchants []int64
	Seqs      []int64
	Hashes    [][]byte
	Hash      []byte
	MAC       []byte
}

// next is the head after this one. The seals stand in order of merchant and number.
func (h head) next(v *vault.Vault, seals []seal, at time.Time) head {
	n := head{Number: h.Number + 1, SealedAt: at}
	for i, s := range seals {
		if i+1 == len(seals) || seals[i+1].Merchant != s.Merchant {
			n.Merchants = append(n.Merchants, s.Merchant)
			n.Seqs = append(n.Seqs, s.Seq)
			n.Hashes = append(n.Hashes, s.Hash)
		}
	}
	n.Hash = n.sum(h.Hash)
	n.MAC = n.sign(v)
	return n
}

// sum is SHA-256 over the hash of the head before (32 zero bytes before the first) and what this one says.
func (h head) sum(before []byte) []byte {
	if h.Number == 1 {
		before = make([]byte, sha256.Size)
	}
	b := field(bytes.Clone(before), strconv.FormatInt(h.Number, 10))
	b = field(b, micros(h.SealedAt))
	for i, merchant := range h.Merchants {
		b = field(b, strconv.FormatInt(merchant, 10))
		b = field(b, strconv.FormatInt(h.Seqs[i], 10))
		b = field(b, string(h.Hashes[i]))
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func (h head) sign(v *vault.Vault) []byte {
	return v.MAC(headPurpose, strconv.FormatInt(h.Number, 10), string(h.Hash))
}
