package web

import (
	"io"
	"net/http"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/sheet"
	"zhanggui/internal/topup"
	"zhanggui/internal/withdrawal"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// withdrawalParams are the filter's, with the place in the list.
const withdrawalParams = "?status ?account_type ?kind ?no ?from ?to ?cursor"

// withdrawals lists what was taken out, and the mornings that took nothing.
func (s *site) withdrawals(v *visit) error {
	m := views.Withdrawals{Asked: v.asked, May: v.scope.May(access.WithdrawalMake), First: true, Automatic: v.hasBasic()}
	status := http.StatusOK
	f, err := withdrawal.ParseFilter(v.query)
	if m.Faults = fault.All(err); m.Faults != nil {
		status = http.StatusUnprocessableEntity
	} else if m.Rows, m.Next, err = s.withdrawalList(v, f, withdrawal.PageSizes[0]); err != nil {
		return err
	}
	m.First = f.Before == 0
	return v.show(status, views.WithdrawalsPage(v.fundsFrame(v.word("withdrawals.title"), ui.Crumb{Word: v.word("menu.funds.withdrawals")}), m))
}

// hasBasic tells whether the merchant settles to a basic account.
func (v *visit) hasBasic() bool {
	return merchant.System(v.session.Merchant.System) == merchant.Upgraded
}

func (v *visit) withdrawalFrame(title string) (ui.Crumb, ui.Crumb) {
	return ui.Crumb{Word: v.word("menu.funds.withdrawals"), Href: withdrawal.Path}, ui.Crumb{Word: title}
}

// withdrawalList reads a page of the list with the cursor of the next.
func (s *site) withdrawalList(v *visit, f withdrawal.Filter, size int) (rows []withdrawal.Withdrawal, next string, err error) {
	rows, more, err := withdrawal.List(v.ctx(), s.DB.PG(), v.scope, f, size)
	if more {
		next = withdrawal.Cursor(rows)
	}
	return rows, next, err
}

// withdrawalWire is a withdrawal in JSON, as the channel's own query answers it.
type withdrawalWire struct {
	WithdrawID   string `json:"withdraw_id"`
	OutRequestNo string `json:"out_request_no"`
	Status       string `json:"status"`
	Amount       int64  `json:"amount"`
	AccountType  string `json:"account_type"`
	Reason       string `json:"reason"`
	CreateTime   string `json:"create_time"`
	UpdateTime   string `json:"update_time"`
}

func (s *site) withdrawalsJSON(v *visit) error {
	f, err := withdrawal.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, next, err := s.withdrawalList(v, f, withdrawal.PageSizes[0])
	if err != nil {
		return err
	}
	out := listing[withdrawalWire]{Rows: make([]withdrawalWire, len(rows)), Next: next}
	for i, w := range rows {
		out.Rows[i] = withdrawalWire{WithdrawID: w.No(), OutRequestNo: w.RequestNo, Status: string(w.State), Amount: int64(w.Amount),
			AccountType: string(w.Account), Reason: withdrawal.Why(v.ctx(), w.Reason), CreateTime: clock.Wire(w.MadeAt), UpdateTime: clock.Wire(w.MovedAt)}
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) withdrawalsCSV(v *visit) error {
	f, err := withdrawal.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, err := inFull(s.withdrawalList(v, f, s.FileRows))
	if err != nil {
		return err
	}
	return v.stream("withdrawals.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("withdrawals.col.", "time", "no", "request_no", "kind", "account", "amount", "state", "reason", "promised", "remark", "memo", "by", "moved")...)
		for _, r := range rows {
			if err := out.Row(clock.Text(r.MadeAt), r.No(), r.RequestNo, views.WithdrawalKind(v.ctx(), r.Kind), topup.AccountWord(v.ctx(), string(r.Account)),
				r.Amount.Plain(), views.WithdrawalState(v.ctx(), r.State), withdrawal.Why(v.ctx(), r.Reason), r.Promised.String(), r.Remark, r.Memo, r.Actor,
				clock.Text(r.MovedAt)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// withdrawal is one of them.
func (s *site) withdrawal(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	m := views.Withdrawal{May: v.scope.May(access.WithdrawalMake)}
	if m.Shown, err = withdrawal.Get(v.ctx(), s.DB.PG(), v.scope, no); err != nil {
		return err
	}
	m.Late = m.State.Open() && m.Promised < clock.DayOf(s.Clock.Now())
	if m.Waiting && m.Rest != nil && m.Rest.After(s.Clock.Now()) {
		m.Resume = clock.Text(*m.Rest)
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	list, here := v.withdrawalFrame(v.word("withdrawal_page.title"))
	return v.show(http.StatusOK, views.WithdrawalPage(v.fundsFrame(here.Word, list, here), m))
}

// closeWithdrawal takes one back that the bank does not have yet.
func (s *site) closeWithdrawal(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) error {
		_, err := s.Withdrawals.Close(v.ctx(), tx, v.scope, no, v.from())
		return err
	})
	switch {
	case fault.Is(err, withdrawal.ErrAtBank.Code):
		v.flash(ui.Needs, "withdrawal_at_bank")
	case err != nil:
		return err
	default:
		v.flash(ui.Done, "withdrawal_closed")
	}
	return v.seeOther(withdrawal.Path + "/" + no)
}
