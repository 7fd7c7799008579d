package trade_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

// order is an order of the gym in a bill; refund one of its refunds.
func order(id string, total int64) bill.Row {
	r := bill.Row{Time: evening.Add(-time.Hour), MchID: gym, TransactionID: id, OutTradeNo: "O-" + id, TradeType: "JSAPI",
		TradeState: bill.StateSuccess}
	r.Total, r.Settlement = money.Fen(total), money.Fen(total)
	return r
}

func refund(id, of, state string, amount int64) bill.Row {
	r := order(of, 0)
	r.Time = evening
	r.TradeState, r.RefundID, r.OutRefundNo, r.RefundState, r.RefundType = bill.StateRefund, id, "R-"+id, state, "ORIGINAL"
	r.Refund, r.RefundAsked = money.Fen(amount), money.Fen(amount)
	return r
}

// file writes rows as a bill.
func file(l bill.Layout, rows ...bill.Row) []byte {
	var out bytes.Buffer
	w := bill.NewWriter(&out, l)
	for i := range rows {
		w.Write(&rows[i])
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func TestARefundReducesItsOrderUnlessItFailed(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	p := imported(t, d, gym, file(bill.All, order("T1", 1000), order("T2", 500), order("T3", 300),
		refund("F1", "T1", "SUCCESS", 100), refund("F2", "T1", "PROCESSING", 200), refund("F3", "T1", "CHANGE", 300),
		refund("F4", "T1", "FAIL", 1000), refund("F5", "T2", "FAIL", 500), refund("F6", "T3", "ODD", 10)))
	if p.RefundStates["FAIL"] != 2 || p.Unknown["refund_state=ODD"] != 1 {
		t.Errorf("reported: %+v", p)
	}
	for id, want := range map[string]struct {
		refunded int64
		state    string
	}{"T1": {600, "REFUND"}, "T2": {0, "SUCCESS"}, "T3": {10, "REFUND"}} {
		got, err := trade.Get(t.Context(), d.PG(), member(gym), id)
		if err != nil || int64(got.Refunded) != want.refunded || got.TradeState != want.state {
			t.Errorf("%s: %d, %s, %v", id, got.Refunded, got.TradeState, err)
		}
	}
	sound(t, d)
}

func TestAFailedRefundLargerThanWhatIsLeftOfItsOpenOrderMovesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	castOn(t, d, merchant.Upgraded)
	// 300.00 is left: F1 and F5 are larger, F3 and F4 together come to more than it.
	imported(t, d, gym, file(bill.All, order("T1", 1000_00), refund("F1", "T1", "FAIL", 500_00),
		refund("F2", "T1", "SUCCESS", 700_00), refund("F3", "T1", "FAIL", 200_00), refund("F4", "T1", "FAIL", 300_00)))
	imported(t, d, gym, file(bill.All, refund("F5", "T1", "FAIL", 400_00)))
	books, err := ledger.Balances(t.Context(), d.PG(), gym)
	if err != nil || books[ledger.Unsettled] != 300_00 || books[ledger.Due] != 0 || books[ledger.InRefund] != 0 {
		t.Errorf("after refunds that failed: %v, %v", books, err)
	}
	if n := count(t, d, "bill_refunds WHERE source = 'NONE'"); n != 2 {
		t.Errorf("%d refunds move nothing, not the two larger ones", n)
	}
	sound(t, d)
	settleAll(t, d, gym, merchant.Upgraded, 1)
	sound(t, d)
}

func TestABillNeverMovesAStateButBringsTheTimeOfSuccess(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	revoked := order("T2", 500)
	revoked.TradeState = bill.StateRevoked
	imported(t, d, gym, file(bill.All, order("T1", 1000), revoked, refund("F1", "T1", "PROCESSING", 100), refund("F2", "T1", "SUCCESS", 100)))
	f1, f2 := refund("F1", "T1", "SUCCESS", 100), refund("F2", "T1", "SUCCESS", 100)
	f1.AskedAt, f2.AskedAt = evening, evening
	f1.SucceededAt, f2.SucceededAt = evening.Add(time.Minute), evening.Add(time.Minute)
	p := imported(t, d, gym, file(bill.Refund, f1, f2))
	q := imported(t, d, gym, file(bill.Success, order("T1", 1000), order("T2", 500)))
	if p.NewRefunds != 0 || p.KnownRefunds != 2 || q.KnownTrades != 2 || q.OtherState != 1 {
		t.Errorf("%+v\n%+v", p, q)
	}
	got, err := trade.Get(t.Context(), d.PG(), member(gym), "T1")
	if err != nil || got.Refunds[0].Status != "PROCESSING" || got.Refunds[0].SuccessTime != nil ||
		got.Refunds[1].SuccessTime == nil || !got.Refunds[1].SuccessTime.Equal(f2.SucceededAt) {
		t.Errorf("%+v, %v", got.Refunds, err)
	}
	if got, err := trade.Get(t.Context(), d.PG(), member(gym), "T2"); err != nil || got.TradeState != "REVOKED" {
		t.Errorf("the revoked order is %s, %v", got.TradeState, err)
	}
}

func TestRefundsAboveTheirOrderAreRefusedWhicheverComesFirst(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	i, err := importFile(t.Context(), d, gym, file(bill.All, order("T1", 100), refund("F1", "T1", "SUCCESS", 60), refund("F2", "T1", "PROCESSING", 41)))
	if got := strings.Join(faultsOf(i), " "); !fault.Is(err, "trade.file_refused") || got != "trade.refund_above_total@3" {
		t.Errorf("in one file: %v %s", err, got)
	}
	imported(t, d, gym, file(bill.All, refund("F1", "T1", "SUCCESS", 60), refund("F2", "T1", "PROCESSING", 41)))
	i, err = importFile(t.Context(), d, gym, file(bill.All, order("T2", 50), order("T1", 100)))
	if got := strings.Join(faultsOf(i), " "); !fault.Is(err, "trade.file_refused") || got != "trade.refund_above_total@3" {
		t.Errorf("after the refunds: %v %s", err, got)
	}
	if p := imported(t, d, gym, file(bill.All, order("T1", 101))); p.Filled != 1 {
		t.Errorf("%+v", p)
	}
	sound(t, d)
}

func TestTheSameRowTwiceInOneFileIsOneOrder(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	p := imported(t, d, gym, file(bill.All, order("T1", 100), order("T1", 100), refund("F1", "T1", "SUCCESS", 60), refund("F1", "T1", "SUCCESS", 60)))
	if p.NewTrades != 1 || p.KnownTrades != 1 || p.NewRefunds != 1 || p.KnownRefunds != 1 {
		t.Errorf("%+v", p)
	}
	i, err := importFile(t.Context(), d, gym, file(bill.All, order("T9", 100), order("T9", 101)))
	if got := strings.Join(faultsOf(i), " "); err == nil || got != "trade.conflict_amount@3" {
		t.Errorf("with another amount: %v %s", err, got)
	}
	sound(t, d)
}

func TestFinerFeesAreBookedToTheFenAndTheDifferenceReported(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	a, b := order("T1", 1000), order("T2", 1000)
	a.Rate, b.Rate = 60, 60
	a.Fee, b.Fee = 65_400, 64_900 // 0.06540 and 0.06490 yuan
	p := imported(t, d, gym, file(bill.All, a, b))
	if p.FeeDifference.String() != "-0.00030" || p.File.Fee.String() != "0.13030" {
		t.Errorf("difference %s, file %s", p.FeeDifference, p.File.Fee)
	}
	if n := count(t, d, "trades WHERE (transaction_id, fee) IN (('T1', 7), ('T2', 6))"); n != 2 {
		t.Errorf("%d fees as they should be", n)
	}
}

func TestASubMerchantMayImportTheRowsItsProviderPlacedForIt(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	all := sample(t, "1230000001-2026-11-20")
	var own []bill.Row
	for r := bill.NewReader(bytes.NewReader(all)); r.Next(); {
		if r.Row().SubMchID == tea {
			own = append(own, *r.Row())
		}
	}
	if p := imported(t, d, tea, file(bill.All, own...)); p.NewTrades+p.NewRefunds != 515 {
		t.Errorf("%+v", p)
	}
	if p := imported(t, d, provider, all); p.NewTrades+p.NewRefunds != 1541-515 {
		t.Errorf("then the provider: %+v", p)
	}
	sound(t, d)
}

// torn is a file that cannot be read to its end.
type torn struct{ io.ReadSeeker }

func (r torn) Read(p []byte) (int, error) {
	n, err := r.ReadSeeker.Read(p[:min(len(p), 1000)])
	if at, _ := r.Seek(0, io.SeekCurrent); at > 3000 {
		err = errors.New("disk")
	}
	return n, err
}

func TestAFileThatCannotBeReadIsAFailedImportAndNothingElse(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	body := torn{bytes.NewReader(sample(t, "1900000307-2026-11-20"))}
	i, err := trade.ImportFile(t.Context(), deps(d), member(gym), trade.File{Name: "torn.csv", Size: 9000, Body: body}, nil)
	if err == nil || len(fault.All(err)) > 0 || i.State != trade.Failed {
		t.Errorf("%v, %s", err, i.State)
	}
	if n := count(t, d, "trades") + count(t, d, "trade_imports WHERE state <> 'failed'"); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}
