package transfer

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// due reads what there is to do now, and locks it; what somebody else has in hand is left to them. What is
// to be sent waits until the payee's last payment lies far enough back.
func due(ctx context.Context, tx db.Tx, m int64, now time.Time, most int) ([]Payment, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+columns+` FROM enterprise_payments p
		WHERE merchant_id = $1 AND due_at <= $2 AND (state = 'processing' OR NOT EXISTS (SELECT FROM enterprise_payment_limits l
			WHERE l.merchant_id = p.merchant_id AND l.openid = p.openid AND l.sent_at > $3))
		ORDER BY due_at, n LIMIT $4 FOR UPDATE SKIP LOCKED`, m, now, now.Add(-Apart), most)
	if err != nil {
		return nil, fmt.Errorf("due payments of %d: %w", m, err)
	}
	return pgx.CollectRows(rows, scan)
}

// inHand writes that the payments are in hand.
func inHand(ctx context.Context, tx db.Tx, m int64, errands []errand, now time.Time) error {
	if len(errands) == 0 {
		return nil
	}
	var asked, sent []int64
	var payees []string
	for _, e := range errands {
		if e.last {
			asked = append(asked, e.N)
			continue
		}
		sent = append(sent, e.N)
		if !e.ask {
			payees = append(payees, e.OpenID)
		}
	}
	var b pgx.Batch
	b.Queue(`UPDATE enterprise_payments SET turns = turns + 1, due_at = $3 WHERE merchant_id = $1 AND n = ANY ($2)`, m, asked, now.Add(grip))
	b.Queue(`UPDATE enterprise_payments SET turns = turns + 1, due_at = $3, state = 'processing', sent_at = coalesce(sent_at, $4), tried_at = $4
		WHERE merchant_id = $1 AND n = ANY ($2)`, m, sent, now.Add(grip), now)
	b.Queue(holdTallies, m, payees)
	b.Queue(`UPDATE enterprise_payment_limits SET sent_at = $3 WHERE merchant_id = $1 AND openid = ANY ($2)`, m, payees, now)
	if err := tx.PG().SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("take payments of %d in hand: %w", m, err)
	}
	return nil
}

// nextDue is when there is next something to do; nil when nothing is open.
func nextDue(ctx context.Context, tx db.Tx, m int64) (at *time.Time, err error) {
	err = tx.PG().QueryRow(ctx, `SELECT min(CASE WHEN p.state = 'waiting' THEN greatest(p.due_at, l.sent_at + $2::interval) ELSE p.due_at END)
		FROM enterprise_payments p LEFT JOIN enterprise_payment_limits l ON l.merchant_id = p.merchant_id AND l.openid = p.openid
		WHERE p.merchant_id = $1 AND p.due_at IS NOT NULL`, m, Apart).Scan(&at)
	if err != nil {
		return nil, fmt.Errorf("next payment of %d: %w", m, err)
	}
	return at, nil
}

// unfinished lists the merchants that have open payments.
func unfinished(ctx context.Context, q db.Querier) ([]int64, error) {
	rows, err := q.Query(ctx, "SELECT merchant_id FROM enterprise_payments WHERE due_at IS NOT NULL GROUP BY 1 ORDER BY 1")
	if err != nil {
		return nil, fmt.Errorf("merchants with open payments: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// lockPayments reads payments to be changed, by their counts.
func lockPayments(ctx context.Context, tx db.Tx, m int64, counts []int64) (map[int64]Payment, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+columns+" FROM enterprise_payments WHERE merchant_id = $1 AND n = ANY ($2) ORDER BY n FOR UPDATE", m, counts)
	if err != nil {
		return nil, fmt.Errorf("payments of %d: %w", m, err)
	}
	all, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("payments of %d: %w", m, err)
	}
	found := make(map[int64]Payment, len(all))
	for _, p := range all {
		found[p.N] = p
	}
	return found, nil
}

// savePayments writes how payments stand, and gives the limits back what failed of their day.
func savePayments(ctx context.Context, tx db.Tx, m int64, all []Payment) error {
	var b pgx.Batch
	payees := []string{""}
	for _, p := range all {
		if p.State == Failed {
			payees = append(payees, p.OpenID)
		}
	}
	if len(payees) > 1 {
		b.Queue(holdTallies, m, payees)
	}
	for _, p := range all {
		b.Queue(`UPDATE enterprise_payments SET state = $3, due_at = $4, tried_at = $5, ended_at = $6, returned_to = $7, payment_no = $8, code = $9, reason = $10
			WHERE merchant_id = $1 AND n = $2`, m, p.N, p.State, p.DueAt, p.TriedAt, p.EndedAt, p.ReturnedTo, p.PaymentNo, p.Code, p.Reason)
		if p.State == Failed {
			b.Queue(`UPDATE enterprise_payment_limits SET amount = greatest(amount - $4, 0), count = greatest(count - 1, 0)
				WHERE merchant_id = $1 AND openid IN ($2, '') AND day = $3::text::date`, m, p.OpenID, p.Day, p.Amount)
		}
	}
	if err := tx.PG().SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("keep payments of %d: %w", m, err)
	}
	return nil
}
