package web

import (
	"net/http"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/settlement"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// settlementParams are the filter's, with the place in the list.
const settlementParams = "?from ?to ?state ?cursor"

// settlements is the settlement record.
func (s *site) settlements(v *visit) error {
	today := clock.DayOf(s.Clock.Now())
	m := views.Settlements{Asked: v.asked, Today: today, First: v.query("cursor") == ""}
	var err error
	if m.Standing, err = settlement.Stand(v.ctx(), s.DB.PG(), v.scope); err != nil {
		return err
	}
	if m.PayoutsFrom != nil && m.PayoutsFrom.After(s.Clock.Now()) {
		m.Rest = clock.Text(*m.PayoutsFrom)
	}
	frame := v.fundsFrame(v.word("settlement.title"), ui.Crumb{Word: v.word("menu.funds.settlements")})
	rows, next, err := s.settlementList(v)
	if m.Faults = fault.All(err); len(m.Faults) > 0 {
		return v.show(http.StatusUnprocessableEntity, views.SettlementsPage(frame, m))
	}
	if err != nil {
		return err
	}
	m.Rows, m.Next = rows, next
	return v.show(http.StatusOK, views.SettlementsPage(frame, m))
}

// settlementList reads the page of the address.
func (s *site) settlementList(v *visit) (rows []settlement.Shown, next string, err error) {
	f, err := settlement.ParseFilter(v.query("from"), v.query("to"), v.query("state"), v.query("cursor"))
	if err != nil {
		return nil, "", err
	}
	f.Limit = views.OpsSizes[0]
	rows, more, err := settlement.List(v.ctx(), s.DB.PG(), v.scope, f)
	if more {
		next = rows[len(rows)-1].Day.String()
	}
	return rows, next, err
}

// settlementLine is one line of a legacy merchant.
func (s *site) settlementLine(v *visit) error {
	l, orders, next, err := s.lineOf(v)
	if err != nil {
		return err
	}
	m := views.SettlementLine{Shown: l, Orders: orders, Next: next, First: v.query("cursor") == "", Repay: v.scope.May(access.SettlementRepay)}
	if l.Rest != nil && l.Rest.After(s.Clock.Now()) {
		m.Resume = clock.Text(*l.Rest)
	}
	frame := v.fundsFrame(v.word("settlement_line.title")+" "+l.Day.String(),
		ui.Crumb{Word: v.word("menu.funds.settlements"), Href: settlement.Path}, ui.Crumb{Word: l.Day.String()})
	return v.show(http.StatusOK, views.SettlementLinePage(frame, m))
}

// pathDay is the day that the address names.
func (v *visit) pathDay() (clock.Day, error) {
	text, err := v.path("day")
	if err != nil {
		return "", err
	}
	day, err := clock.ParseDay(text)
	if err != nil {
		return "", fault.ErrNotFound
	}
	return day, nil
}

// lineOf reads the line of the address with a page of its orders. An upgraded merchant's days have no page:
// their orders are rows of the basic account.
func (s *site) lineOf(v *visit) (l settlement.Shown, orders []settlement.Counted, next string, err error) {
	day, err := v.pathDay()
	if err != nil {
		return l, nil, "", err
	}
	after, err := settlement.ParsePlace(v.query("cursor"))
	if err != nil {
		return l, nil, "", err
	}
	if l, err = settlement.Look(v.ctx(), s.DB.PG(), v.scope, day); err != nil {
		return l, nil, "", err
	}
	if l.System != merchant.Legacy {
		return l, nil, "", fault.ErrNotFound
	}
	orders, more, err := settlement.OrdersOf(v.ctx(), s.DB.PG(), v.scope, day, after, views.OpsSizes[0])
	if more {
		last := orders[len(orders)-1]
		next = settlement.Place{Time: last.SuccessTime, No: last.TransactionID}.String()
	}
	return l, orders, next, err
}

// payLineAgain pays a line again that came back. The form's key is the number of the payment that did.
func (s *site) payLineAgain(v *visit) error {
	day, err := v.pathDay()
	if err != nil {
		return err
	}
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) error {
		return s.Settlement.PayAgain(v.ctx(), tx, v.scope, day, v.form(once), v.from())
	})
	if fault.Is(err, settlement.ErrNothingBack.Code) {
		v.flash(ui.Needs, "settlement_nothing_back")
		return v.seeOther(settlement.LinePath(day))
	}
	if err != nil {
		return err
	}
	v.flash(ui.Done, "settlement_again")
	return v.seeOther(settlement.LinePath(day))
}
