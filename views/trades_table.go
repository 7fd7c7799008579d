package views

import (
	"context"

	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// sums is the line above the table.
func (m Trades) sums(ctx context.Context) []ui.Sum {
	f := m.Found
	if f.Capped {
		return []ui.Sum{{Before: say(ctx, "trades.found") + " ", Value: say(ctx, "trades.over_count"), After: " " + say(ctx, "trades.count_unit")},
			{Before: say(ctx, "trades.over_sums"), Muted: true}}
	}
	line := []ui.Sum{{Before: say(ctx, "trades.found") + " ", Value: thousands(f.Count), After: " " + say(ctx, "trades.count_unit")}}
	for _, s := range []struct {
		id     string
		amount money.Fen
	}{{"trades.sum_total", f.Total}, {"trades.sum_refunded", f.Refunded}, {"trades.sum_fee", f.Fee}} {
		line = append(line, ui.Sum{Before: say(ctx, s.id) + " ", Value: s.amount.String(), After: " " + say(ctx, "trades.money_unit")})
	}
	return line
}

func (m Trades) exports(ctx context.Context) []ui.Act {
	q := m.Query
	q.Size = 0
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: q.Href("/trades.csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: q.Href("/trades.json", "")}}
}

func (m Trades) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "trades.table"), Stick: true, Rows: true}
	for _, c := range m.columns() {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "trades.col."+c.id), Num: c.num})
	}
	return g
}

type tradeColumn struct {
	id  string
	num bool
}

func (m Trades) columns() []tradeColumn {
	all := []tradeColumn{{"time", false}, {"out_trade_no", false}, {"transaction_id", false}}
	if m.Provider {
		all = append(all, tradeColumn{"sub", false})
	}
	return append(all, tradeColumn{"body", false}, tradeColumn{"type", false}, tradeColumn{"bank", false},
		tradeColumn{"total", true}, tradeColumn{"refunded", true}, tradeColumn{"fee", true}, tradeColumn{"state", false})
}

func (m Trades) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "trades.shown", words.Args{"Count": len(m.Rows)}), Action: "/trades",
		Hidden: m.Query.filterHidden(), Size: m.Query.Size, Sizes: trade.PageSizes}
	if m.Next == "" && m.Prev == "" {
		g.Shown = words.F(ctx, "trades.shown_all", words.Args{"Count": len(m.Rows)})
	}
	if m.Prev != "" {
		g.Prev = m.Query.Href("/trades", m.Prev)
	}
	if m.Next != "" {
		g.Next = m.Query.Href("/trades", m.Next)
	}
	return g
}

// empty says why there is no row: a refused filter, no order at all, or a filter that finds none.
func (m Trades) empty(ctx context.Context) ui.Nothing {
	switch {
	case len(m.Faults) > 0:
		return ui.Nothing{Title: say(ctx, "trades.refused_title"), Text: say(ctx, "trades.refused_text")}
	case m.Query.set() == 0 && m.Import:
		return ui.Nothing{Title: say(ctx, "trades.none_title"), Text: say(ctx, "trades.none_import"),
			Act: ui.Act{Word: say(ctx, "trades.import"), Href: "/trades/imports"}}
	case m.Query.set() == 0:
		return ui.Nothing{Title: say(ctx, "trades.none_title"), Text: say(ctx, "trades.none_wait")}
	}
	word, href := m.wider(ctx)
	return ui.Nothing{Title: say(ctx, "trades.empty_title"),
		Text: words.F(ctx, "trades.empty_text", words.Args{"Count": m.Query.set()}), Act: ui.Act{Word: word, Href: href}}
}

// wider drops what most likely hides the order that was meant.
func (m Trades) wider(ctx context.Context) (word, href string) {
	switch q := m.Query; {
	case q.No != "" && q.set() > 1:
		return say(ctx, "trades.only_number"), TradeQuery{No: q.No}.Href("/trades", "")
	case (q.From != "" || q.To != "") && q.set() > 1:
		q.From, q.To = "", ""
		return say(ctx, "trades.any_time"), q.Href("/trades", "")
	}
	return say(ctx, "trades.all_orders"), "/trades"
}
