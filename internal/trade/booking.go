package trade

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/trade/bill"
)

// booking is one file on its way into the books.
type booking struct {
	due      DueFunc
	target   target
	file     File
	progress Progress
	importID uuid.UUID
	at       time.Time
	report   Report
}

// run stages the rows, then books them set by set. Its faults are complete up to the stage that found them.
func (b *booking) run(ctx context.Context, tx db.Tx) error {
	b.report = Report{}
	if _, err := b.file.Body.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("bill file: %w", err)
	}
	if err := openStage(ctx, tx); err != nil {
		return err
	}
	r := bill.NewReader(b.file.Body)
	src := &stageSource{reader: r, target: &b.target, tally: newTally(), size: b.file.Size, progress: b.progress}
	if err := fillStage(ctx, tx, src); err != nil {
		return err
	}
	b.report.take(r)
	b.count(src.tally)
	if b.report.FaultLines > 0 {
		return errRefused
	}
	if err := holdMerchants(ctx, tx, b.report.Merchants); err != nil {
		return err
	}
	for _, stage := range []func(context.Context, db.Tx, *booking) error{bookTrades, bookRefunds} {
		if err := stage(ctx, tx, b); err != nil {
			return err
		}
		if b.report.FaultLines > 0 {
			return errRefused
		}
	}
	if err := postImport(ctx, tx, b); err != nil {
		return err
	}
	if err := readLines(ctx, tx, b); err != nil {
		return err
	}
	return tellDue(ctx, tx, b.due, "")
}

func (b *booking) count(t *tally) {
	p := &b.report
	p.Orders, p.Refunds, p.Revoked = t.orders, t.refunds, t.revoked
	if t.refunds > 0 {
		p.RefundStates = t.states
	}
	p.Merchants = t.sorted()
}
