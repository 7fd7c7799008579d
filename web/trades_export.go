package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
)

// listing is the JSON twin of a list page.
type listing[R any] struct {
	Rows []R    `json:"rows"`
	Next string `json:"next"`
}

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

// stream sends a table while it is read. What is refused before the first byte is an answer; what
// fails later breaks the connection, so that nobody takes a part for the whole.
func (v *visit) stream(name string, write func(io.Writer) error) error {
	late := &lateWriter{v: v, name: v.word(name) + "-" + mchid(v.scope.Merchant()) + "-" + clock.DayOf(v.site.Clock.Now()).String() + ".csv"}
	err := write(late)
	if err == nil {
		return nil
	}
	if late.to == nil {
		return err
	}
	v.site.Log.WarnContext(v.ctx(), "an export broke off", "request", requestNumberOf(v.Context), "error", err.Error())
	panic(http.ErrAbortHandler)
}

// lateWriter begins the file with its first byte.
type lateWriter struct {
	v    *visit
	name string
	to   io.Writer
}

func (w *lateWriter) Write(p []byte) (int, error) {
	if w.to == nil {
		w.to = w.v.download("text/csv; charset=utf-8", w.name)
	}
	return w.to.Write(p)
}
