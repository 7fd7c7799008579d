package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// funds is how the accounts stand, now or at a second before.
func (s *site) funds(v *visit) error {
	m, err := s.position(v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(m.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	if m.Chart = ledger.Account(v.query("account")); !m.Of(m.Chart).Used || !m.Chart.Shown() {
		m.Chart = ""
	}
	if own := m.Own(); len(own) > 0 {
		if m.Chart == "" {
			m.Chart = own[0].Account
		}
		if m.DayEnds, err = ledger.DayEnds(v.ctx(), s.DB.PG(), v.scope, m.Chart, m.Day, ledger.BalanceDays, m.AsOf); err != nil {
			return err
		}
	}
	return v.show(status, views.FundsPage(v.fundsFrame(v.word("menu.funds"), ui.Crumb{Word: v.word("menu.funds")}), m))
}

// position reads the accounts as the address asks for them; a moment that cannot be read is now.
func (s *site) position(v *visit) (m views.Funds, err error) {
	m = views.Funds{Now: s.Clock.Now(), Typed: v.query("as_of")}
	e, ok := ledger.ParseEdge(m.Typed)
	switch {
	case !ok:
		m.Faults = []*fault.Refusal{fault.New("ledger.filter_time").On(ledger.FlowAsOf)}
	case !e.None():
		m.AsOf = e.Moment()
	}
	m.Position, err = ledger.PositionAt(v.ctx(), s.DB.PG(), v.scope, m.AsOf, m.Now)
	return m, err
}

// standingWire is an account's balance in JSON.
type standingWire struct {
	Account string `json:"account"`
	Balance int64  `json:"balance"`
	AsOf    string `json:"as_of"`
}

// standings are the accounts that hold something or that the merchant reads by name.
func standings(m views.Funds) (all []ledger.Standing) {
	all = append(m.Own(), m.OnTheWay()...)
	if m.Owed() > 0 {
		all = append(all, m.Of(ledger.Due))
	}
	return all
}

func (s *site) asked(m views.Funds) string {
	at := m.AsOf
	if at.IsZero() {
		at = m.Now
	}
	return clock.Wire(at)
}

func (s *site) fundsJSON(v *visit) error {
	m, err := s.position(v)
	if err != nil {
		return err
	}
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	out := listing[standingWire]{Rows: []standingWire{}}
	for _, one := range standings(m) {
		out.Rows = append(out.Rows, standingWire{string(one.Account), int64(one.Balance), s.asked(m)})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) fundsCSV(v *visit) error {
	m, err := s.position(v)
	if err != nil {
		return err
	}
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	return v.stream("menu.funds", func(w io.Writer) error {
		out := sheet.New(w, v.words("funds.csv.", "account", "balance", "as_of")...)
		for _, one := range standings(m) {
			if err := out.Row(views.AccountWord(v.ctx(), one.Account), one.Balance.Plain(), s.asked(m)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// transfer is one row's whole transfer.
func (s *site) transfer(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	t, err := ledger.FindTransfer(v.ctx(), s.DB.PG(), v.scope, no)
	if err != nil {
		return err
	}
	m := views.FlowTransfer{BookedTransfer: t, Asked: no}
	if page, href := views.SourceHref(t); page != "" && v.mayOpen(page) {
		m.Source = href
	}
	frame := v.fundsFrame(v.word("flow_transfer.title")+" "+t.JournalNo(),
		ui.Crumb{Word: v.word("menu.funds.flow"), Href: views.FlowPath}, ui.Crumb{Word: views.ShownNumber(no)})
	return v.show(http.StatusOK, views.FlowTransferPage(frame, m))
}
