package views

import (
	"context"
	"net/url"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// TopUps is the list of top-ups, with how to make one.
type TopUps struct {
	PayTo  topup.PayTo
	Places []topup.Place
	Rows   []topup.TopUp
	Next   string // cursor
	First  bool   // this is the newest page
	Asked  url.Values
	Faults []*fault.Refusal
	May    bool // the reader may announce a transfer
}

// TopUpsPath is where top-ups are listed.
const TopUpsPath = topup.Path

var topUpColours = map[topup.State]ui.State{topup.Waiting: ui.Moving, topup.Arrived: ui.Done, topup.Unmatched: ui.Needs}

// TopUpState says where a top-up stands.
func TopUpState(ctx context.Context, s string) string { return say(ctx, "topup.state."+s) }

// TopUpHref is the address of one.
func TopUpHref(t topup.TopUp) string { return TopUpsPath + "/" + t.No() }

// TopUpAmount is its amount; one that was left open says so.
func TopUpAmount(ctx context.Context, t topup.TopUp) string {
	if t.Amount == 0 {
		return say(ctx, "topups.open_amount")
	}
	return t.Amount.String()
}

func (m TopUps) filter() url.Values {
	return kept(m.Asked, []string{topup.FieldState, topup.FieldAccount, topup.FieldNumber})
}

func (m TopUps) href(path, cursor string) string {
	all := m.filter()
	if size := m.Asked.Get(topup.FieldSize); size != "" {
		all.Set(topup.FieldSize, size)
	}
	if cursor != "" {
		all.Set(topup.FieldCursor, cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

func (m TopUps) bar() ui.FilterBar {
	return ui.FilterBar{Action: TopUpsPath, Reset: TopUpsPath, Set: len(m.filter()), Open: len(m.Faults) > 0}
}

func (m TopUps) stateField(ctx context.Context) ui.FilterField {
	codes := make([]string, len(topup.States))
	for i, s := range topup.States {
		codes[i] = string(s)
	}
	return ui.FilterField{Name: topup.FieldState, Word: say(ctx, "topups.col.state"), Error: refused(ctx, m.Faults, topup.FieldState),
		Options: choices(ctx, codes, m.Asked.Get(topup.FieldState), func(ctx context.Context, c string) string { return known(ctx, "topup.state.", c) })}
}

func (m TopUps) accountField(ctx context.Context) ui.FilterField {
	var codes []string
	for _, p := range m.Places {
		codes = append(codes, string(p.Account))
	}
	return ui.FilterField{Name: topup.FieldAccount, Word: say(ctx, "topups.col.account"), Error: refused(ctx, m.Faults, topup.FieldAccount),
		Options: choices(ctx, codes, m.Asked.Get(topup.FieldAccount), func(ctx context.Context, c string) string { return known(ctx, "ledger.account.", c) })}
}

func (m TopUps) numberField(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: topup.FieldNumber, Word: say(ctx, "topups.number"), Value: m.Asked.Get(topup.FieldNumber), Wide: true,
		Placeholder: say(ctx, "topups.number_hint"), Error: refused(ctx, m.Faults, topup.FieldNumber)}
}

func (m TopUps) summary(ctx context.Context) (all []ui.Fault) {
	for _, r := range m.Faults {
		all = append(all, ui.Fault{ID: r.Field, Text: refusal(ctx, r)})
	}
	return all
}

func (m TopUps) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "topups.list"), Rows: true}
	for _, c := range []tradeColumn{{"time", false}, {"number", false}, {"account", false}, {"amount", true}, {"payer", false}, {"arrived", false}, {"state", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "topups.col."+c.id), Num: c.num})
	}
	return g
}

func (m TopUps) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "topups.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = m.href(TopUpsPath, "")
	}
	if m.Next != "" {
		g.Next = m.href(TopUpsPath, m.Next)
	}
	return g
}

func (m TopUps) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: m.href(TopUpsPath+".csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: m.href(TopUpsPath+".json", "")}}
}

func (m TopUps) none(ctx context.Context) ui.Nothing {
	if len(m.filter()) > 0 {
		return ui.Nothing{Title: say(ctx, "topups.none_found"), Text: say(ctx, "topups.none_found_text"),
			Act: ui.Act{Word: say(ctx, "topups.all"), Href: TopUpsPath}}
	}
	return ui.Nothing{Title: say(ctx, "topups.none"), Text: say(ctx, "topups.none_text")}
}

// payTo is where to transfer to, and what to write beside it.
func payTo(ctx context.Context, p topup.PayTo, places []topup.Place) []ui.Fact {
	facts := []ui.Fact{{Word: say(ctx, "topups.pay_name"), Text: p.Name}, {Word: say(ctx, "topups.pay_bank"), Text: p.Bank},
		{Word: say(ctx, "topups.pay_account"), Value: ui.CopyID(say(ctx, "topups.pay_account"), p.Account, ""), HasID: true}}
	for _, place := range places {
		word := words.F(ctx, "topups.reference_of", words.Args{"Account": topup.AccountWord(ctx, string(place.Account))})
		facts = append(facts, ui.Fact{Word: word, Value: ui.CopyID(word, place.Reference, ""), HasID: true})
	}
	return facts
}

// TopUpCursor is the place after the last of a page.
func TopUpCursor(rows []topup.TopUp) string { return strconv.FormatInt(rows[len(rows)-1].N, 10) }
