package views

import (
	"context"

	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// TopUp is one top-up.
type TopUp struct {
	topup.TopUp
	PayTo    topup.PayTo
	Places   []topup.Place
	FlowHref string // the line of the books; empty while there is none to open
	Simulate []ui.Pair
}

func (m TopUp) head(ctx context.Context) ui.Head {
	return ui.Head{Title: say(ctx, "topup_page.title"), ID: m.No(), Lead: m.lead(ctx),
		Tag: ui.Tag(topUpColours[m.State], TopUpState(ctx, string(m.State)))}
}

func (m TopUp) lead(ctx context.Context) string {
	args := words.Args{"Account": topup.AccountWord(ctx, string(m.Account)), "Amount": TopUpAmount(ctx, m.TopUp), "Until": momentOr(m.LapsesAt, nothing)}
	if m.State == topup.Waiting && m.Amount == 0 {
		return words.F(ctx, "topup_page.lead_waiting_open", args)
	}
	return words.F(ctx, "topup_page.lead_"+string(m.State), args)
}

func (m TopUp) panel(ctx context.Context) ui.Section {
	s := ui.Section{ID: "facts", Title: say(ctx, "topup_page.facts")}
	if m.Amount > 0 {
		s.Amount, s.Unit = m.Amount.String(), say(ctx, "topup_page.unit")
	}
	return s
}

func (m TopUp) facts(ctx context.Context) []ui.Fact {
	id := func(word, no string) ui.Fact {
		if no == "" {
			return ui.Fact{Word: say(ctx, word), Text: nothing}
		}
		return ui.Fact{Word: say(ctx, word), Value: copyNumber(say(ctx, word), no), HasID: true}
	}
	flow := id("topup_page.flow_no", m.FlowNo())
	if m.FlowHref != "" {
		flow.Value = ui.CopyID(flow.Word, m.FlowNo(), m.FlowHref)
	}
	return []ui.Fact{id("topup_page.no", m.No()), {Word: say(ctx, "topups.col.account"), Text: topup.AccountWord(ctx, string(m.Account))},
		id("topup_page.reference", m.Reference), {Word: say(ctx, "topups.col.payer"), Text: orNothing(m.PayerName)},
		id("topup_page.transfer_no", m.TransferNo), {Word: say(ctx, "topup_page.bank"), Text: orNothing(m.Bank)},
		flow, {Word: say(ctx, "topup_page.asked_by"), Text: orNothing(m.AskedBy)}}
}

func (m TopUp) story(ctx context.Context) []ui.Event {
	var events []ui.Event
	switch {
	case m.ArrivedAt != nil:
		events = append(events, ui.Event{At: moment(*m.ArrivedAt), Now: true,
			Text: words.F(ctx, "topup_page.came", words.Args{"Account": topup.AccountWord(ctx, string(m.Account)), "Amount": m.Amount.String()})})
	case m.State == topup.Lapsed:
		events = append(events, ui.Event{At: momentOr(m.LapsesAt, nothing), Text: say(ctx, "topup_page.lapsed"), Now: true})
	default:
		events = append(events, ui.Event{At: momentOr(m.LapsesAt, nothing), Text: say(ctx, "topup_page.until")})
	}
	if m.AskedBy != "" {
		events = append(events, ui.Event{At: moment(m.CreatedAt), Now: m.State == topup.Waiting,
			Text: words.F(ctx, "topup_page.announced", words.Args{"By": m.AskedBy})})
	}
	return events
}

// TopUpForm announces a transfer.
type TopUpForm struct {
	PayTo   topup.PayTo
	Places  []topup.Place
	Once    string
	Account ui.Field
	Amount  ui.Field
	Faults  []ui.Fault
}
