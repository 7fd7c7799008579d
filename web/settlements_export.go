package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/settlement"
	"zhanggui/internal/sheet"
	"zhanggui/views"
)

// settlementWire is a line in JSON: gross − refunds − fee = net, in fen. refunds is what was refunded of
// the line's orders before they were settled, and what its pool paid for others since; carried-in sums are
// in refunds and fee.
type settlementWire struct {
	Day     string `json:"day"`
	System  string `json:"account_system"`
	Count   int64  `json:"count"`
	Gross   int64  `json:"gross"`
	Refunds int64  `json:"refunds"`
	Fee     int64  `json:"fee"`
	Net     int64  `json:"net"`
	State   string `json:"state"`
	PayDay  string `json:"pay_day"` // empty: nothing goes to the bank
	BankNo  string `json:"bank_no"`
	BatchNo string `json:"batch_no"`
	IntoDay string `json:"into_day"` // the line that a carried one went into
	Memo    string `json:"memo"`
	Reason  string `json:"reason"`
}

func settlementLineWire(s settlement.Shown) settlementWire {
	return settlementWire{Day: s.Day.String(), System: string(s.System), Count: s.Count, Gross: int64(s.Gross), Refunds: int64(s.Deducted()),
		Fee: int64(s.Fees()), Net: int64(s.Net), State: string(s.State), PayDay: s.PayDay.String(), BankNo: s.BankNo, BatchNo: s.BatchNo,
		IntoDay: s.IntoDay.String(), Memo: s.Memo, Reason: s.Reason}
}

func (s *site) settlementsJSON(v *visit) error {
	rows, next, err := s.settlementList(v)
	if err != nil {
		return err
	}
	out := listing[settlementWire]{Rows: make([]settlementWire, len(rows)), Next: next}
	for i, r := range rows {
		out.Rows[i] = settlementLineWire(r)
	}
	return v.showJSON(http.StatusOK, out)
}

// settlementsCSV is all of the filter's lines: a filter spans no more than a year of days, and a row a day.
func (s *site) settlementsCSV(v *visit) error {
	f, err := settlement.ParseFilter(v.query("from"), v.query("to"), v.query("state"), v.query("cursor"))
	if err != nil {
		return err
	}
	f.Limit = exportLines
	rows, _, err := settlement.List(v.ctx(), s.DB.PG(), v.scope, f)
	if err != nil {
		return err
	}
	return v.stream("settlement.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("settlement.col.", "day", "count", "gross", "refunds", "fee", "net", "state", "pay_day", "bank_no", "memo", "reason")...)
		for _, r := range rows {
			err := out.Row(r.Day.String(), whole(r.Count), r.Gross.Plain(), r.Deducted().Plain(), r.Fees().Plain(), r.Net.Plain(),
				views.LineState(v.ctx(), r.State), r.PayDay.String(), r.BankNo, r.Memo, r.Reason)
			if err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// exportLines bounds a file of lines: ten years of days.
const exportLines = 3700

// countedWire is an order of a line in JSON.
type countedWire struct {
	TransactionID string `json:"transaction_id"`
	OutTradeNo    string `json:"out_trade_no"`
	SuccessTime   string `json:"success_time"`
	Total         int64  `json:"settlement_total"`
	GivenBack     int64  `json:"refunded"`
	Fee           int64  `json:"fee"`
}

func (s *site) lineOrdersJSON(v *visit) error {
	_, orders, next, err := s.lineOf(v)
	if err != nil {
		return err
	}
	out := listing[countedWire]{Rows: make([]countedWire, len(orders)), Next: next}
	for i, o := range orders {
		out.Rows[i] = countedWire{TransactionID: o.TransactionID, OutTradeNo: o.OutTradeNo, SuccessTime: clock.Wire(o.SuccessTime),
			Total: int64(o.Total), GivenBack: int64(o.GivenBack), Fee: int64(o.Charged)}
	}
	return v.showJSON(http.StatusOK, out)
}

// lineOrdersCSV is all of a line's orders.
func (s *site) lineOrdersCSV(v *visit) error {
	l, _, _, err := s.lineOf(v)
	if err != nil {
		return err
	}
	return v.stream("settlement_line.orders", func(w io.Writer) error {
		out := sheet.New(w, v.words("settlement_line.col.", "time", "transaction_id", "no", "total", "back", "fee")...)
		var after settlement.Place
		for more := true; more; {
			var orders []settlement.Counted
			if orders, more, err = settlement.OrdersOf(v.ctx(), s.DB.PG(), v.scope, l.Day, after, exportLines); err != nil {
				return err
			}
			for _, o := range orders {
				if err := out.Row(clock.Text(o.SuccessTime), o.TransactionID, o.OutTradeNo, o.Total.Plain(), o.GivenBack.Plain(), o.Charged.Plain()); err != nil {
					return err
				}
				after = settlement.Place{Time: o.SuccessTime, No: o.TransactionID}
			}
		}
		return out.Flush()
	})
}
