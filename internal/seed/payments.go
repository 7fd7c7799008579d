package seed

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/product"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/transfer"
)

// The merchants that pay people, since when, and when they did.
var payers = []int64{1900000208, 1230000101}

const (
	payersOpen = 3 // days ago
	payersPay  = 2
	payersAt   = 15 * time.Hour
)

// paid are the payments of the demo: to whom, how much, and what for.
var paid = []struct {
	person string
	amount money.Fen
	what   string
}{{"p-zhangmin", 328_00, "十一月差旅报销"}, {"p-lihua", 66_00, "老客户返现"}, {"p-qianduo", 120_50, "推广佣金"}}

// promptPayer is the channel while the months are led through: it pays at once.
type promptPayer struct{}

func (promptPayer) SendPayment(_ context.Context, o transfer.Order) (transfer.Answer, error) {
	return transfer.Answer{Verdict: transfer.Paid, PaymentNo: "1000018" + o.Number[len(o.Number)-18:], Amount: o.Amount}, nil
}

func (p promptPayer) FindPayment(_ context.Context, number string) (transfer.Answer, error) {
	return transfer.Answer{Verdict: transfer.Unknown, Code: number}, nil
}

// payments are what happens of them on a day.
func (j *journey) payments(day clock.Day) []event {
	at := day.Start().Add(payersAt)
	switch day {
	case j.today.Add(-payersOpen):
		return []event{{at, j.openPayments}}
	case j.today.Add(-payersPay):
		return []event{{at, j.payPeople}}
	}
	return nil
}

// openPayments opens enterprise payment, by the agreement of the day.
func (j *journey) openPayments(ctx context.Context) error {
	centre := product.New(j.clock, transfer.Product())
	for _, m := range payers {
		err := j.DB.InTx(ctx, func(tx db.Tx) error {
			if open, err := product.IsOpen(ctx, tx.PG(), m, transfer.Code); err != nil || open {
				return err
			}
			_, err := centre.Open(ctx, tx, payerScope(m), transfer.Product().Signing(), j.clock.Now())
			if _, refused := fault.As(err); refused {
				return nil // its months are too short: nobody is paid then
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("open enterprise payment of %d: %w", m, err)
		}
	}
	return nil
}

// payPeople pays some of the demo's people. The same numbers again pay nobody twice.
func (j *journey) payPeople(ctx context.Context) error {
	for _, m := range payers {
		asks := make([]transfer.Ask, len(paid))
		for i, p := range paid {
			asks[i] = transfer.Ask{Scope: payerScope(m), Number: fmt.Sprintf("FK%d%02d", m, i+1), OpenID: sandbox.OpenID(sandbox.DemoAppID, p.person),
				Check: transfer.NoCheck, Amount: p.amount, Description: p.what, Address: "203.0.113.7"}
		}
		err := j.DB.InTx(ctx, func(tx db.Tx) error {
			if err := ledger.Hold(ctx, tx, m); err != nil {
				return err
			}
			_, err := j.transfers().AcceptMany(ctx, tx, asks) // what the account cannot cover stays away
			return err
		})
		if err != nil {
			return fmt.Errorf("payments of %d: %w", m, err)
		}
	}
	return nil
}

func payerScope(m int64) access.Scope { return access.Job(m, access.System) }

func (j *journey) transfers() transfer.Deps {
	return transfer.Deps{DB: j.DB, Clock: j.clock, Vault: j.Vault, Channel: promptPayer{}, Gate: j.Gate(j.clock)}
}
