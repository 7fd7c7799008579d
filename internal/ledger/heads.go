package ledger

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Head says where an account's chain stood at the end of a business day that had entries.
type Head struct {
	Merchant  int64
	Account   Account
	Day       clock.Day
	FirstSeq  int64
	Previous  Hash // of the entry before the day's first
	Count     int64
	Head      Hash // of the day's last entry
	Balance   money.Fen
	KeyID     string
	Signature []byte
}

// Text is what is signed: a line for each value, none of which can hold a line's end.
func (h Head) Text() []byte {
	return fmt.Appendf(nil, "zhanggui head 1\n%d\n%s\n%s\n%d\n%s\n%d\n%s\n", h.Merchant, h.Account, h.Day, h.FirstSeq,
		hex.EncodeToString(h.Previous[:]), h.Count, hex.EncodeToString(h.Head[:]))
}

// Signer signs heads with the platform's key.
type Signer interface {
	KeyID() string
	Sign(text []byte) ([]byte, error)
}

// Keys knows the public halves of all keys that ever signed heads.
type Keys interface {
	Verify(keyID string, text, signature []byte) error
}

// CloseKind is the daily job that closes days, CloseAt when it runs, after midnight.
const (
	CloseKind = "ledger.close"
	CloseAt   = 5 * time.Minute
)

// closeBatch is how many merchants are closed in one transaction, and so how long their money waits.
const closeBatch = 16

// CloseDays signs the heads of all days that are over and not closed, and closes them: from then on
// nothing can be booked into them. Whatever was done before, by itself or by another process, stays done.
// It tells how many heads it signed.
func CloseDays(ctx context.Context, d *db.DB, s Signer, now time.Time) (signed int, err error) {
	last := clock.DayOf(now).Add(-1)
	if err := closeIdle(ctx, d, last); err != nil {
		return 0, err
	}
	for after := int64(0); ; {
		merchants, err := openMerchants(ctx, d.PG(), last, after)
		if err != nil || len(merchants) == 0 {
			return signed, err
		}
		var heads []Head
		err = d.InTx(ctx, func(tx db.Tx) (err error) {
			heads, err = closeBooks(ctx, tx, s, merchants, last, now)
			return err
		})
		if err != nil {
			return signed, err
		}
		signed += len(heads)
		after = merchants[len(merchants)-1]
	}
}

// closeBooks closes the days of some merchants, held meanwhile.
func closeBooks(ctx context.Context, tx db.Tx, s Signer, merchants []int64, last clock.Day, now time.Time) ([]Head, error) {
	if err := Hold(ctx, tx, merchants...); err != nil {
		return nil, err
	}
	heads, err := openHeads(ctx, tx, merchants, last)
	if err != nil {
		return nil, err
	}
	for i := range heads {
		heads[i].KeyID = s.KeyID()
		if heads[i].Signature, err = s.Sign(heads[i].Text()); err != nil {
			return nil, fmt.Errorf("sign head of %s of %d: %w", heads[i].Day, heads[i].Merchant, err)
		}
	}
	return heads, saveHeads(ctx, tx, heads, merchants, last, now)
}
