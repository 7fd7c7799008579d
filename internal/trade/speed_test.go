package trade_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/trade/bill"
)

// largeBill makes a day's bill of n orders, every fiftieth followed by a refund.
func largeBill(n int, day time.Time) []byte {
	var file bytes.Buffer
	w := bill.NewWriter(&file, bill.All)
	for i := range n {
		at := day.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))
		r := bill.Row{Time: at, AppID: "wxd678efh567hg6787", MchID: store, Device: "POS-03",
			TransactionID: fmt.Sprintf("42000%05d%018d", day.YearDay(), uint64(i)*2_654_435_761%1e18),
			OutTradeNo:    fmt.Sprintf("0208%s%09d", at.Format("20060102150405"), i),
			OpenID:        fmt.Sprintf("oUpF8u%022d", i%5000), TradeType: "JSAPI", TradeState: bill.StateSuccess, BankType: "CMB_DEBIT",
			Total: 3990, Settlement: 3990, Fee: bill.FeeOf(24), Rate: 60, Body: "洗衣液 2kg×2", Attach: "桌号12"}
		w.Write(&r)
		if i%50 == 0 {
			r.TradeState, r.Total, r.Settlement, r.Fee = bill.StateRefund, 0, 0, bill.FeeOf(-24)
			r.RefundID, r.OutRefundNo = "5"+r.TransactionID, "RF"+r.OutTradeNo
			r.Refund, r.RefundAsked, r.RefundType, r.RefundState = 3990, 3990, "ORIGINAL", bill.RefundSuccess
			w.Write(&r)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// BenchmarkImport holds the importer against COPY of the rows it booked into a table like theirs.
func BenchmarkImport(b *testing.B) {
	const orders = 100_000
	dsn := dbtest.DSN(b)
	d := dbtest.Open(b, dsn)
	cast(b, d)
	owner, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close(b.Context()) }()
	exec := func(sql string) {
		if _, err := owner.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	file := largeBill(orders, time.Date(2026, 3, 1, 0, 0, 0, 0, clock.Beijing))
	var ours, copied time.Duration
	for b.Loop() {
		exec("TRUNCATE trades, bill_refunds, trade_days")
		began := clock.Wall()
		imported(b, d, store, file)
		ours += clock.Wall().Sub(began)
		var rows bytes.Buffer
		if _, err := owner.PgConn().CopyTo(b.Context(), &rows, "COPY trades TO STDOUT"); err != nil {
			b.Fatal(err)
		}
		exec("CREATE TABLE copied (LIKE trades INCLUDING ALL)")
		began = clock.Wall()
		if _, err := owner.PgConn().CopyFrom(b.Context(), &rows, "COPY copied FROM STDIN"); err != nil {
			b.Fatal(err)
		}
		copied += clock.Wall().Sub(began)
		exec("DROP TABLE copied")
	}
	b.ReportMetric(float64(orders*b.N)/ours.Seconds(), "rows/s")
	b.ReportMetric(copied.Seconds()/ours.Seconds(), "of-COPY")
}
