package web

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// listing is the JSON twin of a list page.
type listing[R any] struct {
	Rows []R    `json:"rows"`
	Next string `json:"next"`
}

// fileRows is how many rows a file of a list holds that is not read as a stream.
const fileRows = 50_000

// rows is how many rows of a list the answer has: a page's, or of a file all that one holds.
func (v *visit) rows(page int) int {
	if strings.HasSuffix(v.Request().URL.Path, ".csv") {
		return v.site.FileRows
	}
	return page
}

// inFull is all of a list for a file. Where a next page is left the file is refused before its first byte, so that
// nobody takes a part for the whole.
func inFull[R any](rows []R, next string, err error) ([]R, error) {
	if err == nil && next != "" {
		err = fault.New("web.export_large").With("Limit", fmt.Sprint(len(rows)))
	}
	return rows, err
}

// wireTime is a moment for programs; none is null.
func wireTime(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := clock.Wire(*t)
	return &text
}

// words says several words of one family.
func (v *visit) words(family string, ids ...string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = v.word(family + id)
	}
	return all
}

// exportTime is how long a slow reader may take over a file.
const exportTime = 10 * time.Minute

// stream sends a table while it is read. What is refused before the first byte is an answer; what
// fails later breaks the connection, so that nobody takes a part for the whole.
func (v *visit) stream(name string, write func(io.Writer) error) error {
	late := &lateWriter{v: v, name: v.word(name) + "-" + v.house() + "-" + clock.DayOf(v.site.Clock.Now()).String() + ".csv"}
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

// house is whose data a file holds: a merchant's, or the platform's.
func (v *visit) house() string {
	if v.door().platform {
		return "ops"
	}
	return mchid(v.scope.Merchant())
}

// lateWriter begins the file with its first byte.
type lateWriter struct {
	v    *visit
	name string
	to   io.Writer
}

func (w *lateWriter) Write(p []byte) (int, error) {
	if w.to == nil {
		_ = http.NewResponseController(w.v.Response()).SetWriteDeadline(clock.Wall().Add(exportTime))
		w.to = w.v.download("text/csv; charset=utf-8", w.name)
	}
	return w.to.Write(p)
}
