package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/vault"
)

const (
	upgraded int64 = 1900000208
	legacy   int64 = 1900000109
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, clock.Beijing)

// cast opens an upgraded merchant and a legacy one with their books.
func cast(t testing.TB, d *db.DB) {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		for id, system := range map[int64]merchant.System{upgraded: merchant.Upgraded, legacy: merchant.Legacy} {
			n := merchant.New{ID: id, Kind: merchant.Direct, LegalName: "商户", ShortName: "商户", Cycle: merchant.T1, System: system,
				FeeRate: 60, SettlementAccount: "6222000000001234", AppID: "wx1"}
			opened := noon.AddDate(0, 0, -10)
			if err := merchant.Create(t.Context(), tx, v, n, opened); err != nil {
				return err
			}
			if err := ledger.OpenBooks(t.Context(), tx, id, system, opened); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// post books transfers at noon and tells what became of them.
func post(t testing.TB, d *db.DB, transfers ...ledger.Transfer) (outcomes []ledger.Outcome) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx db.Tx) (err error) {
		outcomes, err = ledger.PostMany(t.Context(), tx, noon, transfers)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func topUp(merchant int64, a ledger.Account, key string, amount money.Fen) ledger.Transfer {
	return ledger.Transfer{Merchant: merchant, Kind: "topup", Key: key, BusinessNo: key, Applicant: "system",
		Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -amount}, {Account: a, Amount: amount, Row: ledger.RowTopUp}}}
}

func spend(merchant int64, a ledger.Account, key string, amount money.Fen, force bool) ledger.Transfer {
	return ledger.Transfer{Merchant: merchant, Kind: "refund", Key: key, BusinessNo: key, Applicant: "system",
		Legs: []ledger.Leg{{Account: a, Amount: -amount, Row: ledger.RowRefund, Force: force}, {Account: ledger.InRefund, Amount: amount}}}
}

// stands fails unless the merchant's accounts stand as wanted; others stand at nothing.
func stands(t testing.TB, d *db.DB, merchant int64, want map[ledger.Account]money.Fen) {
	t.Helper()
	got, err := ledger.Balances(t.Context(), d.PG(), merchant)
	if err != nil {
		t.Fatal(err)
	}
	for a, balance := range got {
		if balance != want[a] {
			t.Errorf("%s stands at %s, want %s", a, balance, want[a])
		}
	}
	for a, balance := range want {
		if _, ok := got[a]; !ok && balance != 0 {
			t.Errorf("%s is not there, want %s", a, balance)
		}
	}
}

func TestATransferIsBookedOnceAndARefusedOneLeavesItsNeighboursAlone(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	got := post(t, d, topUp(upgraded, ledger.Basic, "A", 100), spend(upgraded, ledger.Basic, "B", 101, false),
		topUp(upgraded, ledger.Operation, "C", 5), topUp(upgraded, ledger.Basic, "A", 100), spend(upgraded, ledger.Basic, "D", 60, false),
		topUp(legacy, ledger.Available, "A", 7))
	if got[0].ID != 1 || !errors.Is(got[1].Refused, ledger.ErrInsufficient) || !errors.Is(got[2].Refused, ledger.ErrNotOpen) ||
		!got[3].Known || got[3].ID != 1 || got[4].ID != 2 || got[5].ID != 1 {
		t.Errorf("%+v", got)
	}
	if want := "ledger.insufficient (Account=BASIC, Balance=1.00, Missing=0.01)"; fmt.Sprint(got[1].Refused) != want {
		t.Errorf("%v, want %s", got[1].Refused, want)
	}
	if again := post(t, d, spend(upgraded, ledger.Basic, "D", 60, false)); !again[0].Known || again[0].ID != 2 || !again[0].BookedAt.Equal(noon) {
		t.Errorf("%+v", again)
	}
	stands(t, d, upgraded, map[ledger.Account]money.Fen{ledger.Basic: 40, ledger.Bank: -100, ledger.InRefund: 60})
	stands(t, d, legacy, map[ledger.Account]money.Fen{ledger.Available: 7, ledger.Bank: -7})
}

