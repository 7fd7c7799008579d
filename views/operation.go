package views

import (
	"context"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OperationAccount is the operations account: what is on it, and what each function spent of it this month.
type OperationAccount struct {
	Standing operations.Standing
	Budget   operations.Budget
	May      bool // the reader may move money
	MayTopUp bool
	MayAlert bool
	At       time.Time
}

func (m OperationAccount) head(ctx context.Context) ui.Head {
	return ui.Head{Title: operations.Code.Name(ctx), Lead: say(ctx, "operation.lead"), Tag: ui.Tag(ui.Done, say(ctx, "product.state.open"))}
}

// month are the days of this month so far.
func (m OperationAccount) month() (first, today clock.Day) { return m.Budget.First, clock.DayOf(m.At) }

func (m OperationAccount) rows(direction string, row ledger.RowType) string {
	first, today := m.month()
	return FlowHref(ledger.Operation, first, today, direction, row)
}

func (m OperationAccount) figures(ctx context.Context) []ui.Figure {
	figures := []ui.Figure{{Word: say(ctx, "operation.balance"), Value: m.Standing.Operation.String(), Href: FlowHref(ledger.Operation, "", "", "", ""),
		Note: words.F(ctx, "operation.at", words.Args{"Time": moment(m.At)})}}
	if m.Standing.Frozen > 0 {
		figures = append(figures, ui.Figure{Word: say(ctx, "operation.frozen"), Value: m.Standing.Frozen.String(), Note: say(ctx, "operation.frozen_note")})
	}
	return append(figures, ui.Figure{Word: say(ctx, "operation.spent"), Value: m.Budget.Took().String(),
		Note: words.F(ctx, "operation.spent_note", words.Args{"Gave": m.Budget.Gave().String(), "Net": m.Budget.Net().String()})},
		ui.Figure{Word: say(ctx, "operation.basic"), Value: m.Standing.Basic.String(), Href: FlowHref(ledger.Basic, "", "", "", ""), Note: say(ctx, "operation.basic_note")})
}

func (m OperationAccount) budget(ctx context.Context) ui.Section {
	return ui.Section{ID: "budget", Title: say(ctx, "operation.budget"), Note: words.F(ctx, "operation.since", words.Args{"Day": m.Budget.First.String()}),
		More: ui.Act{Word: say(ctx, "operation.rows"), Href: m.rows("", "")}}
}

func (m OperationAccount) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "operation.budget"), Flat: true, Columns: []ui.Column{{Word: say(ctx, "operation.col.function")}}}
	for _, id := range []string{"took", "gave", "net", "share"} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "operation.col."+id), Num: true})
	}
	return g
}

// share is a part of the whole in percent with one decimal; of nothing there is none.
func share(part, whole money.Fen) string {
	if whole <= 0 || part < 0 {
		return nothing
	}
	permille, err := part.MulDiv(1000, int64(whole))
	if err != nil {
		return nothing
	}
	return decimalOf(int64(permille)/10) + "." + decimalOf(int64(permille)%10) + "%"
}

func (m OperationAccount) flows(ctx context.Context) []ui.Fact {
	signedYuan := func(f money.Fen) string { return words.F(ctx, "topup.yuan", words.Args{"Amount": signed(f)}) }
	facts := []ui.Fact{{Word: say(ctx, "operation.opening"), Text: words.F(ctx, "topup.yuan", words.Args{"Amount": m.Budget.Opening.String()})},
		{Word: say(ctx, "operation.moved_in"), Text: signedYuan(m.Budget.MovedIn)}, {Word: say(ctx, "operation.topped_up"), Text: signedYuan(m.Budget.ToppedUp)},
		{Word: say(ctx, "operation.moved_back"), Text: signedYuan(-m.Budget.MovedBack)}, {Word: say(ctx, "operation.net"), Text: signedYuan(-m.Budget.Net())}}
	if m.Budget.Other != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "operation.other"), Text: signedYuan(m.Budget.Other)})
	}
	return append(facts, ui.Fact{Word: say(ctx, "operation.now"), Text: words.F(ctx, "topup.yuan", words.Args{"Amount": m.Budget.Balance.String()})})
}

func (m OperationAccount) acts(ctx context.Context) (acts []ui.Act) {
	if m.May {
		acts = append(acts, ui.Act{Word: say(ctx, "operation.move_back"), Href: newMoveHref(operations.ToBasic, "", "")})
	}
	if m.MayTopUp {
		acts = append(acts, ui.Act{Word: say(ctx, "operation.topup"), Href: TopUpsPath + "/new?account=" + string(ledger.Operation)})
	}
	if m.May {
		acts = append(acts, ui.Act{Word: say(ctx, "operation.move_in"), Href: newMoveHref(operations.ToOperation, "", ""), Kind: ui.Primary})
	}
	return acts
}

// more are the pages that belong to the account.
func (m OperationAccount) more(ctx context.Context) []ui.TodoRow {
	rows := []ui.TodoRow{{Text: say(ctx, "operation.more_product"), Act: ui.Act{Word: say(ctx, "products.look"), Href: operations.Code.Href(), Small: true,
		Label: say(ctx, "products.look") + " " + say(ctx, "operation.more_product")}}}
	if m.MayAlert {
		rows = append(rows, ui.TodoRow{Text: say(ctx, "operation.more_alert"), Act: ui.Act{Word: say(ctx, "operation.set"), Small: true,
			Href: "/funds/alerts/" + string(ledger.Operation), Label: say(ctx, "operation.set") + " " + say(ctx, "operation.more_alert")}})
	}
	return rows
}
