package web

import (
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/sheet"
	"zhanggui/internal/trade"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// imports is the list of uploaded bills with the form that takes another.
func (s *site) imports(v *visit) error { return s.showImports(v, http.StatusOK, nil) }

// showImports shows the page, after a refused upload with what was wrong.
func (s *site) showImports(v *visit, status int, refused error) error {
	m := views.Imports{Faults: fault.All(refused), Once: db.NewID().String(), Provider: v.scope.Provider(), First: true}
	list, next, first, err := s.importList(v)
	if err != nil {
		return err
	}
	m.Rows, m.Next, m.First = list, next, first
	frame := v.frame(v.word("imports.title"), v.tradeCrumbs(ui.Crumb{Word: v.word("menu.trades.imports")})...)
	return v.show(status, views.ImportsPage(frame, m))
}

// importList reads a page of imports. The cursor is the last import of the page before.
func (s *site) importList(v *visit) (list []trade.Import, next string, first bool, err error) {
	before := uuid.Nil
	if text := v.asked.Get(trade.FieldCursor); text != "" {
		if before, err = uuid.Parse(text); err != nil {
			return nil, "", false, fault.New("trade.page_cursor").On(trade.FieldCursor)
		}
	}
	list, more, err := trade.Imports(v.ctx(), s.DB.PG(), v.scope, before, trade.PageSizes[0])
	if more {
		next = list[len(list)-1].ID.String()
	}
	return list, next, before == uuid.Nil, err
}

// importWire is an import in JSON.
type importWire struct {
	ID         string  `json:"id"`
	FileName   string  `json:"file_name"`
	Size       int64   `json:"size"`
	State      string  `json:"state"`
	Actor      string  `json:"actor"`
	QueuedAt   string  `json:"queued_at"`
	FinishedAt *string `json:"finished_at"`
	Rows       int64   `json:"rows"`
	NewTrades  int64   `json:"new_trades"`
	NewRefunds int64   `json:"new_refunds"`
	FaultLines int64   `json:"fault_lines"`
}

func (s *site) importsJSON(v *visit) error {
	list, next, _, err := s.importList(v)
	if err != nil {
		return err
	}
	out := listing[importWire]{Rows: make([]importWire, 0, len(list)), Next: next}
	for _, i := range list {
		out.Rows = append(out.Rows, importWire{ID: i.ID.String(), FileName: i.FileName, Size: i.Size, State: string(i.State),
			Actor: i.Actor, QueuedAt: clock.Wire(i.QueuedAt), FinishedAt: wireTime(i.FinishedAt), Rows: i.RowCount,
			NewTrades: i.NewTrades, NewRefunds: i.NewRefunds, FaultLines: i.FaultLines})
	}
	return v.showJSON(http.StatusOK, out)
}

// wireTime is a moment for programs; none is null.
func wireTime(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := clock.Wire(*t)
	return &text
}

// importsCSV is the page of imports as a file.
func (s *site) importsCSV(v *visit) error {
	list, _, _, err := s.importList(v)
	if err != nil {
		return err
	}
	return v.stream("imports.records", func(w io.Writer) error {
		out := sheet.New(w, v.words("imports.col.", "time", "file", "by", "lines", "new_trades", "new_refunds", "faults", "state")...)
		for _, i := range list {
			if err := out.Row(clock.Text(i.QueuedAt), i.FileName, i.Actor, views.WhenDone(i, i.RowCount), views.WhenDone(i, i.NewTrades),
				views.WhenDone(i, i.NewRefunds), views.WhenRefused(i), views.ImportState(v.ctx(), i.State)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// words says several words of one family.
func (v *visit) words(family string, ids ...string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = v.word(family + id)
	}
	return all
}
