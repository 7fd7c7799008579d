package web

import (
	"io"
	"net/http"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// summaryParams are what a summary is asked by.
const summaryParams = "?account ?by ?month"

// summary sums an account up by days or months; a question that cannot be meant keeps its text.
func (s *site) summary(v *visit) error {
	m, err := s.summaryOf(v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(m.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return v.show(status, views.SummaryPage(v.fundsFrame(v.word("menu.funds.summary"), ui.Crumb{Word: v.word("menu.funds.summary")}), m))
}

func (s *site) summaryOf(v *visit) (m views.Summary, err error) {
	today := clock.DayOf(s.Clock.Now())
	m.Typed, m.Last = v.query("month"), today.String()[:len("2026-11")]
	a, bad := ledger.ParseSummary(v.asked, today)
	m.Faults = fault.All(bad)
	m.Summary, err = ledger.Summarize(v.ctx(), s.DB.PG(), v.scope, a, today)
	return m, err
}

// periodWire is a period in JSON: opening + in − out = closing, in fen.
type periodWire struct {
	Account string     `json:"account"`
	Period  string     `json:"period"`
	Opening int64      `json:"opening"`
	Ins     int64      `json:"in_count"`
	In      int64      `json:"in_amount"`
	Outs    int64      `json:"out_count"`
	Out     int64      `json:"out_amount"`
	Closing int64      `json:"closing"`
	Types   []typeWire `json:"types"`
}

type typeWire struct {
	BusinessName string `json:"business_name"`
	BusinessType string `json:"business_type"`
	Ins          int64  `json:"in_count"`
	In           int64  `json:"in_amount"`
	Outs         int64  `json:"out_count"`
	Out          int64  `json:"out_amount"`
}

func (s *site) summaryJSON(v *visit) error {
	m, err := s.summaryOf(v)
	if err != nil {
		return err
	}
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	out := listing[periodWire]{Rows: []periodWire{}}
	for _, p := range m.Periods {
		w := periodWire{Account: string(m.Account), Period: p.Name(), Opening: int64(p.Opening), Ins: p.Ins, In: int64(p.InAmount),
			Outs: p.Outs, Out: int64(p.OutAmount), Closing: int64(p.Closing), Types: []typeWire{}}
		for _, t := range p.Types {
			w.Types = append(w.Types, typeWire{t.Row.BusinessName(), t.Row.BusinessType(), t.Ins, int64(t.InAmount), t.Outs, int64(t.OutAmount)})
		}
		out.Rows = append(out.Rows, w)
	}
	return v.showJSON(http.StatusOK, out)
}

// summaryCSV writes each period, and under it what each line brought and took.
func (s *site) summaryCSV(v *visit) error {
	m, err := s.summaryOf(v)
	if err != nil {
		return err
	}
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	return v.stream("menu.funds.summary", func(w io.Writer) error {
		heads := append(v.words("flow.head.", "account"), v.words("summary.col.", "period")...)
		heads = append(heads, v.words("flow.head.", "name", "type")...)
		out := sheet.New(w, append(heads, v.words("summary.csv.", "opening", "ins", "in", "outs", "out", "closing")...)...)
		account := views.AccountWord(v.ctx(), m.Account)
		for _, p := range m.Periods {
			_ = out.Row(account, p.Name(), v.word("summary.all_types"), "", p.Opening.Plain(), count(p.Ins), p.InAmount.Plain(), count(p.Outs),
				p.OutAmount.Plain(), p.Closing.Plain()) // an error stays until Flush
			for _, t := range p.Types {
				_ = out.Row(account, p.Name(), views.RowName(v.ctx(), t.Row, ""), views.RowKind(v.ctx(), t.Row, ""), "", count(t.Ins),
					t.InAmount.Plain(), count(t.Outs), t.OutAmount.Plain(), "")
			}
		}
		return out.Flush()
	})
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
