package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/vault"
)

// What the program's key signs here; a signature for one is none for the other.
const (
	sealPurpose = "audit.seal"
	headPurpose = "audit.head"
)

// row is an audit row with everything a seal covers.
type row struct {
	Merchant     int64
	ID           uuid.UUID
	At, WallAt   time.Time
	Actor        string
	Account      *uuid.UUID
	Action       string
	Object       string
	Outcome      string
	Reason       string
	Address      string
	Agent        string
	Session      string
	Confirmation *uuid.UUID
	Details      []byte // JSON
}

// link is where a merchant's chain stands. The zero link is its beginning.
type link struct {
	Seq  int64
	Hash []byte
}

// seal makes a row a link of its merchant's chain.
type seal struct {
	Merchant int64
	link
	RowID uuid.UUID
	RowAt time.Time
	MAC   []byte
}

// seal makes the row the next link of the chain.
func (l link) seal(v *vault.Vault, r row) seal {
	next := link{Seq: l.Seq + 1, Hash: l.hash(r)}
	return seal{Merchant: r.Merchant, link: next, RowID: r.ID, RowAt: r.At, MAC: next.sign(v, r.Merchant)}
}

// hash is SHA-256 over the hash before (32 zero bytes before the first) and the row at its number.
func (l link) hash(r row) []byte {
	before := l.Hash
	if l.Seq == 0 {
		before = make([]byte, sha256.Size)
	}
	sum := sha256.Sum256(append(bytes.Clone(before), r.canonical(l.Seq+1)...))
	return sum[:]
}

// sign proves with the program's key that the merchant's chain stood here.
func (l link) sign(v *vault.Vault, merchant int64) []byte {
	return v.MAC(sealPurpose, strconv.FormatInt(merchant, 10), strconv.FormatInt(l.Seq, 10), string(l.Hash))
}

// canonical writes the row as its seal covers it: the version of this list, merchant, number, then
// the columns in the order of the type, each as its length in bytes, a colon and its text. Times are
// microseconds since 1970, an id that is not there is empty, details are JSON without spaces in the
// order the database keeps.
func (r row) canonical(seq int64) []byte {
	b := make([]byte, 0, 512)
	for _, text := range []string{
		"1", strconv.FormatInt(r.Merchant, 10), strconv.FormatInt(seq, 10), r.ID.String(), micros(r.At), micros(r.WallAt),
		r.Actor, idText(r.Account), r.Action, r.Object, r.Outcome, r.Reason, r.Address, r.Agent, r.Session,
		idText(r.Confirmation), compact(r.Details),
	} {
		b = field(b, text)
	}
	return b
}

func field(b []byte, text string) []byte {
	b = strconv.AppendInt(b, int64(len(text)), 10)
	return append(append(b, ':'), text...)
}

func micros(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }

func idText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// compact drops the spaces, which are the database's taste and not part of what was said.
func compact(details []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, details) != nil {
		return string(details) // not JSON: covered as it is
	}
	return b.String()
}
