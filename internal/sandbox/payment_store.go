package sandbox

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// addPayments writes payments; the form's key stands on the first of them.
func (s store) addPayments(ctx context.Context, tx db.Tx, all []Paid, once string) error {
	var b pgx.Batch
	for i, p := range all {
		if i > 0 {
			once = ""
		}
		b.Queue(`
			INSERT INTO sandbox.payments (transaction_id, merchant_id, sp_mchid, out_trade_no, person, once, trade_type, appid, openid, total, paid_at, event_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (person, once) WHERE once <> '' DO NOTHING`,
			p.TransactionID, p.Merchant, p.SPMchID, p.OutTradeNo, p.Person, once, p.TradeType, p.AppID, p.OpenID, p.Amount, p.At, p.EventID)
	}
	sent := tx.PG().SendBatch(ctx, &b)
	first, err := sent.Exec()
	if closed := sent.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("payments: %w", err)
	}
	if first.RowsAffected() == 0 {
		return errPaidBefore
	}
	return nil
}

// The ways to look payments up.
const (
	paidByKey     = `WHERE p.person = $1 AND p.once = $2`
	paidByNumber  = `WHERE p.transaction_id = $1`
	paidByPerson  = `WHERE p.person = $1 ORDER BY p.paid_at DESC, p.transaction_id DESC LIMIT $2`
	paymentSelect = `
		SELECT p.transaction_id, p.out_trade_no, p.merchant_id, p.sp_mchid, p.total, p.paid_at, p.trade_type, p.appid, p.openid, p.person, p.event_id,
			CASE WHEN e.accepted_at IS NULL THEN e.last_error ELSE '' END
		FROM sandbox.payments p JOIN sandbox.events e ON e.id = p.event_id `
)

// payments finds payments in one of those ways, with what became of their notifications.
func (s store) payments(ctx context.Context, where string, args ...any) ([]Paid, error) {
	rows, err := s.db.PG().Query(ctx, paymentSelect+where, args...)
	if err != nil {
		return nil, fmt.Errorf("payments: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Paid])
}