func TestAForcedDebitLeavesAClaimThatTheNextIncomeRepays(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	post(t, d, topUp(upgraded, ledger.Basic, "A", 100), spend(upgraded, ledger.Basic, "B", 130, true))
	stands(t, d, upgraded, map[ledger.Account]money.Fen{ledger.Bank: -100, ledger.InRefund: 130, ledger.Due: -30})
	post(t, d, topUp(upgraded, ledger.Basic, "C", 20))
	stands(t, d, upgraded, map[ledger.Account]money.Fen{ledger.Bank: -120, ledger.InRefund: 130, ledger.Due: -10})
	post(t, d, topUp(upgraded, ledger.Basic, "D", 20))
	stands(t, d, upgraded, map[ledger.Account]money.Fen{ledger.Basic: 10, ledger.Bank: -140, ledger.InRefund: 130})
	post(t, d, spend(legacy, ledger.Unsettled, "B", 5, true))
	stands(t, d, legacy, map[ledger.Account]money.Fen{ledger.InRefund: 5, ledger.Due: -5})
	post(t, d, ledger.Transfer{Merchant: legacy, Kind: "trade", Key: "T", BusinessNo: "T", Applicant: "system",
		Legs: []ledger.Leg{{Account: ledger.Channel, Amount: -9}, {Account: ledger.Unsettled, Amount: 9, Row: ledger.RowTrade}}})
	stands(t, d, legacy, map[ledger.Account]money.Fen{ledger.Channel: -9, ledger.Unsettled: 4, ledger.InRefund: 5})
}

func TestWhatCannotBeATransferIsAMistakeOfOurs(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	unequal := topUp(upgraded, ledger.Basic, "A", 100)
	unequal.Legs[0].Amount++
	unnamed := topUp(upgraded, ledger.Basic, "A", 100)
	unnamed.Legs[1].Row = ""
	for name, wrong := range map[string]ledger.Transfer{"unequal": unequal, "unnamed": unnamed,
		"no account": topUp(upgraded, "POCKET", "A", 1), "no key": topUp(upgraded, ledger.Basic, "", 1), "no books": topUp(1900000999, ledger.Basic, "A", 1)} {
		err := d.InTx(t.Context(), func(tx db.Tx) error {
			_, err := ledger.PostMany(t.Context(), tx, noon, []ledger.Transfer{wrong})
			return err
		})
		if err == nil {
			t.Errorf("%s was booked", name)
		}
	}
}

func TestTheDatabaseItselfRefusesLegsThatDoNotAddUp(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	post(t, d, topUp(upgraded, ledger.Basic, "A", 100))
	_, err := d.PG().Exec(t.Context(), `INSERT INTO entries (merchant_id, transfer_id, leg, account, seq, amount, balance_after, booked_at, row_type, hash)
		VALUES ($1, 1, 3, 'BASIC', 2, 5, 105, $2, 'topup', $3)`, upgraded, noon, make([]byte, 32))
	if err == nil {
		t.Error("half a transfer was taken")
	}
}

func TestTimeNeverRunsBackInABook(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	post(t, d, topUp(upgraded, ledger.Basic, "A", 1))
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		o, err := ledger.Post(t.Context(), tx, noon.Add(-time.Hour), topUp(upgraded, ledger.Basic, "B", 1))
		if !o.BookedAt.Equal(noon) {
			t.Errorf("booked at %s", o.BookedAt)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestManyAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	post(t, d, topUp(upgraded, ledger.Basic, "start", 1000))
	var all sync.WaitGroup
	var mu sync.Mutex
	paid := 0
	for n := range 50 {
		all.Go(func() {
			err := d.InTx(t.Context(), func(tx db.Tx) error {
				_, err := ledger.Post(t.Context(), tx, noon, spend(upgraded, ledger.Basic, fmt.Sprint(n), 100, false))
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				paid++
			case !errors.Is(err, ledger.ErrInsufficient):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if paid != 10 {
		t.Errorf("%d of 10 were paid", paid)
	}
	stands(t, d, upgraded, map[ledger.Account]money.Fen{ledger.Bank: -1000, ledger.InRefund: 1000})
}

func TestFlowNumbersCarryTheirPlace(t *testing.T) {
	t.Parallel()
	if got := ledger.FlowNo(1900000208, ledger.Basic, "2026-11-23", 12_345_678); got != "1900000208202611231032345678" {
		t.Error(got)
	}
	if got := ledger.FlowNo(1900000208, ledger.Channel, "2026-11-23", 1); got != "" {
		t.Errorf("an account nobody reads has the number %s", got)
	}
	seen := map[string]bool{}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		seen[ledger.FlowNo(1900000208, ledger.Shown()[r.IntN(5)], "2026-11-23", r.Int64N(9_000_000)+1)] = true
	}
	if len(seen) < 990 {
		t.Errorf("only %d of 1000 differ", len(seen))
	}
}
