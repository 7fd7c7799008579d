package transfer_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/transfer"
)

func TestAsksOfSeveralMerchantsAreDecidedEachByItsOwn(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.openOperation(upgraded) // empty: BASIC no longer pays
	same := func(m int64, amount money.Fen) transfer.Ask {
		a := w.ask(m, "oPayee1", amount)
		a.Number = "SAME1"
		return a
	}
	out := w.accept(same(upgraded, 88_00), same(legacy, 88_00), same(legacy, 88_00), same(legacy, 99_00))
	if !fault.Is(out[0].Refused, ledger.ErrInsufficient.Code) || out[0].Payment.N != 0 {
		t.Errorf("the empty account: %+v", out[0])
	}
	if out[1].Refused != nil || out[1].Payment.PaidFrom != ledger.Available || !out[2].Known || out[2].Payment.N != out[1].Payment.N {
		t.Errorf("the same twice: %+v, %+v", out[1], out[2])
	}
	if !fault.Is(out[3].Refused, transfer.ErrOther.Code) {
		t.Errorf("another under the number: %+v", out[3])
	}
	w.fund(upgraded, ledger.Operation, 100_00)
	out = w.accept(w.ask(legacy, "oPayee2", 1_00), same(upgraded, 60_00), w.ask(upgraded, "oPayee2", 60_00), w.ask(upgraded, "oPayee3", 40_00))
	if out[0].Refused != nil || out[1].Refused != nil || out[1].Payment.PaidFrom != ledger.Operation || out[1].Payment.Merchant != upgraded ||
		!fault.Is(out[2].Refused, ledger.ErrInsufficient.Code) || out[3].Refused != nil {
		t.Errorf("the last of the account: %+v", out)
	}
	w.in(closeProduct(legacy))
	out = w.accept(w.ask(legacy, "oPayee4", 1_00), w.ask(upgraded, "oPayee4", 30))
	if !fault.Is(out[0].Refused, transfer.ErrProduct.Code) || !fault.Is(out[1].Refused, ledger.ErrInsufficient.Code) {
		t.Errorf("without the product, and without money: %+v", out)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00, ledger.Operation: 0, ledger.InTransfer: 100_00})
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Available: 49_911_00, ledger.InTransfer: 89_00})
	w.work(upgraded)
	w.work(legacy)
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InTransfer: 0})
	w.sound()
}

// closeProduct takes the product from a merchant.
func closeProduct(m int64) func(context.Context, db.Tx) error {
	return func(ctx context.Context, tx db.Tx) error {
		_, err := tx.PG().Exec(ctx, "UPDATE product_openings SET state = 'closed', closed_by = 'system', closed_at = opened_at WHERE merchant_id = $1 AND code = $2", m, transfer.Code)
		return err
	}
}

func TestCallsForTheSameMerchantsInOppositeOrderDoNotBlockEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	const callers, each = 6, 10
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for n := range each {
				asks := []transfer.Ask{w.ask(upgraded, fmt.Sprintf("oP%dx%d", i, n), 30), w.ask(legacy, fmt.Sprintf("oP%dx%d", i, n), 30)}
				if i%2 == 1 {
					asks[0], asks[1] = asks[1], asks[0]
				}
				err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
					out, err := w.AcceptMany(t.Context(), tx, asks)
					for _, o := range out {
						if err == nil {
							err = o.Refused
						}
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	const gone money.Fen = callers * each * 30
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00 - gone, ledger.InTransfer: gone})
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Available: 50_000_00 - gone, ledger.InTransfer: gone})
	w.sound()
}
