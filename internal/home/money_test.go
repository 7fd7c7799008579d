package home_test

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/home"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// books moves the merchant's money.
func (s *shop) books(key string, at time.Time, legs ...ledger.Leg) {
	s.t.Helper()
	s.in(func(tx db.Tx) error {
		_, err := ledger.Post(s.t.Context(), tx, at, ledger.Transfer{Merchant: noodles, Kind: "correction", Key: key, BusinessNo: key, Applicant: "system", Legs: legs})
		return err
	})
}

func TestTheFirstPageSaysWhatTheBooksSay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	fee := func(key string, at time.Time, amount money.Fen, row ledger.RowType) {
		s.books(key, at, ledger.Leg{Account: ledger.Suspense, Amount: -amount}, ledger.Leg{Account: ledger.FeeIncome, Amount: amount, Row: row})
	}
	fee("1", noon.AddDate(0, 0, 1), 60, ledger.RowFeeCharged)
	fee("2", noon.AddDate(0, 0, 1), -10, ledger.RowFeeReturned)
	fee("3", noon.AddDate(0, 0, 2), 7, ledger.RowFeeCharged)
	now := noon.AddDate(0, 0, 2)
	s.books("4", now, ledger.Leg{Account: ledger.Suspense, Amount: -500}, ledger.Leg{Account: ledger.Available, Amount: 500, Row: ledger.RowCorrection})
	s.books("5", now, ledger.Leg{Account: ledger.Unsettled, Amount: -30, Row: ledger.RowRefund, Force: true}, ledger.Leg{Account: ledger.InRefund, Amount: 30})
	if _, err := s.db.PG().Exec(t.Context(), `INSERT INTO balance_alerts (merchant_id, account, threshold, watchers, changed_at, changed_by)
		VALUES ($1, 'AVAILABLE', 501, $2, $3, 'x')`, noodles, []string{s.owner.Actor().Account.String()}, now); err != nil {
		t.Fatal(err)
	}
	v, err := home.Read(t.Context(), s.db.PG(), s.owner, now)
	if err != nil || v.Money == nil {
		t.Fatalf("%+v, %v", v, err)
	}
	today := clock.DayOf(now)
	if m := v.Money; m.Balances[ledger.Available] != 500 || m.Balances[ledger.Due] != -30 || m.Fees(today.Add(-1)) != 50 || m.Fees(today) != 7 ||
		len(m.Low) != 1 || m.Low[0].Account != ledger.Available || m.Low[0].Threshold != 501 {
		t.Errorf("%+v", m)
	}
	if v, err = home.Read(t.Context(), s.db.PG(), s.clerk, now); err != nil || v.Money != nil {
		t.Errorf("who may not see funds sees %+v, %v", v.Money, err)
	}
}
