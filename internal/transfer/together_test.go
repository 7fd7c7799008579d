package transfer_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/transfer"
)

func TestFiftyPaymentsWhileTheOperationsAccountOpensArePaidByOneAccountEach(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, dbtest.Clone(t))
			dice := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // drawn again from its seed
			at := dice.IntN(50)
			var short atomic.Int64
			var made sync.Map
			var all sync.WaitGroup
			opened := make(chan struct{})
			for i := range 50 {
				all.Go(func() {
					if i == at {
						w.openOperation(upgraded)
						w.fund(upgraded, ledger.Operation, 20_00)
						close(opened)
						return
					}
					err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
						p, err := w.Accept(t.Context(), tx, w.ask(upgraded, fmt.Sprintf("oPayee%d", i), 1_00))
						made.Store(i, p)
						return err
					})
					if fault.Is(err, ledger.ErrInsufficient.Code) {
						made.Delete(i)
						short.Add(1)
					} else if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			<-opened
			byAccount := map[ledger.Account]money.Fen{}
			made.Range(func(_, v any) bool {
				p, _ := v.(transfer.Payment)
				byAccount[p.PaidFrom] += p.Amount
				return true
			})
			if got := byAccount[ledger.Basic] + byAccount[ledger.Operation] + money.Fen(short.Load())*1_00; got != 49_00 {
				t.Errorf("%v are paid and %d refused", byAccount, short.Load())
			}
			w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00 - byAccount[ledger.Basic],
				ledger.Operation: 20_00 - byAccount[ledger.Operation], ledger.InTransfer: byAccount[ledger.Basic] + byAccount[ledger.Operation]})
			w.work(upgraded)
			w.stands(upgraded, map[ledger.Account]money.Fen{ledger.InTransfer: 0})
			w.sound()
		})
	}
}

func TestTwoAtOnceCannotBothTakeTheLastOfADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.fund(upgraded, ledger.Basic, 200_000_00)
	for i := range 19 {
		w.pays(w.ask(upgraded, fmt.Sprintf("oMany%d", i), 5_000_00))
	}
	var won, late atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
				_, err := w.Accept(t.Context(), tx, w.ask(upgraded, fmt.Sprintf("oLast%d", i), 5_000_00))
				return err
			})
			switch {
			case err == nil:
				won.Add(1)
			case fault.Is(err, transfer.ErrDay.Code):
				late.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || late.Load() != 7 {
		t.Errorf("%d are accepted, %d refused", won.Load(), late.Load())
	}
	w.sound()
}

func TestTheBarrierInTheChannelHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.channel.gate = make(chan struct{})
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	done := make(chan struct{})
	go func() { defer close(done); w.work(upgraded) }()
	w.channel.gate <- struct{}{} // it is at the channel, the answer is not here
	w.openOperation(upgraded)
	w.fund(upgraded, ledger.Operation, 10_00)
	if next := w.pays(w.ask(upgraded, "oPayee2", 5_00)); next.PaidFrom != ledger.Operation {
		t.Errorf("%s pays", next.PaidFrom)
	}
	close(w.channel.gate)
	<-done
	if now := w.is(p, transfer.Success); now.PaidFrom != ledger.Basic {
		t.Errorf("%s paid", now.PaidFrom)
	}
	w.sound()
}

// TestWhateverHappensMoneyIsNeverPaidTwiceNorLost walks random asks, faults and hours beside a model.
func TestWhateverHappensMoneyIsNeverPaidTwiceNorLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := inTx(t)
			dice := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // drawn again from its seed
			w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
				refused := transfer.Answer{Verdict: transfer.Refused, Code: "OPENID_ERROR"}
				switch dice.IntN(6) {
				case 0:
					return lost(o)
				case 1:
					return never(o)
				case 2:
					return refused, refused, nil
				case 3:
					return refused, transfer.Answer{}, errBroke
				case 4:
					return paid(o), transfer.Answer{Verdict: transfer.Going}, nil
				}
				return paid(o), paid(o), nil
			}
			var all []transfer.Payment
			for range 40 {
				if o := w.accept(w.ask(upgraded, fmt.Sprintf("oPayee%d", dice.IntN(8)), money.Fen(30+dice.IntN(1_000_00))))[0]; o.Refused == nil {
					all = append(all, o.Payment)
				}
				w.work(upgraded)
				w.clock.Advance(time.Duration(dice.IntN(60)) * time.Second)
			}
			for range 30 {
				w.clock.Advance(time.Hour)
				w.work(upgraded)
			}
			var out money.Fen
			for _, p := range all {
				now, times := w.get(p), w.channel.times(p)
				if !now.State.Ended() || times != map[transfer.State]int{transfer.Success: 1, transfer.Failed: 0}[now.State] {
					t.Errorf("payment %s is %s, its money left %d times", p.No(), now.State, times)
				}
				if now.State == transfer.Success {
					out += p.Amount
				}
			}
			w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00 - out, ledger.InTransfer: 0, ledger.Channel: out})
			w.sound()
		})
	}
}
