package views

import (
	"context"

	"zhanggui/internal/opening"
	"zhanggui/internal/platform"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsOpening is a merchant's opening balances, with the form that sets another.
type OpsOpening struct {
	MchID    int64
	Name     string
	Rows     []opening.Line
	May      bool // the reader may ask for one
	Once     ui.Pair
	Account  ui.Field
	Amount   ui.Field
	Document ui.Field
	Faults   []ui.Fault
}

// OpsOpeningHref is where a merchant's opening balances are.
func OpsOpeningHref(id int64) string { return OpsMerchantHref(id) + "/opening" }

// free tells whether some account can still be given an opening balance.
func (m OpsOpening) free() bool {
	for _, l := range m.Rows {
		if l.Free() {
			return true
		}
	}
	return false
}

func openingGrid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "opening.list"), Rows: true}
	for _, c := range []tradeColumn{{"account", false}, {"opening", true}, {"balance", true}, {"no", false}, {"document", false}, {"by", false}, {"at", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "opening.col."+c.id), Num: c.num})
	}
	return g
}

// openingWord says why there is none, where there is none.
func openingWord(ctx context.Context, l opening.Line) string {
	switch {
	case l.Opened != nil:
		return l.Opened.Amount.String()
	case l.Moved:
		return say(ctx, "opening.moved")
	}
	return say(ctx, "opening.free")
}

// openings is the same in a few words, on the merchant's own page.
func openings(ctx context.Context, rows []platform.Begun) (facts []ui.Fact) {
	for _, b := range rows {
		facts = append(facts, ui.Fact{Word: topup.AccountWord(ctx, b.Account),
			Text: words.F(ctx, "opening.opened", words.Args{"Amount": b.Amount.String(), "By": b.By, "Time": moment(b.At)})})
	}
	return facts
}
