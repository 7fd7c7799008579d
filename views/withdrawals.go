package views

import (
	"context"
	"net/url"
	"strings"

	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/withdrawal"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Withdrawals is the list of withdrawals.
type Withdrawals struct {
	Rows      []withdrawal.Withdrawal
	Next      string // cursor
	First     bool   // this is the newest page
	Asked     url.Values
	Faults    []*fault.Refusal
	May       bool // the reader may withdraw
	Automatic bool // the merchant's system has it
}

// WithdrawalFields are the fields of the filter.
var WithdrawalFields = []string{"status", withdrawal.FieldAccount, "kind", "no", "from", "to"}

var withdrawalColours = map[withdrawal.State]ui.State{withdrawal.Made: ui.Moving, withdrawal.Accepted: ui.Moving, withdrawal.Paid: ui.Done,
	withdrawal.Failed: ui.Failed, withdrawal.Returned: ui.Failed, withdrawal.Closed: ui.Waiting}

// WithdrawalState says where a withdrawal stands.
func WithdrawalState(ctx context.Context, s withdrawal.State) string {
	return say(ctx, "withdrawal.state."+string(s))
}

// WithdrawalKind says who made it.
func WithdrawalKind(ctx context.Context, k withdrawal.Kind) string {
	return say(ctx, "withdrawal.kind."+string(k))
}

// WithdrawalHref is the address of one.
func WithdrawalHref(w withdrawal.Withdrawal) string { return withdrawal.Path + "/" + w.No() }

func withdrawalTag(ctx context.Context, w withdrawal.Withdrawal) (ui.State, string) {
	return withdrawalColours[w.State], WithdrawalState(ctx, w.State)
}

// withdrawalNote is when it arrives, or why it does not.
func withdrawalNote(ctx context.Context, w withdrawal.Withdrawal) string {
	switch {
	case w.Reason != "":
		return withdrawal.Why(ctx, w.Reason)
	case w.State.Open():
		return words.F(ctx, "withdrawals.arrives", words.Args{"Day": monthDay(w.Promised.String())})
	}
	return words.F(ctx, "withdrawals.arrived", words.Args{"Time": string([]rune(moment(w.MovedAt))[:10])})
}

// monthDay leaves the year out: 11-24.
func monthDay(day string) string {
	_, rest, _ := strings.Cut(day, "-")
	return rest
}

func (m Withdrawals) filter() url.Values { return kept(m.Asked, WithdrawalFields) }

func (m Withdrawals) href(cursor string) string { return opsHref(withdrawal.Path, m.filter(), cursor) }

func (m Withdrawals) bar() ui.FilterBar {
	return ui.FilterBar{Action: withdrawal.Path, Reset: withdrawal.Path, Set: len(m.filter()), Open: len(m.Faults) > 0}
}

func (m Withdrawals) stateField(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "status", Word: say(ctx, "withdrawals.col.state"), Error: refused(ctx, m.Faults, "status"),
		Options: opsChoices(ctx, withdrawal.States, m.Asked.Get("status"), "withdrawal.state.")}
}

func (m Withdrawals) kindField(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "kind", Word: say(ctx, "withdrawals.col.kind"), Error: refused(ctx, m.Faults, "kind"),
		Options: opsChoices(ctx, []withdrawal.Kind{withdrawal.Manual, withdrawal.Automatic, withdrawal.API}, m.Asked.Get("kind"), "withdrawal.kind.")}
}

func (m Withdrawals) accountField(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: withdrawal.FieldAccount, Word: say(ctx, "withdrawals.col.account"), Error: refused(ctx, m.Faults, withdrawal.FieldAccount),
		Options: opsChoices(ctx, withdrawal.Accounts, m.Asked.Get(withdrawal.FieldAccount), "ledger.account.")}
}

func (m Withdrawals) numberField(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "no", Word: say(ctx, "withdrawals.number"), Value: m.Asked.Get("no"), Wide: true,
		Placeholder: say(ctx, "withdrawals.number_hint"), Error: refused(ctx, m.Faults, "no")}
}

func (m Withdrawals) span(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: say(ctx, "withdrawals.days"), From: "from", To: "to", FromValue: m.Asked.Get("from"), ToValue: m.Asked.Get("to"),
		ToLabel: say(ctx, "withdrawals.day_to"), Error: refused(ctx, m.Faults, "from", "to")}
}

func (m Withdrawals) grid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "withdrawals.title"), Rows: true,
		Columns: columnsOf(ctx, "withdrawals.col.", "time", "no", "kind", "account", "#amount", "note", "state")}
}

func (m Withdrawals) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "withdrawals.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = m.href("")
	}
	if m.Next != "" {
		g.Next = m.href(m.Next)
	}
	return g
}

func (m Withdrawals) none(ctx context.Context) ui.Nothing {
	if len(m.filter()) > 0 {
		return ui.Nothing{Title: say(ctx, "withdrawals.none"), Text: say(ctx, "withdrawals.none_text"),
			Act: ui.Act{Word: say(ctx, "withdrawals.all"), Href: withdrawal.Path}}
	}
	n := ui.Nothing{Title: say(ctx, "withdrawals.empty"), Text: say(ctx, "withdrawals.empty_text")}
	if m.May {
		n.Act = ui.Act{Word: say(ctx, "withdrawals.make"), Href: withdrawal.Path + "/new"}
	}
	return n
}

func accountWord(ctx context.Context, a ledger.Account) string {
	return known(ctx, "ledger.account.", string(a))
}
