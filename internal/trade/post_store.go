package trade

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// postChunk is how many orders or refunds of an import are booked by one statement of the ledger.
const postChunk = 2_000

// The new orders and refunds of an import, in the order they came, each under a cursor so that memory stays flat.
const (
	newEarnings = `DECLARE earnings NO SCROLL CURSOR FOR
		SELECT merchant_id, transaction_id, out_trade_no, body, settlement, revoked, known, given, fee, CASE WHEN revoked THEN ARRAY(
			SELECT coalesce(sum(v), 0)::bigint FROM bill_refunds x CROSS JOIN LATERAL (VALUES
				(1, CASE WHEN status IN ('SUCCESS', 'PROCESSING') THEN settlement_refund END),
				(2, CASE WHEN status NOT IN ('SUCCESS', 'PROCESSING') THEN settlement_refund END)) AS p (n, v)
			WHERE x.merchant_id = e.merchant_id AND x.transaction_id = e.transaction_id AND status <> 'FAIL'
				AND source IN ('UNSETTLED', 'BASIC') GROUP BY n ORDER BY n) END,
			(SELECT CASE account_system WHEN 'legacy' THEN 'UNSETTLED' ELSE 'BASIC' END FROM merchants m WHERE m.merchant_id = e.merchant_id)
		FROM pg_temp.bill_earnings e`
	newGivings = `DECLARE givings NO SCROLL CURSOR FOR
		SELECT merchant_id, refund_id, out_refund_no, body, status, source, share, fee FROM pg_temp.bill_givings`
)

// undoRevoked keeps that refunds of an order that turned out to have been revoked moved nothing in the end.
const undoRevoked = `
	WITH gone AS (
		UPDATE trades t SET given_back = 0, taken_back = 0, charged = 0 FROM pg_temp.bill_earnings e
		WHERE e.revoked AND t.merchant_id = e.merchant_id AND t.transaction_id = e.transaction_id AND t.refunded > 0
		RETURNING t.merchant_id, t.transaction_id
	)
	UPDATE bill_refunds r SET source = 'NONE', fee_taken = 0 FROM gone
	WHERE r.merchant_id = gone.merchant_id AND r.transaction_id = gone.transaction_id AND r.status <> 'FAIL'`

func scanEarning(row pgx.CollectableRow) (e earning, err error) {
	var took []money.Fen // by refunds that came before it: left, waiting
	err = row.Scan(&e.merchant, &e.transactionID, &e.outTradeNo, &e.body, &e.settlement, &e.revoked, &e.known, &e.given, &e.fee, &took, &e.to)
	if len(took) > 0 {
		e.left, e.waiting = took[0], took[1]
	}
	return e, err
}

func scanGiving(row pgx.CollectableRow) (g giving, err error) {
	err = row.Scan(&g.merchant, &g.refundID, &g.outRefundNo, &g.body, &g.status, &g.source, &g.share, &g.fee)
	return g, err
}

// postImport books the money of what the import added: first its orders, then its refunds.
func postImport(ctx context.Context, tx db.Tx, b *booking) error {
	if err := postAll(ctx, tx, b, newEarnings, "FETCH 2000 FROM earnings", "CLOSE earnings", scanEarning); err != nil {
		return fmt.Errorf("book the orders' money: %w", err)
	}
	if _, err := tx.PG().Exec(ctx, undoRevoked); err != nil {
		return fmt.Errorf("refunds of revoked orders: %w", err)
	}
	if err := postAll(ctx, tx, b, newGivings, "FETCH 2000 FROM givings", "CLOSE givings", scanGiving); err != nil {
		return fmt.Errorf("book the refunds' money: %w", err)
	}
	return nil
}

// mover is what moves money.
type mover interface{ transfers() []ledger.Transfer }

func postAll[M mover](ctx context.Context, tx db.Tx, b *booking, declare, fetch, done string, scan pgx.RowToFunc[M]) error {
	if _, err := tx.PG().Exec(ctx, declare); err != nil {
		return err
	}
	for {
		rows, err := tx.PG().Query(ctx, fetch)
		if err != nil {
			return err
		}
		movers, err := pgx.CollectRows(rows, scan)
		if err != nil {
			return err
		}
		if err := post(ctx, tx, b.at, movers); err != nil {
			return err
		}
		if len(movers) < postChunk {
			_, err := tx.PG().Exec(ctx, done)
			return err
		}
	}
}

// post books the transfers of what moves money. All of it was decided outside: a refusal is a mistake of ours.
func post[M mover](ctx context.Context, tx db.Tx, at time.Time, movers []M) error {
	transfers := make([]ledger.Transfer, 0, 2*len(movers))
	for _, m := range movers {
		transfers = append(transfers, m.transfers()...)
	}
	outcomes, err := ledger.PostMany(ctx, tx, at, transfers)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o.Refused != nil {
			return fmt.Errorf("transfer %s %s of %d: %w", transfers[i].Kind, transfers[i].Key, transfers[i].Merchant, o.Refused)
		}
	}
	return nil
}

// dueSoon are the moments, to the second, at which new orders of upgraded merchants are due.
const dueSoon = `
	SELECT t.merchant_id, date_trunc('second', t.due_at)
	FROM trades t JOIN merchants m USING (merchant_id)
	WHERE m.account_system = 'upgraded' AND t.due_at IS NOT NULL AND (t.merchant_id, t.transaction_id) IN (
		SELECT merchant_id, transaction_id FROM bill_rows WHERE refund_id IS NULL)
	GROUP BY 1, 2 ORDER BY 1, 2`

// tellDue lets who settles know when the orders of the rows are due; with names them where they are no table.
func tellDue(ctx context.Context, tx db.Tx, told DueFunc, with string, args ...any) error {
	if told == nil {
		return nil
	}
	rows, err := tx.PG().Query(ctx, with+dueSoon, args...)
	if err != nil {
		return fmt.Errorf("when orders are due: %w", err)
	}
	due := map[int64][]time.Time{}
	var order []int64
	var merchant int64
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&merchant, &at}, func() error {
		if due[merchant] == nil {
			order = append(order, merchant)
		}
		due[merchant] = append(due[merchant], at)
		return nil
	})
	if err != nil {
		return fmt.Errorf("when orders are due: %w", err)
	}
	for _, m := range order {
		if err := told(ctx, tx, m, due[m]); err != nil {
			return err
		}
	}
	return nil
}
