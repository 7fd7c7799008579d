package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/trade"
	"zhanggui/views"
)

// keeping is a list whose filters can be kept: where it stands, who may read it, what a filter of it must
// be, and how it is shown when a view's name was refused.
type keeping struct {
	path   string
	right  access.Permission
	check  func(url.Values, clock.Day) error
	refuse func(*site, *visit, url.Values, error) error
}

var keepings = map[string]keeping{
	views.TradesView: {"/trades", access.TradeRead, func(v url.Values, today clock.Day) error {
		_, err := trade.ParseFilter(v, today)
		return err
	}, (*site).refuseTradesView},
	views.FlowsView: {views.FlowPath, access.FundsRead, func(v url.Values, today clock.Day) error {
		_, err := ledger.ParseFlowFilter(v, today)
		return err
	}, (*site).refuseFlowView},
}

// saveView keeps the present filter of a list under a name and leads back to it.
func (s *site) saveView(v *visit) error {
	list, query := v.form("list"), v.form("query")
	k, known := keepings[list]
	if !known {
		return fault.New("trade.view_page").On("list")
	}
	if err := v.scope.Require(k.right); err != nil {
		return err
	}
	asked, err := url.ParseQuery(query)
	if err != nil || len(query) > nextLimit {
		return fault.New("trade.view_query").On("query")
	}
	if err := k.check(asked, clock.DayOf(s.Clock.Now())); err != nil {
		return err
	}
	var kept trade.SavedView
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		kept, err = trade.SaveView(v.ctx(), tx, v.scope, list, v.form("name"), query, s.Clock.Now())
		return err
	})
	switch {
	case err == nil:
		return v.seeOther(k.path + "?" + kept.Query)
	case len(fault.All(err)) > 0 && statusOf(err) == http.StatusUnprocessableEntity:
		return k.refuse(s, v, asked, err)
	}
	return err
}

// refuseTradesView shows the list of orders with what is wrong with the view's name.
func (s *site) refuseTradesView(v *visit, asked url.Values, refused error) error {
	today := clock.DayOf(s.Clock.Now())
	f, err := trade.ParseFilter(asked, today)
	if err != nil {
		return err
	}
	m := v.tradesModel(today)
	m.Query = views.TradeQueryOf(asked)
	m.ViewName, m.ViewFaults = v.form("name"), fault.All(refused)
	if m.Shown, err = trade.Show(v.ctx(), s.DB.PG(), v.scope, f, trade.Page{Size: m.Query.Size}, views.TradesView); err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, views.TradesPage(v.tradesFrame(), m))
}

// refuseFlowView does the same with the fund flow.
func (s *site) refuseFlowView(v *visit, asked url.Values, refused error) (err error) {
	m, p := v.flowList(asked)
	m.ViewName, m.ViewFaults = v.form("name"), fault.All(refused)
	if m.FlowShown, err = ledger.ShowFlow(v.ctx(), s.DB.PG(), v.scope, m.Filter, p, views.FlowsView); err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, views.FlowPage(v.flowFrame(), m))
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
	if k, known := keepings[list]; known {
		return v.seeOther(k.path)
	}
	return v.seeOther("/")
}
