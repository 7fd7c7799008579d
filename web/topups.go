package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/topup"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// topUpParams are the filter's, with the place in the list.
const topUpParams = "?no ?state ?account ?size ?cursor"

// topUps is how money is sent here, and the list of what came.
func (s *site) topUps(v *visit) error {
	m := views.TopUps{PayTo: s.PayTo, Asked: v.asked, May: v.scope.May(access.FundsTopUp), First: true}
	status := http.StatusOK
	f, err := topup.ParseFilter(v.query)
	if m.Faults = fault.All(err); m.Faults != nil {
		status = http.StatusUnprocessableEntity
	} else if m.Rows, m.Next, err = s.topUpList(v, f, v.topUpSize()); err != nil {
		return err
	}
	m.First = f.Before == 0
	if m.Places, err = topup.Places(v.ctx(), s.DB.PG(), v.scope); err != nil {
		return err
	}
	return v.show(status, views.TopUpsPage(v.frame(v.word("topups.title"), v.fundsCrumbs(ui.Crumb{Word: v.word("topups.title")})...), m))
}

// fundsCrumbs lead to a page about funds.
func (v *visit) fundsCrumbs(last ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Word: v.word("menu.account")}, {Word: v.word("menu.account.funds")}}, last...)
}

func (v *visit) topUpSize() int {
	n, err := strconv.Atoi(v.query(topup.FieldSize))
	if err != nil || !slices.Contains(topup.PageSizes, n) {
		return topup.PageSizes[0]
	}
	return n
}

// topUpList reads a page of the list with the cursor of the next.
func (s *site) topUpList(v *visit, f topup.Filter, size int) (rows []topup.TopUp, next string, err error) {
	rows, more, err := topup.List(v.ctx(), s.DB.PG(), v.scope, f, s.Clock.Now(), size)
	if more {
		next = views.TopUpCursor(rows)
	}
	return rows, next, err
}

// newTopUp asks what is about to be transferred.
func (s *site) newTopUp(v *visit) error {
	return s.showTopUpForm(v, http.StatusOK, v.query("account"), "", nil)
}

func (s *site) showTopUpForm(v *visit, status int, account, amount string, wrong error) error {
	places, err := topup.Places(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	m := views.TopUpForm{PayTo: s.PayTo, Places: places, Once: db.NewID().String(),
		Account: ui.Field{Name: "account", Label: v.word("topup_form.account"), Required: true},
		Amount: ui.Field{Name: "amount", Label: v.word("topup_form.amount"), Hint: v.word("topup_form.amount_hint"), Value: amount,
			InputMode: "decimal", MaxLength: 20}}
	for i, p := range places {
		chosen := string(p.Account) == account || account == "" && i == 0
		m.Account.Options = append(m.Account.Options, ui.Option{Value: string(p.Account), Word: topup.AccountWord(v.ctx(), string(p.Account)), Chosen: chosen})
	}
	m.Faults = v.faults(wrong, &m.Account, &m.Amount)
	title := v.word("topups.announce")
	return v.show(status, views.TopUpFormPage(v.frame(title, v.topUpCrumbs(title)...), m))
}

func (v *visit) topUpCrumbs(last string) []ui.Crumb {
	return v.fundsCrumbs(ui.Crumb{Word: v.word("topups.title"), Href: views.TopUpsPath}, ui.Crumb{Word: last})
}

// announceTopUp writes an announced transfer down. The same form sent twice is one announcement.
func (s *site) announceTopUp(v *visit) error {
	a, err := topup.ParseAnnouncement(v.form)
	a.Once, a.From = uuid.NewSHA1(v.scope.Actor().Account, []byte(v.form(once))), v.from()
	var t topup.TopUp
	if v.form(once) == "" {
		err = confirm.ErrOnce
	}
	if err == nil {
		err = s.DB.InTx(v.ctx(), func(tx db.Tx) error {
			t, err = s.TopUps.Announce(v.ctx(), tx, v.scope, a)
			return err
		})
	}
	if v.correctable(err) {
		return s.showTopUpForm(v, http.StatusUnprocessableEntity, v.form("account"), v.form("amount"), err)
	} else if err != nil {
		return err
	}
	v.flash(ui.Done, "topup_announced")
	return v.seeOther(views.TopUpHref(t))
}

// topUp is one top-up.
func (s *site) topUp(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	m := views.TopUp{PayTo: s.PayTo}
	if m.TopUp, err = topup.Get(v.ctx(), s.DB.PG(), v.scope, no, s.Clock.Now()); err != nil {
		return err
	}
	m.Places = []topup.Place{{Account: m.Account, Reference: topup.Reference(m.Merchant, m.Account)}}
	if m.FlowNo() != "" {
		m.FlowHref = views.TransferHref(m.FlowNo())
	}
	if s.Demo && m.State == topup.Waiting && v.scope.May(access.FundsTopUp) {
		m.Simulate = simulated(m.TopUp)
	}
	return v.show(http.StatusOK, views.TopUpPage(v.frame(v.word("topup_page.crumb"), v.topUpCrumbs(v.word("topup_page.crumb"))...), m))
}
