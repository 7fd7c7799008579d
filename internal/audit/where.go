package audit

import (
	"fmt"
	"strconv"
	"strings"
)

// where is a condition under construction. Its parts are fixed texts of this package; values only ever
// become parameters.
type where struct {
	parts []string
	args  []any
}

func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) and(part string, values ...any) {
	for _, v := range values {
		part = strings.Replace(part, "?", w.arg(v), 1)
	}
	w.parts = append(w.parts, part)
}

func (w *where) String() string { return strings.Join(w.parts, " AND ") }

// chosen limits the log to one merchant and the filter.
func chosen(merchant int64, f Filter) *where {
	w := &where{}
	w.and("a.merchant_id = ?", merchant)
	if f.From != "" {
		w.and("a.at >= ?", f.From.Start())
	}
	if f.To != "" {
		w.and("a.at < ?", f.To.Next().Start())
	}
	if f.Actor != "" {
		w.and("(a.actor = ? OR a.actor = ?)", f.Actor, f.Actor+"@"+home(merchant))
	}
	if f.Action != "" {
		w.and("(a.action = ? OR starts_with(a.action, ?))", f.Action, f.Action+".")
	}
	if f.Outcome != "" {
		w.and("a.outcome = ?", f.Outcome)
	}
	if f.Number != "" {
		w.and(`strpos(lower(concat_ws(E'\n', a.object, a.reason, a.address, a.session, a.confirmation, a.details)), lower(?)) > 0`,
			f.Number)
	}
	return w
}

// home is what stands behind the @ in a merchant's logins.
func home(merchant int64) string {
	if merchant == platform {
		return "ops"
	}
	return strconv.FormatInt(merchant, 10)
}
