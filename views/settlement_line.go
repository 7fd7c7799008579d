package views

import (
	"context"
	"slices"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// SettlementLine is a legacy line: what it is made of, and how it goes to the bank.
type SettlementLine struct {
	settlement.Shown
	Orders []settlement.Counted
	Next   string
	First  bool
	Resume string // where payouts rest: until when; empty: they do not
	Repay  bool   // the reader may have it paid again
}

// netText is what a line brings; one that is counted yet has none.
func netText(s settlement.Shown) string {
	if s.State == settlement.Cutting {
		return nothing
	}
	return s.Net.String()
}

func (m SettlementLine) lead(ctx context.Context) string {
	return words.F(ctx, "settlement_line.lead", words.Args{"Day": m.Day.String(), "Count": thousands(m.Count)})
}

func (m SettlementLine) head(ctx context.Context) ui.Section {
	s := ui.Section{ID: "sums", Title: say(ctx, "settlement_line.net")}
	if m.State != settlement.Cutting {
		s.Amount, s.Unit = m.Net.String(), say(ctx, "trades.money_unit")
	}
	return s
}

// sums are how the net comes about.
func (m SettlementLine) sums(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{
		{Word: say(ctx, "settlement_line.gross"), Text: words.F(ctx, "settlement_line.gross_text", words.Args{"Amount": m.Gross.String(), "Count": thousands(m.Count)})},
		{Word: say(ctx, "settlement_line.refunds"), Text: minus(m.Refunds.String())},
	}
	if m.Taken != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "settlement_line.taken"), Text: signed(-m.Taken)})
	}
	facts = append(facts, ui.Fact{Word: say(ctx, "settlement_line.fee"), Text: minus(m.Fee.String())})
	if m.CarriedPool != 0 || m.CarriedFee != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "settlement_line.carried"), Text: signed(m.CarriedPool - m.CarriedFee)})
	}
	return facts
}

func minus(amount string) string {
	if amount == "0.00" {
		return amount
	}
	return "- " + amount
}

// bank is what the bank has of the line.
func (m SettlementLine) bank(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{{Word: say(ctx, "settlement_line.state"), Value: ui.Tag(lineTag(ctx, m.State))}}
	if m.BankNo == "" {
		return append(facts, ui.Fact{Word: say(ctx, "settlement_line.how"), Text: Arrives(ctx, m.Shown)})
	}
	facts = append(facts,
		ui.Fact{Word: say(ctx, "settlement_line.arrives"), Text: m.PayDay.String()},
		shortNumber(ctx, "settlement_line.bank_no", m.BankNo), shortNumber(ctx, "settlement_line.batch_no", m.BatchNo),
		ui.Fact{Word: say(ctx, "settlement_line.memo"), Text: orNothing(m.Memo)})
	if card := m.card(); card != "" {
		facts = append(facts, ui.Fact{Word: say(ctx, "settlement_line.card"), Text: card})
	}
	if m.Reason != "" {
		facts = append(facts, ui.Fact{Word: say(ctx, "settlement_line.reason"), Text: m.Reason})
	}
	return facts
}

func (m SettlementLine) card() string {
	if len(m.Payments) == 0 || m.Payments[0].Tail == "" {
		return ""
	}
	return m.Payments[0].Bank + " " + cardText(m.Payments[0].Tail)
}

func (m SettlementLine) back() bool {
	return m.State == settlement.Failed || m.State == settlement.Returned
}

// came says what came back, and what to do about it.
func (m SettlementLine) came(ctx context.Context) ui.Note {
	args := words.Args{"Amount": m.Net.String(), "Reason": m.Reason, "Card": m.card()}
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "settlement_line.back."+string(m.State), args), Text: words.F(ctx, "settlement_line.back_text", args)}
}

func (m SettlementLine) resting(ctx context.Context) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "settlement.rest", words.Args{"Until": m.Resume}), Text: say(ctx, "settlement_line.rest_text")}
}

// story is what happened to the line, newest first.
func (m SettlementLine) story(ctx context.Context) []ui.Event {
	type event struct {
		at   clockText
		text string
		bad  bool
	}
	var all []event
	add := func(at, id string, bad bool, args words.Args) {
		all = append(all, event{clockText(at), words.F(ctx, "settlement_line.story."+id, args), bad})
	}
	add(clock.Text(m.BegunAt), "begun", false, nil)
	if m.CutAt != nil {
		id := "cut"
		if m.State == settlement.Carried {
			id = "carried"
		}
		add(clock.Text(*m.CutAt), id, false, words.Args{"Net": m.Net.String()})
	}
	for _, p := range slices.Backward(m.Payments) {
		args := words.Args{"Number": p.Number, "Amount": p.Amount.String(), "Bank": p.Bank, "Tail": p.Tail, "Reason": p.Reason}
		if p.Try > 1 {
			add(clock.Text(p.MadeAt), "again", false, args)
		}
		if p.SentAt != nil {
			add(clock.Text(*p.SentAt), "sent", false, args)
		}
		if p.EndedAt != nil {
			id, bad := "paid", false
			if p.State == payout.Failed {
				id, bad = "failed", true
			}
			add(clock.Text(*p.EndedAt), id, bad, args)
		}
		if p.Returned != nil {
			add(clock.Text(*p.Returned), "returned", true, args)
		}
	}
	slices.Reverse(all)
	events := make([]ui.Event, len(all))
	for i, e := range all {
		events[i] = ui.Event{At: string(e.at), Text: e.text, Bad: e.bad, Now: i == 0}
	}
	return events
}

type clockText string

// rows leads to the line's moves in the books.
func (m SettlementLine) rows(ctx context.Context) ui.Act {
	return ui.Act{Word: say(ctx, "settlement_line.rows"), Href: FlowQuery{No: m.BankNo, Account: string(ledger.Unsettled)}.Href(FlowPath, "")}
}

func (m SettlementLine) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "settlement_line.shown", words.Args{"Count": len(m.Orders)})}
	here := settlement.LinePath(m.Day)
	if !m.First {
		g.Prev = here
	}
	if m.Next != "" {
		g.Next = opsHref(here, map[string][]string{}, m.Next)
	}
	return g
}

func (m SettlementLine) exports(ctx context.Context) []ui.Act {
	return opsExports(ctx, settlement.LinePath(m.Day)+"/orders", nil)
}

// shortNumber is a number by its ends with its copy button: the side panel is narrow.
func shortNumber(ctx context.Context, id, no string) ui.Fact {
	return ui.Fact{Word: say(ctx, id), Value: shortWithCopy(say(ctx, id), no), HasID: true}
}
