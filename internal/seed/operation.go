package seed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/product"
)

// teaHouse is the merchant of the cast whose operations account is open.
const teaHouse int64 = 1230000101

// Days before today on which the tea house moves money to its operations account, and on which a part back.
var (
	movedIn   = []int{24, 17, 10, 3}
	movedBack = []int{7}
)

const (
	movedAmount     money.Fen = 500_000
	movedBackAmount money.Fen = 120_000
	operationAt               = 10*time.Hour + 30*time.Minute // after midnight
)

// operation is what the tea house does about its operations account on a day: it opens it, or moves money.
func (j *journey) operation(day clock.Day) []event {
	at := day.Start().Add(operationAt)
	ago := func(days []int) bool {
		return slices.ContainsFunc(days, func(n int) bool { return day == j.today.Add(-n) })
	}
	move := func(d operations.Direction, amount money.Fen, note string) []event {
		return []event{{at, func(ctx context.Context) error {
			return j.moves(ctx, operations.Params{Direction: d, Amount: amount, Note: note}, day)
		}}}
	}
	switch {
	case day == j.today.Add(-operationDays):
		return []event{{at, j.opensOperation}}
	case ago(movedIn):
		return move(operations.ToOperation, movedAmount, "活动备用金")
	case ago(movedBack):
		return move(operations.ToBasic, movedBackAmount, "活动结束，余款划回")
	}
	return nil
}

// teaAdmin is the tea house's super admin, who signs and moves.
var teaAdmin = access.Actor{Name: fmt.Sprintf("admin01@%d", teaHouse)}

// opensOperation signs the agreement and opens the account, unless an earlier start did.
func (j *journey) opensOperation(ctx context.Context) error {
	d := operations.Product()
	err := j.DB.InTx(ctx, func(tx db.Tx) error {
		_, err := product.New(j.clock, d).Open(ctx, tx, access.Job(teaHouse, teaAdmin), d.Signing(), j.clock.Now())
		return err
	})
	if errors.Is(err, product.ErrOpen) {
		return nil
	}
	return err
}

// moves moves money, no more than half of what the giving account holds: what else the demo does with that
// money decides how much there is.
func (j *journey) moves(ctx context.Context, p operations.Params, day clock.Day) error {
	return j.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, teaHouse); err != nil {
			return err
		}
		open, err := ledger.Balances(ctx, tx.PG(), teaHouse)
		if err != nil {
			return err
		}
		p.Amount = min(p.Amount, open[p.Direction.From()]/2)
		if _, has := open[ledger.Operation]; !has || p.Amount == 0 { // a demo of a few days begins after the opening
			return nil
		}
		once := uuid.NewSHA1(uuid.Nil, []byte(string(p.Direction)+day.String()))
		_, err = operations.Do(ctx, tx, access.Job(teaHouse, teaAdmin), p, once, j.clock.Now())
		return err
	})
}
