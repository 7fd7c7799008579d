package views

import (
	"context"
	"net/url"

	"zhanggui/internal/fault"
	"zhanggui/internal/topup"
	"zhanggui/internal/trade"
	"zhanggui/internal/transfer"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Search is what a number was found to be. A single hit never comes here: it opens at once.
type Search struct {
	Text      string
	Faults    []*fault.Refusal
	Trades    []trade.Hit
	TopUps    []topup.TopUp
	Payments  []transfer.Payment
	Merchants []NamedMchID // a service provider's own that carry the number
	Orders    bool         // the reader may look up orders
}

// NamedMchID is a merchant by its number.
type NamedMchID struct{ ID, Name, Href string }

// HitHref is the order of a hit; a refund is a line on its order's page.
func HitHref(h trade.Hit) string {
	if h.Kind == HitRefund {
		return TradeHref(h.TransactionID) + "#refund-" + url.PathEscape(h.Number)
	}
	return TradeHref(h.TransactionID)
}

// HitRefund is the kind of a hit that is a refund.
const HitRefund = "refund"

func hitTag(ctx context.Context, h trade.Hit) (ui.State, string) {
	if h.Kind == HitRefund {
		return refundColours[h.State], RefundState(ctx, h.State)
	}
	return tradeColours[h.State], TradeState(ctx, h.State)
}

func (m Search) lead(ctx context.Context) string {
	if m.Orders {
		return say(ctx, "search.lead")
	}
	return say(ctx, "search.lead_merchants")
}

func (m Search) field(ctx context.Context) ui.Field {
	return ui.Field{ID: "search-q", Name: "q", Label: say(ctx, "search.number"), Value: m.Text, Mono: true, Focus: m.Text == "",
		MaxLength: 64, Hint: say(ctx, "search.hint"), Error: refused(ctx, m.Faults, "q")}
}

func (m Search) nothing(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: words.F(ctx, "search.none_title", words.Args{"Text": m.Text}), Text: say(ctx, "search.none_text")}
}

func (m Search) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "search.table"), Rows: true}
	for _, c := range []tradeColumn{{"kind", false}, {"own_number", false}, {"number", false}, {"time", false}, {"amount", true}, {"state", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "search.col."+c.id), Num: c.num})
	}
	return g
}

func (m Search) note(ctx context.Context) string {
	if len(m.Trades) >= trade.FindMax {
		return words.F(ctx, "search.first", words.Args{"Count": len(m.Trades)})
	}
	return words.F(ctx, "search.count", words.Args{"Count": len(m.Trades)})
}
