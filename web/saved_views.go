package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
	"zhanggui/views"
)

// listAt is where each list whose filters can be kept stands.
var listAt = map[string]string{views.TradesView: "/trades"}

// saveView keeps the present filter of a list under a name and leads back to it.
func (s *site) saveView(v *visit) error {
	list, query := v.form("list"), v.form("query")
	path, known := listAt[list]
	if !known {
		return fault.New("trade.view_page").On("list")
	}
	if _, _, err := s.filterOf(query); err != nil {
		return err
	}
	var kept trade.SavedView
	err := s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		kept, err = trade.SaveView(v.ctx(), tx, v.scope, list, v.form("name"), query, s.Clock.Now())
		return err
	})
	switch {
	case err == nil:
		return v.seeOther(path + "?" + kept.Query)
	case len(fault.All(err)) > 0 && statusOf(err) == http.StatusUnprocessableEntity:
		return s.refuseView(v, query, err)
	}
	return err
}

// filterOf reads a filter that is kept, or is to be.
func (s *site) filterOf(query string) (url.Values, trade.Filter, error) {
	asked, err := url.ParseQuery(query)
	if err != nil || len(query) > nextLimit {
		return nil, trade.Filter{}, fault.New("trade.view_query").On("query")
	}
	f, err := trade.ParseFilter(asked, clock.DayOf(s.Clock.Now()))
	return asked, f, err
}

// refuseView shows the list the view was of, with what is wrong with the name.
func (s *site) refuseView(v *visit, query string, refused error) error {
	asked, f, err := s.filterOf(query)
	if err != nil {
		return err
	}
	today := clock.DayOf(s.Clock.Now())
	m := v.tradesModel(today)
	m.Query = views.TradeQueryOf(asked)
	m.ViewName, m.ViewFaults = v.form("name"), fault.All(refused)
	if m.Shown, err = trade.Show(v.ctx(), s.DB.PG(), v.scope, f, trade.Page{Size: m.Query.Size}, views.TradesView); err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, views.TradesPage(v.tradesFrame(), m))
}

// deleteView lets go of one of the reader's own views.
func (s *site) deleteView(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	var list string
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		list, err = trade.DeleteView(v.ctx(), tx, v.scope, id)
		return err
	})
	if err != nil {
		return err
	}
	if path, known := listAt[list]; known {
		return v.seeOther(path)
	}
	return v.seeOther("/")
}
