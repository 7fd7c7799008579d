package views

import (
	"context"

	"zhanggui/internal/ledger"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// flowGrid is the table of what the order did to the merchant's accounts.
func (m Trade) flowGrid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "trade_page.flow_table"), Columns: []ui.Column{{Word: say(ctx, "flow.col.time")},
		{Word: say(ctx, "trade_page.flow_what")}, {Word: say(ctx, "flow.col.account")}, {Word: say(ctx, "flow.col.amount"), Num: true}}}
}

// flowWhat says a row: its type, with its name where that says more.
func flowWhat(ctx context.Context, r *ledger.FlowRow) string {
	if r.Account == ledger.Due {
		return AccountWord(ctx, r.Account)
	}
	name, kind := RowName(ctx, r.Row, r.Kind), RowKind(ctx, r.Row, r.Kind)
	if name == kind {
		return kind
	}
	return words.F(ctx, "flow.choice", words.Args{"Name": name, "Type": kind})
}

// flowNote says that there is more than the page shows.
func (m Trade) flowNote(ctx context.Context) string {
	if len(m.Flow) < ledger.CausedMax {
		return say(ctx, "trade_page.flow_note")
	}
	return words.F(ctx, "trade_page.flow_more", words.Args{"Count": len(m.Flow)})
}

// flowEmpty says why nothing moved.
func (m Trade) flowEmpty(ctx context.Context) string {
	if m.Stub {
		return say(ctx, "trade_page.flow_stub")
	}
	return say(ctx, "trade_page.flow_none")
}
