package views

import (
	"cmp"
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Trade is one order.
type Trade struct {
	trade.Detail
	Provider bool // the reader's merchant has sub-merchants
	Import   bool // the reader may look at imports
	Own      bool // the money is the reader's merchant's, and the reader may see it
	Flow     []ledger.FlowRow
}

func (m Trade) lead(ctx context.Context) string {
	if m.Stub {
		return say(ctx, "trade_page.lead_stub")
	}
	return words.F(ctx, "trade_page.lead", words.Args{"Time": moment(m.SuccessTime), "Type": TradeType(ctx, m.TradeType)})
}

func (m Trade) head(ctx context.Context) ui.Section {
	s := ui.Section{Title: say(ctx, "trades.total_head")}
	if !m.Stub {
		s.Amount, s.Unit = m.Total.String(), say(ctx, "trades.money_unit")
	}
	return s
}

// halfLine is how many characters half a line of facts holds.
const halfLine = 26

// facts are all that is known of the order, in two columns; what is longer than half a line stands last.
func (m Trade) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{number(ctx, "trades.col.transaction_id", m.TransactionID), number(ctx, "trades.col.out_trade_no", m.OutTradeNo)}
	if m.Stub {
		return append(facts, m.merchantFacts(ctx)...)
	}
	for _, f := range []struct{ id, value string }{
		{"paid_at", moment(m.SuccessTime)}, {"type", TradeType(ctx, m.TradeType)},
		{"settlement", yuan(ctx, m.SettlementTotal)}, {"coupon", m.couponText(ctx)},
		{"refunded", words.F(ctx, "trade_page.refunded_left", words.Args{"Refunded": m.Refunded.String(), "Left": m.Remaining().String()})},
		{"fee", m.feeText(ctx)}, {"bank", PayerBank(ctx, m.BankType)}, {"settled_at", m.settledText(ctx)},
	} {
		facts = append(facts, ui.Fact{Word: say(ctx, "trade_page."+f.id), Text: f.value})
	}
	if m.Own {
		facts = append(facts, ui.Fact{Word: say(ctx, "trade_page.charged"), Text: yuan(ctx, m.Charged)})
	}
	facts = append(append(facts, ui.Fact{Word: say(ctx, "trade_page.payer"), Value: payer(m.Openid)}), m.merchantFacts(ctx)...)
	for _, f := range []struct{ id, value string }{{"rate_note", m.RateNote}, {"appid", m.Appid}, {"device", m.Device}, {"body", m.Body}, {"attach", m.Attach}} {
		facts = append(facts, ui.Fact{Word: say(ctx, "trade_page."+f.id), Text: orNothing(f.value), Full: utf8.RuneCountInString(f.value) > halfLine})
	}
	slices.SortStableFunc(facts, func(a, b ui.Fact) int { return cmp.Compare(flag(a.Full), flag(b.Full)) })
	return facts
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (m Trade) merchantFacts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{{Word: say(ctx, "trade_page.mchid"), Value: plainID(mchidText(m.MchID()))}}
	if sub := m.SubMchID(); sub != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "trade_page.sub_mchid"), Value: merchantName(mchidText(sub), m.SubName)})
	}
	return append(facts, ui.Fact{Word: say(ctx, "trade_page.source"), Value: m.source()})
}

// number is a number of the thing with its copy button.
func number(ctx context.Context, id, no string) ui.Fact {
	return ui.Fact{Word: say(ctx, id), Value: copyNumber(say(ctx, id), no), HasID: true}
}

// numberShown is the longest number that stands whole on every screen; longer ones show their ends.
const numberShown = 30

// ShownNumber is a number as a head or a crumb writes it.
func ShownNumber(no string) string {
	if len(no) > numberShown {
		return ui.Short(no)
	}
	return no
}

func (m Trade) couponText(ctx context.Context) string {
	if m.Coupon == 0 {
		return say(ctx, "trade_page.no_coupon")
	}
	return yuan(ctx, m.Coupon)
}

