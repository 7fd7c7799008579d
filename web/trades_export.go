package web

import (
	"io"
	"net/http"

	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
)

// tradesJSON is the list for programs: a page of it at a time.
func (s *site) tradesJSON(v *visit) error {
	m, f, p := v.tradeList()
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	rows, next, _, err := trade.List(v.ctx(), s.DB.PG(), v.scope, f, p)
	if err != nil {
		return err
	}
	out := listing[trade.Wire]{Rows: make([]trade.Wire, 0, len(rows)), Next: next}
	for _, r := range rows {
		out.Rows = append(out.Rows, r.Wire())
	}
	return v.showJSON(http.StatusOK, out)
}

// tradesCSV is all of the filter's orders as a file.
func (s *site) tradesCSV(v *visit) error {
	m, f, _ := v.tradeList()
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	return v.stream("trades.file", func(w io.Writer) error { return trade.Stream(v.ctx(), s.DB.PG(), v.scope, f, w) })
}
