package web

import (
	"io"
	"net/http"
	"net/url"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// flowParams are the filter's, with the place in the list.
const flowParams = "?account ?no ?from ?to ?direction ?business_type ?min ?max ?as_of ?size ?cursor"

// flow is the list of the books' rows. A filter that cannot be meant keeps its typed text and finds nothing.
func (s *site) flow(v *visit) error {
	m, p := v.flowList(v.asked)
	if len(m.Faults) > 0 {
		return s.refuseFlow(v, m)
	}
	var err error
	if m.FlowShown, err = ledger.ShowFlow(v.ctx(), s.DB.PG(), v.scope, m.Filter, p, views.FlowsView); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.FlowPage(v.flowFrame(), m))
}

// refuseFlow shows the list's page without rows: what is wrong stands beside the fields.
func (s *site) refuseFlow(v *visit, m views.Flow) (err error) {
	if m.FlowShown, err = ledger.FlowMargin(v.ctx(), s.DB.PG(), v.scope, views.FlowsView); err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, views.FlowPage(v.flowFrame(), m))
}

// flowList reads a filter of rows: as typed for the page, and as meant for the books.
func (v *visit) flowList(asked url.Values) (m views.Flow, p ledger.FlowPage) {
	m = views.Flow{Today: clock.DayOf(v.site.Clock.Now()), Query: views.FlowQueryOf(asked), Upgraded: v.hasBasic()}
	f, badFilter := ledger.ParseFlowFilter(asked, m.Today)
	p, badPage := ledger.ParseFlowPage(asked)
	m.Filter, m.Query.Size = f, p.Size
	m.Faults = views.FlowInOrder(append(fault.All(badFilter), fault.All(badPage)...))
	return m, p
}

func (v *visit) flowFrame() layout.Page {
	return v.fundsFrame(v.word("flow.title"), ui.Crumb{Word: v.word("menu.funds.flow")})
}

// fundsFrame is the frame of a page about the merchant's money.
func (v *visit) fundsFrame(title string, last ...ui.Crumb) layout.Page {
	return v.frame(title, append([]ui.Crumb{{Word: v.word("menu.account"), Href: v.accountHome()}, {Word: v.word("menu.account.funds")}}, last...)...)
}

// accountHome is the first page of the account centre that the visitor may open.
func (v *visit) accountHome() string {
	for _, c := range menuFor(v) {
		if c.Key == "account" {
			return c.Href
		}
	}
	return "/account/profile"
}

// flowJSON is the list for programs: a page of it at a time.
func (s *site) flowJSON(v *visit) error {
	m, p := v.flowList(v.asked)
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	rows, next, _, err := ledger.Flow(v.ctx(), s.DB.PG(), v.scope, m.Filter, p)
	if err != nil {
		return err
	}
	out := listing[ledger.FlowWire]{Rows: make([]ledger.FlowWire, len(rows)), Next: next}
	for i := range rows {
		out.Rows[i] = rows[i].Wire()
	}
	return v.showJSON(http.StatusOK, out)
}

// flowCSV is all of the filter's rows as a file.
func (s *site) flowCSV(v *visit) error {
	m, _ := v.flowList(v.asked)
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	return v.stream("flow.file", func(w io.Writer) error { return ledger.StreamFlow(v.ctx(), s.DB.PG(), v.scope, m.Filter, w) })
}

// toFlow leads from where some look for the fund flow to where it is.
func (s *site) toFlow(v *visit) error { return v.seeOther(views.FlowPath) }
