package web

import (
	"net/http"
	"slices"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/transfer"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// transferParams are the filter's, with the place in the list; transferFields are one payment's.
const (
	transferParams = "?no ?openid ?status ?from ?to ?size ?cursor"
	transferFields = "openid check_name re_user_name amount desc"
)

// transfers is the list of enterprise payments.
func (s *site) transfers(v *visit) error {
	now := s.Clock.Now()
	m := views.Transfers{Asked: v.asked, May: v.scope.May(access.TransferMake), First: true, Today: clock.DayOf(now)}
	var err error
	if m.Standing, err = transfer.Stand(v.ctx(), s.DB.PG(), v.scope, now); err != nil {
		return err
	}
	status := http.StatusOK
	f, err := transfer.ParseFilter(v.query)
	if m.Faults = fault.All(err); m.Faults != nil {
		status = http.StatusUnprocessableEntity
	} else if m.Rows, m.Next, err = s.transferList(v, f, v.transferSize()); err != nil {
		return err
	}
	m.First = f.Before == 0
	return v.show(status, views.TransfersPage(v.marketingFrame(v.word("transfers.title")), m))
}

// marketingFrame is the frame of a page of enterprise payments.
func (v *visit) marketingFrame(title string, above ...ui.Crumb) layout.Page {
	crumbs := append([]ui.Crumb{{Word: v.word("menu.marketing")}}, above...)
	return v.frame(title, append(crumbs, ui.Crumb{Word: title})...)
}

// transfersCrumb leads back to the list.
func (v *visit) transfersCrumb() ui.Crumb {
	return ui.Crumb{Word: v.word("transfers.title"), Href: transfer.Path}
}

func (v *visit) transferSize() int {
	n, err := strconv.Atoi(v.query(transfer.FieldSize))
	if err != nil || !slices.Contains(transfer.PageSizes, n) {
		return transfer.PageSizes[0]
	}
	return n
}

// transferList reads a page of the list with the cursor of the next.
func (s *site) transferList(v *visit, f transfer.Filter, size int) (rows []transfer.Payment, next string, err error) {
	rows, more, err := transfer.List(v.ctx(), s.DB.PG(), v.scope, f, size)
	if more {
		next = views.TransferCursor(rows)
	}
	return rows, next, err
}

// payment is one enterprise payment.
func (s *site) payment(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	var m views.TransferView
	if m.Payment, m.Booked, err = transfer.Get(v.ctx(), s.DB.PG(), v.scope, no); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.TransferPage(v.marketingFrame(v.word("transfer_page.crumb"), v.transfersCrumb()), m))
}
