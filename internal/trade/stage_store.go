package trade

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/trade/bill"
)

// lockWait bounds how long an import waits for another one of the same merchant.
const lockWait = "10min"

const stage = "bill_rows"

// openStage makes the place where a file's rows stand before they are booked, and where what is new of them
// stands until its money is: tables of this transaction alone, without indexes and without write-ahead log.
func openStage(ctx context.Context, tx db.Tx) error {
	_, err := tx.PG().Exec(ctx, `
		CREATE TEMP TABLE IF NOT EXISTS bill_rows (
			merchant_id bigint, sp_mchid bigint, total bigint, settlement_total bigint, coupon bigint, fee bigint,
			at timestamptz, line integer, rate integer,
			transaction_id text, out_trade_no text, trade_type text, trade_state text, bank_type text, appid text,
			openid text, device text, rate_note text, body text, attach text,
			refund_id text, out_refund_no text, refund_state text, refund_type text,
			refund bigint, settlement_refund bigint, coupon_refund bigint, succeeded_at timestamptz
		) ON COMMIT DROP`)
	if err != nil {
		return fmt.Errorf("open stage: %w", err)
	}
	for _, sql := range []string{
		`CREATE TEMP TABLE IF NOT EXISTS bill_earnings (merchant_id bigint, transaction_id text, out_trade_no text, body text,
			settlement bigint, revoked boolean, known boolean DEFAULT false, given bigint DEFAULT 0, fee bigint DEFAULT 0) ON COMMIT DROP`,
		`CREATE TEMP TABLE IF NOT EXISTS bill_givings (merchant_id bigint, refund_id text, out_refund_no text, transaction_id text,
			status text, share bigint, told bigint, fee bigint, source text, body text, early boolean) ON COMMIT DROP`,
		"TRUNCATE bill_rows, bill_earnings, bill_givings",
	} {
		if _, err := tx.PG().Exec(ctx, sql); err != nil {
			return fmt.Errorf("open stage: %w", err)
		}
	}
	return nil
}

var (
	orderColumns = []string{"merchant_id", "sp_mchid", "total", "settlement_total", "coupon", "fee", "at", "line", "rate",
		"transaction_id", "out_trade_no", "trade_type", "trade_state", "bank_type", "appid", "openid", "device",
		"rate_note", "body", "attach"}
	stageColumns = slices.Concat(orderColumns, []string{"refund_id", "out_refund_no", "refund_state", "refund_type",
		"refund", "settlement_refund", "coupon_refund", "succeeded_at"})
)

// fillStage streams the file's rows into the stage.
func fillStage(ctx context.Context, tx db.Tx, src *stageSource) error {
	if _, err := tx.PG().CopyFrom(ctx, pgx.Identifier{stage}, stageColumns, src); err != nil {
		return fmt.Errorf("stage rows: %w", err)
	}
	// Without these figures the planner takes every staged row for a refund and reads all orders there are.
	if _, err := tx.PG().Exec(ctx, "ANALYZE bill_rows (merchant_id, transaction_id, refund_id, trade_state)"); err != nil {
		return fmt.Errorf("look at stage: %w", err)
	}
	return nil
}

// progressEvery is how many rows pass between two tellings of progress.
const progressEvery = 1_000

// stageSource hands the reader's rows to COPY, one at a time. After the first fault it reads on, to
// find the others, and hands out nothing more.
type stageSource struct {
	reader   *bill.Reader
	target   *target
	tally    *tally
	size     int64
	progress Progress

	owner, provider int64
	values          [28]any
	seen            int
	others          map[string]bool // numbers of foreign merchants already told
}

// Next finds the next row to stage.
func (s *stageSource) Next() bool {
	for s.reader.Next() {
		if s.seen++; s.seen%progressEvery == 0 {
			s.tell()
		}
		if _, lines := s.reader.Refused(); s.place() && lines == 0 {
			return true
		}
	}
	s.tell()
	return false
}

// place finds the row's owner. A foreign merchant is told once, at its first line.
func (s *stageSource) place() bool {
	row := s.reader.Row()
	owner, provider, code, subject := s.target.place(row)
	if code == "" {
		s.owner, s.provider = owner, provider
		s.tally.add(owner, row)
		return true
	}
	if len(s.others) < bill.FaultsMax && !s.others[subject] {
		if s.others == nil {
			s.others = map[string]bool{}
		}
		s.others[subject] = true
		s.reader.Refuse(code, "Number", subject, "Merchant", s.target.merchant)
	}
	return false
}

func (s *stageSource) tell() {
	if s.progress != nil {
		s.progress(s.reader.Bytes(), s.size)
	}
}

// Err is what kept the file from being read.
func (s *stageSource) Err() error { return s.reader.Err() }

// Values are the row's columns. Order columns stand on refunds too: a stub is made of them.
func (s *stageSource) Values() ([]any, error) {
	r, v := s.reader.Row(), &s.values
	*v = [28]any{s.owner, s.provider, int64(r.Total), int64(r.Settlement), int64(r.Coupon), int64(r.Fee.Round()), r.Time,
		int32(r.Line), int32(r.Rate), r.TransactionID, r.OutTradeNo, r.TradeType, r.TradeState, r.BankType, r.AppID,
		r.OpenID, r.Device, r.RateNote, r.Body, r.Attach}
	if !r.IsRefund() {
		return v[:], nil
	}
	if !r.AskedAt.IsZero() {
		v[6] = r.AskedAt
	}
	refund := v[len(orderColumns):]
	refund[0], refund[1], refund[2], refund[3] = r.RefundID, r.OutRefundNo, r.RefundState, r.RefundType
	refund[4], refund[5], refund[6] = int64(r.RefundAsked), int64(r.Refund), int64(r.CouponRefund)
	if !r.SucceededAt.IsZero() {
		refund[7] = r.SucceededAt
	}
	return v[:], nil
}

// holdMerchants lets nobody else move these merchants' money or book for them until the import ends.
func holdMerchants(ctx context.Context, tx db.Tx, ms []MerchantRows) error {
	if _, err := tx.PG().Exec(ctx, "SET LOCAL lock_timeout = '"+lockWait+"'"); err != nil {
		return fmt.Errorf("lock wait: %w", err)
	}
	merchants := make([]int64, len(ms))
	for i, m := range ms {
		merchants[i] = m.Merchant
	}
	return ledger.Hold(ctx, tx, merchants...)
}
