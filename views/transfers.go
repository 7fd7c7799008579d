package views

import (
	"context"
	"net/url"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/transfer"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Transfers is the list of enterprise payments.
type Transfers struct {
	transfer.Standing
	Rows   []transfer.Payment
	Next   string // cursor
	First  bool   // this is the newest page
	Asked  url.Values
	Faults []*fault.Refusal
	May    bool // the reader may pay
	Today  clock.Day
}

var transferColours = map[transfer.State]ui.State{transfer.Waiting: ui.Waiting, transfer.Processing: ui.Moving, transfer.Success: ui.Done,
	transfer.Failed: ui.Failed}

// TransferState says where a payment stands.
func TransferState(ctx context.Context, s transfer.State) string {
	return say(ctx, "transfer.state."+string(s))
}

// EnterprisePaymentHref is the address of a payment.
func EnterprisePaymentHref(p transfer.Payment) string { return transfer.Path + "/" + p.No() }

// PayerAccount names an account that pays.
func PayerAccount(ctx context.Context, a ledger.Account) string {
	return known(ctx, "ledger.account.", string(a))
}

var transferFields = []string{transfer.FieldNo, transfer.FieldOpenID, transfer.FieldState, transfer.FieldFrom, transfer.FieldTo}

func (m Transfers) filter() url.Values { return kept(m.Asked, transferFields) }

func (m Transfers) href(path, cursor string) string {
	all := m.filter()
	if size := m.Asked.Get(transfer.FieldSize); size != "" {
		all.Set(transfer.FieldSize, size)
	}
	return opsHref(path, all, cursor)
}

func (m Transfers) bar() ui.FilterBar {
	return ui.FilterBar{Action: transfer.Path, Reset: transfer.Path, Set: len(m.filter()), Open: len(m.Faults) > 0}
}

func (m Transfers) text(ctx context.Context, name, word, hint string) ui.FilterField {
	return ui.FilterField{Name: name, Word: say(ctx, word), Value: m.Asked.Get(name), Placeholder: say(ctx, hint), Error: refused(ctx, m.Faults, name)}
}

func (m Transfers) state(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: transfer.FieldState, Word: say(ctx, "transfers.col.state"), Value: m.Asked.Get(transfer.FieldState),
		Error: refused(ctx, m.Faults, transfer.FieldState)}
	f.Options = opsChoices(ctx, transfer.States, f.Value, "transfer.state.")
	return f
}

func (m Transfers) span(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: say(ctx, "transfers.day"), From: transfer.FieldFrom, To: transfer.FieldTo, FromValue: m.Asked.Get(transfer.FieldFrom),
		ToValue: m.Asked.Get(transfer.FieldTo), ToLabel: say(ctx, "transfers.day_to"), Max: m.Today.String(),
		Error: refused(ctx, m.Faults, transfer.FieldFrom, transfer.FieldTo)}
}

func (m Transfers) grid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "transfers.list"), Rows: true, Columns: columnsOf(ctx, "transfers.col.", "time", "number", "payee", "#amount", "desc", "account", "state")}
}

func (m Transfers) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "transfers.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = m.href(transfer.Path, "")
	}
	if m.Next != "" {
		g.Next = m.href(transfer.Path, m.Next)
	}
	return g
}

func (m Transfers) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: m.href(transfer.Path+".csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: m.href(transfer.Path+".json", "")}}
}

func (m Transfers) none(ctx context.Context) ui.Nothing {
	switch {
	case len(m.filter()) > 0:
		return ui.Nothing{Title: say(ctx, "transfers.none_found"), Text: say(ctx, "transfers.none_found_text"),
			Act: ui.Act{Word: say(ctx, "transfers.all"), Href: transfer.Path}}
	case m.Open:
		return ui.Nothing{Title: say(ctx, "transfers.none"), Text: say(ctx, "transfers.none_text")}
	}
	return ui.Nothing{Title: say(ctx, "transfers.closed"), Text: say(ctx, "transfers.closed_text"),
		Act: ui.Act{Word: say(ctx, "transfers.to_product"), Href: transfer.Code.Href()}}
}

// figures are the account that pays, and what may still be paid today.
func (m Transfers) figures(ctx context.Context) []ui.Figure {
	return []ui.Figure{{Word: words.F(ctx, "transfers.balance_of", words.Args{"Account": PayerAccount(ctx, m.Account)}), Value: m.Balance.String(),
		Note: say(ctx, "transfers.pays")},
		{Word: say(ctx, "transfers.paid_today"), Value: m.Paid.String()},
		{Word: say(ctx, "transfers.left_today"), Value: (transfer.DayMax - m.Paid).String(),
			Note: words.F(ctx, "transfers.day_max", words.Args{"Max": transfer.DayMax.String()})}}
}

// TransferCursor is the place after the last of a page.
func TransferCursor(rows []transfer.Payment) string {
	return strconv.FormatInt(rows[len(rows)-1].N, 10)
}

// payeeWord is who is paid: the masked name where one was given, and the openid's ends.
func payeeWord(p transfer.Payment) string {
	if p.Masked == "" {
		return MaskPayer(p.OpenID)
	}
	return p.Masked + " " + MaskPayer(p.OpenID)
}