func (m Trade) feeText(ctx context.Context) string {
	text := words.F(ctx, "trade_page.fee_text", words.Args{"Fee": m.Fee.String(), "Rate": m.Rate.String()})
	var back money.Fen
	for _, r := range m.Refunds {
		if r.Counts() {
			back += r.FeeBack
		}
	}
	if back != 0 {
		text += words.F(ctx, "trade_page.fee_back", words.Args{"Back": back.String()})
	}
	return text
}

func (m Trade) settledText(ctx context.Context) string {
	switch {
	case m.SettledAt != nil && m.LineDay != nil:
		return words.F(ctx, "trade_page.settled_line", words.Args{"Time": moment(*m.SettledAt), "Day": m.LineDay.Format(time.DateOnly)})
	case m.SettledAt == nil && m.DueAt != nil:
		return words.F(ctx, "trade_page.due_at", words.Args{"Time": moment(*m.DueAt)})
	case m.SettledAt == nil && m.TradeState == bill.StateRevoked:
		return say(ctx, "trade_page.nothing_to_settle")
	}
	return momentOr(m.SettledAt, say(ctx, "trade_page.not_settled"))
}

func (m Trade) refundNote(ctx context.Context) string {
	if len(m.Refunds) == 0 {
		return ""
	}
	return words.F(ctx, "trade_page.refund_note", words.Args{"Count": len(m.Refunds), "Amount": m.Refunded.String()})
}

func (m Trade) refundGrid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "trade_page.refund_table")}
	for _, c := range []tradeColumn{{"time", false}, {"out_refund_no", false}, {"refund_id", false}, {"refund", true},
		{"settlement", true}, {"fee", true}, {"state", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "trade_page.refund_col."+c.id), Num: c.num})
	}
	return g
}

// story tells what became of the order, newest first.
func (m Trade) story(ctx context.Context) []ui.Event {
	var events []ui.Event
	for i, e := range m.Timeline() {
		text := say(ctx, "trade.event."+e.Kind)
		args := words.Args{"Word": text, "Amount": e.Amount.String(), "Number": ui.Short(e.Number)}
		switch {
		case e.Number != "":
			text = words.F(ctx, "trade_page.event_refund", args)
		case e.Amount != 0:
			text = words.F(ctx, "trade_page.event_amount", args)
		}
		events = append(events, ui.Event{At: moment(e.At), Text: text, Bad: e.Bad, Now: i == 0 && !e.Bad})
	}
	return events
}

// related leads to what lies around the order.
func (m Trade) related(ctx context.Context) (rows []ui.TodoRow) {
	add := func(text, href string) {
		rows = append(rows, ui.TodoRow{Text: text, Act: ui.Act{Word: say(ctx, "trade_page.open"), Label: words.F(ctx, "trade_page.open_label", words.Args{"What": text}), Href: href, Small: true}})
	}
	if href := m.importHref(); href != "" {
		add(say(ctx, "trade_page.source_file"), href)
	}
	day := clock.DayOf(m.SuccessTime)
	add(words.F(ctx, "trade_page.same_day", words.Args{"Day": day.String()}), TradeQuery{From: day.String(), To: day.String()}.Href("/trades", ""))
	if m.SubMchID() != 0 && m.Provider {
		add(words.F(ctx, "trade_page.merchant_orders", words.Args{"Name": orNothing(m.SubName)}),
			TradeQuery{Sub: mchidText(m.SubMchID())}.Href("/trades", ""))
	}
	return rows
}

// importHref is the import that brought the order, for those who may look at it. A service provider's
// import is not the sub-merchant's: File is empty then.
func (m Trade) importHref() string {
	if m.File == "" || m.ImportID == nil || !m.Import {
		return ""
	}
	return ImportHref(*m.ImportID)
}

// sourceText says how the order came into the books.
func (m Trade) sourceText(ctx context.Context) string {
	if m.File != "" {
		return words.F(ctx, "trade_page.source.file", words.Args{"File": m.File})
	}
	return say(ctx, "trade_page.source."+string(m.Source))
}
