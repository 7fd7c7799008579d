package seed

import (
	"testing"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/transfer"
)

// What the demo paid its people stands in the channel's book and on their phones; an earlier start's payments
// are not paid again.
func TestTheChannelKnowsOfThePaymentsOfTheDemo(t *testing.T) {
	t.Parallel()
	p := parts(t)
	if err := Cast(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	day := clock.DayOf(now)
	j, d := depart(p, day), transfer.Product()
	for _, m := range payers {
		_, err := p.DB.PG().Exec(t.Context(), `INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, opened_at, version, agreement, hash)
			VALUES ($1, 9, $2, 'open', 'admin01', $3, $3, $4, $5, $6)`, m, d.Code, day.Start(), d.Agreement.Version, d.Agreement.Text, d.Agreement.Hash())
		if err == nil {
			err = p.DB.InTx(t.Context(), func(tx db.Tx) error {
				_, err := ledger.PostMany(t.Context(), tx, day.Start(), []ledger.Transfer{{Merchant: m, Kind: "topup", Key: "1", BusinessNo: "1", Applicant: "system",
					Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -1_000_000}, {Account: ledger.Basic, Amount: 1_000_000, Row: ledger.RowTopUp}}}})
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := j.payPeople(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := j.work.Walk(t.Context(), j.clock, now); err != nil {
			t.Fatal(err)
		}
	}
	var done, equal, shown int
	err := p.DB.PG().QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE e.state = 'success'), count(*) FILTER (WHERE b.effects = 1 AND b.status = 'SUCCESS'),
			(SELECT count(*) FROM sandbox.messages WHERE template = 'wechat_pay_transfer')
		FROM enterprise_payments e LEFT JOIN sandbox.book b ON b.operation = 'transfer' AND b.merchant_id = e.merchant_id AND b.amount = e.amount`).
		Scan(&done, &equal, &shown)
	if want := len(payers) * len(paid); err != nil || done != want || equal != want || shown != want {
		t.Errorf("%d paid, %d in the channel's book, %d on phones, %v; want %d", done, equal, shown, err, want)
	}
}
