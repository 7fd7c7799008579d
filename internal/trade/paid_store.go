package trade

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// paidRows are notices under the name that the statements of bills read rows from.
const paidRows = `bill_rows AS (
		SELECT *, 'SUCCESS' AS trade_state, '' AS rate_note, NULL::text AS refund_id
		FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::timestamptz[], $10::integer[],
			$11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[])
			WITH ORDINALITY AS p (merchant_id, sp_mchid, total, settlement_total, coupon, fee, at, rate, transaction_id, out_trade_no,
			trade_type, bank_type, appid, openid, device, body, attach, line)
	), `

// paidStates compares each notice with the order that the books have now.
const paidStates = `
	SELECT s.line, t.transaction_id IS NOT NULL AND (t.out_trade_no, t.sp_mchid, t.total, t.settlement_total, t.coupon)
		= (s.out_trade_no, s.sp_mchid, s.total, s.settlement_total, s.coupon), coalesce(t.recorded_at = $1 AND t.import_id IS NULL, false)
	FROM bill_rows s LEFT JOIN trades t USING (merchant_id, transaction_id) ORDER BY s.line`

// takeWait is how long a batch of notices waits for the books of a merchant: the channel waits 5 seconds for its
// answer and then sends again, and others' notices are in the batch too.
const takeWait = "1s"

// payee is what taking an order in needs of its merchant. Whether the merchant is suspended it does not: who has
// paid has paid, and suspended merchants are kept from what leads money out.
type payee struct {
	parent int64
	rate   money.Rate
}

// TakeMany takes orders in that the channel told of, and books their money; of each it says what became of
// it. The same notice again changes nothing. A refused one leaves its neighbours alone.
func TakeMany(ctx context.Context, tx db.Tx, at time.Time, asks []Paid, due DueFunc) ([]Taken, error) {
	taken := make([]Taken, len(asks))
	payees, err := readPayees(ctx, tx, asks)
	if err != nil {
		return nil, err
	}
	merchants := map[int64]bool{}
	var good []int // places in asks
	for i, p := range asks {
		if taken[i].Refused = p.refuse(payees, at); taken[i].Refused == nil {
			good = append(good, i)
			merchants[p.MerchantID] = true
		}
	}
	if len(good) == 0 {
		return taken, nil
	}
	if _, err := tx.PG().Exec(ctx, "SET LOCAL lock_timeout = '"+takeWait+"'"); err != nil {
		return nil, fmt.Errorf("take orders in: %w", err)
	}
	if err := ledger.Hold(ctx, tx, slices.Sorted(maps.Keys(merchants))...); err != nil {
		return nil, err
	}
	args := append([]any{at, nil}, paidArgs(asks, good, payees)...)
	for _, sql := range []string{insertTrades + dayDeltas, fillStubs + dayMoves} {
		if _, err := tx.PG().Exec(ctx, "WITH "+paidRows+sql, args...); err != nil {
			return nil, fmt.Errorf("take orders in: %w", err)
		}
	}
	if err := compareTaken(ctx, tx, args, good, taken); err != nil {
		return nil, err
	}
	var earnings []earning
	for _, i := range good {
		if p := asks[i]; taken[i].Refused == nil {
			earnings = append(earnings, earning{merchant: p.MerchantID, transactionID: p.TransactionID, outTradeNo: p.OutTradeNo,
				body: p.Body, settlement: p.SettlementTotal})
		}
	}
	if err := post(ctx, tx, at, earnings); err != nil {
		return nil, fmt.Errorf("book orders' money: %w", err)
	}
	return taken, tellDue(ctx, tx, due, "WITH "+paidRows+"told AS (SELECT $1::timestamptz, $2::uuid)", args...)
}

func (p Paid) refuse(payees map[int64]payee, at time.Time) error {
	if err := p.check(at); err != nil {
		return err
	}
	if to, ok := payees[p.MerchantID]; !ok || p.SPMchID != 0 && p.SPMchID != to.parent {
		return ErrPayee.With("Merchant", fmt.Sprint(p.MerchantID))
	}
	if payees[p.MerchantID].rate.Of(p.SettlementTotal) > feeMax {
		return ErrPaid.With("Number", p.TransactionID)
	}
	return nil
}

func readPayees(ctx context.Context, tx db.Tx, asks []Paid) (map[int64]payee, error) {
	ids := make([]int64, len(asks))
	for i, p := range asks {
		ids[i] = p.MerchantID
	}
	rows, err := tx.PG().Query(ctx, `
		SELECT merchant_id, parent_mchid, fee_rate FROM merchants WHERE merchant_id = ANY ($1) AND merchant_id <> 0`, ids)
	if err != nil {
		return nil, fmt.Errorf("payees: %w", err)
	}
	all := map[int64]payee{}
	var id int64
	var p payee
	_, err = pgx.ForEachRow(rows, []any{&id, &p.parent, &p.rate}, func() error { all[id] = p; return nil })
	if err != nil {
		return nil, fmt.Errorf("payees: %w", err)
	}
	return all, nil
}

// paidArgs are the columns of paidRows.
func paidArgs(asks []Paid, good []int, payees map[int64]payee) []any {
	var merchants, providers, totals, settlements, coupons, fees []int64
	var at []time.Time
	var rates []int32
	texts := make([][]string, 9)
	for _, i := range good {
		p := asks[i]
		rate := payees[p.MerchantID].rate
		merchants, providers = append(merchants, p.MerchantID), append(providers, p.SPMchID)
		totals, settlements = append(totals, int64(p.Total)), append(settlements, int64(p.SettlementTotal))
		coupons, fees = append(coupons, int64(p.Coupon)), append(fees, int64(rate.Of(p.SettlementTotal)))
		at, rates = append(at, p.SuccessTime), append(rates, int32(rate))
		for n, text := range []string{p.TransactionID, p.OutTradeNo, p.TradeType, p.BankType, p.AppID, p.OpenID, p.Device, p.Body, p.Attach} {
			texts[n] = append(texts[n], text)
		}
	}
	args := []any{merchants, providers, totals, settlements, coupons, fees, at, rates}
	for _, column := range texts {
		args = append(args, column)
	}
	return args
}

// compareTaken refuses notices that the books contradict, and marks those they knew.
func compareTaken(ctx context.Context, tx db.Tx, args []any, good []int, taken []Taken) error {
	rows, err := tx.PG().Query(ctx, "WITH "+paidRows+"told AS (SELECT $2::uuid)"+paidStates, args...)
	if err != nil {
		return fmt.Errorf("compare orders: %w", err)
	}
	var line int64
	var agrees, fresh bool
	_, err = pgx.ForEachRow(rows, []any{&line, &agrees, &fresh}, func() error {
		t := &taken[good[line-1]]
		t.Known = agrees && !fresh
		if !agrees {
			t.Refused = ErrContradicts
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("compare orders: %w", err)
	}
	return nil
}
