package web

import (
	"net/http"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
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
	list, more, err := trade.Imports(v.ctx(), s.DB.PG(), v.scope, before, v.rows(trade.PageSizes[0]))
	if more {
		next = list[len(list)-1].ID.String()
	}
	return list, next, before == uuid.Nil, err
}
