package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/signal"
)

// batchMax bounds the rows of one sealing transaction, and so the merchants of one head.
const batchMax = 2000

// sealLock lets one sealer of all processes work at a time.
const sealLock = 7_461_002

// batch is one sealing after another: what the last one did, and which markers lead nowhere.
type batch struct {
	sealer Sealer
	read   int // rows the last one was given
	seals  []seal
	head   head
	gone   []int64 // markers whose row somebody took away; they stay, and Verifier names them
}

// run seals the longest waiting rows. Among those that can be seen the lower number was written
// first, so an act that ended before another began comes before it in the chain.
func (b *batch) run(ctx context.Context, tx db.Tx) error {
	if _, err := tx.PG().Exec(ctx, "SELECT pg_advisory_xact_lock($1)", sealLock); err != nil {
		return fmt.Errorf("wait to seal: %w", err)
	}
	b.seals = b.seals[:0]
	waiting, err := readMarkers(ctx, tx.PG(), b.gone)
	if err != nil {
		return err
	}
	rows, tails, err := readWaiting(ctx, tx.PG(), waiting)
	if err != nil {
		return err
	}
	done := b.chain(waiting, rows, tails)
	b.read = len(waiting)
	if len(b.seals) == 0 {
		return nil
	}
	last, err := lastHead(ctx, tx.PG())
	if err != nil {
		return err
	}
	b.head = last.next(b.sealer.Vault, b.seals, clock.Wall())
	return b.save(ctx, tx, done)
}

// chain makes the seals, by merchant and in order, and tells which markers they fulfil.
func (b *batch) chain(waiting []marker, rows map[uuid.UUID]row, tails map[int64]link) (done []int64) {
	sealed := map[int64][]seal{}
	for _, m := range waiting {
		r, ok := rows[m.ID]
		if !ok || r.Merchant != m.Merchant || !r.At.Equal(m.At) {
			b.gone = append(b.gone, m.N)
			continue
		}
		s := tails[m.Merchant].seal(b.sealer.Vault, r)
		tails[m.Merchant] = s.link
		sealed[m.Merchant] = append(sealed[m.Merchant], s)
		done = append(done, m.N)
	}
	for _, merchant := range slices.Sorted(maps.Keys(sealed)) {
		b.seals = append(b.seals, sealed[merchant]...)
	}
	return done
}

// save writes the seals and their head, and takes the markers away.
func (b *batch) save(ctx context.Context, tx db.Tx, done []int64) error {
	if err := saveSeals(ctx, tx.PG(), b.seals); err != nil {
		return err
	}
	if err := saveHead(ctx, tx.PG(), b.head); err != nil {
		return err
	}
	tag, err := tx.PG().Exec(ctx, "DELETE FROM audit_queue WHERE n = ANY ($1)", done)
	if err != nil {
		return fmt.Errorf("audit queue: %w", err)
	}
	if tag.RowsAffected() != int64(len(done)) {
		return fmt.Errorf("audit queue: %d of %d markers were there", tag.RowsAffected(), len(done))
	}
	return signal.Notify(ctx, tx, TopicSealed)
}
