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

// simulated is the simulated channel while the months are led through: at the journey's time, asked directly.
type simulated struct{ *sandbox.WeChat }

func (s simulated) SendPayment(ctx context.Context, o transfer.Order) (transfer.Answer, error) {
	t := sandbox.Transferred{Number: o.Number, OpenID: o.OpenID, Amount: int64(o.Amount), CheckName: string(o.Check), Name: o.Name, Description: o.Description}
	if _, same, err := s.TakeTransfer(ctx, &t); err != nil || !same {
		return transfer.Answer{Verdict: transfer.Unknown}, err
	}
	return transfer.Answer{Verdict: transfer.Verdict(t.Status), PaymentNo: t.PaymentNo, Amount: money.Fen(t.Amount), Reason: t.Reason}, nil
}

func (s simulated) FindPayment(_ context.Context, number string) (transfer.Answer, error) {
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
			asks[i] = transfer.Ask{Scope: payerScope(m), Number: fmt.Sprintf("%dFK%02d", m, i+1), OpenID: sandbox.OpenID(sandbox.DemoAppID, p.person),
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

// payerScope is that of the super admin, who signs and pays.
func payerScope(m int64) access.Scope {
	return access.Job(m, access.Actor{Name: fmt.Sprintf("admin01@%d", m)})
}

func (j *journey) transfers() transfer.Deps {
	channel := sandbox.New(j.DB, sandbox.Persons, sandbox.Config{AppID: sandbox.DemoAppID, MchID: sandbox.DemoMchID, Business: j.clock})
	return transfer.Deps{DB: j.DB, Clock: j.clock, Vault: j.Vault, Channel: simulated{channel}, Gate: j.Gate(j.clock)}
}
