package views

import (
	"context"

	"zhanggui/internal/withdrawal"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Withdrawal is one withdrawal.
type Withdrawal struct {
	withdrawal.Shown

	Resume string // until when nothing is paid to the card; empty: it is
	Once   ui.Pair
	May    bool // the reader may take it back
	Late   bool // it should have arrived by now
}

func (m Withdrawal) head(ctx context.Context) ui.Head {
	return ui.Head{Title: say(ctx, "withdrawal_page.title"), ID: m.No(), Lead: m.lead(ctx), Tag: ui.Tag(withdrawalTag(ctx, m.Withdrawal))}
}

func (m Withdrawal) lead(ctx context.Context) string {
	args := words.Args{"Account": accountWord(ctx, m.Account), "Bank": m.Bank, "Tail": m.Tail, "Day": m.Promised.String(),
		"Reason": withdrawal.Why(ctx, m.Reason), "Home": accountWord(ctx, m.ReturnedTo)}
	if m.Skipped() {
		return words.F(ctx, "withdrawal_page.lead_skipped", args)
	}
	lead := words.F(ctx, "withdrawal_page.lead."+string(m.State), args)
	if m.Late {
		lead += say(ctx, "withdrawal_page.late")
	}
	return lead
}

func (m Withdrawal) panel(ctx context.Context) ui.Section {
	return ui.Section{ID: "facts", Title: say(ctx, "withdrawal_page.facts"), Amount: m.Amount.String(), Unit: say(ctx, "topup_page.unit")}
}

func (m Withdrawal) facts(ctx context.Context) []ui.Fact {
	number := func(id, no, href string) ui.Fact {
		word := say(ctx, id)
		switch {
		case no == "":
			return ui.Fact{Word: word, Text: nothing}
		case href == "":
			return ui.Fact{Word: word, Value: copyNumber(word, no), HasID: true}
		}
		return ui.Fact{Word: word, Value: ui.CopyID(word, no, href), HasID: true}
	}
	all := []ui.Fact{number("withdrawal.no", m.No(), ""), number("withdrawal_page.request_no", m.RequestNo, ""),
		{Word: say(ctx, "withdrawal.account"), Text: accountWord(ctx, m.Account)}, {Word: say(ctx, "withdrawals.col.kind"), Text: WithdrawalKind(ctx, m.Kind)}}
	if m.Skipped() {
		return append(all[:1], all[2], all[3], ui.Fact{Word: say(ctx, "withdrawal_page.reason"), Text: withdrawal.Why(ctx, m.Reason)})
	}
	all = append(all, ui.Fact{Word: say(ctx, "withdrawal.card"), Text: words.F(ctx, "withdrawal.card_of", words.Args{"Bank": m.Bank, "Tail": m.Tail})},
		ui.Fact{Word: say(ctx, "withdrawal.promised"), Text: m.Promised.String()})
	if m.Amount >= withdrawal.CapitalFrom {
		all = append(all, ui.Fact{Word: say(ctx, "withdrawal.capital"), Text: m.Amount.Capital(), Full: true})
	}
	all = append(all, ui.Fact{Word: say(ctx, "withdrawal.note"), Text: orNothing(m.Remark)}, ui.Fact{Word: say(ctx, "withdrawal.memo"), Text: orNothing(m.Memo)},
		number("withdrawal_page.flow_no", m.FlowNo, TransferHref(m.FlowNo)), ui.Fact{Word: say(ctx, "withdrawal_page.by"), Text: applicant(ctx, m.Actor)})
	if m.Reason != "" {
		all = append(all, ui.Fact{Word: say(ctx, "withdrawal_page.reason"), Text: withdrawal.Why(ctx, m.Reason)},
			number("withdrawal_page.back_no", m.BackNo, TransferHref(m.BackNo)))
	}
	return all
}

func (m Withdrawal) resting(ctx context.Context) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "withdrawal_page.rest", words.Args{"Until": m.Resume}), Text: say(ctx, "withdrawal_page.rest_text")}
}

// story is what happened to the money, the newest first.
func (m Withdrawal) story(ctx context.Context) []ui.Event {
	args := words.Args{"By": applicant(ctx, m.Actor), "Reason": withdrawal.Why(ctx, m.Reason), "Home": accountWord(ctx, m.ReturnedTo), "Bank": m.Bank, "Tail": m.Tail}
	event := func(at, id string, bad bool) ui.Event {
		return ui.Event{At: at, Text: words.F(ctx, "withdrawal_page.story."+id, args), Bad: bad}
	}
	if m.Skipped() {
		return []ui.Event{{At: moment(m.MadeAt), Text: words.F(ctx, "withdrawal_page.story.skipped", args), Now: true}}
	}
	var all []ui.Event
	switch m.State {
	case withdrawal.Failed:
		all = append(all, event(moment(m.MovedAt), "failed", true))
	case withdrawal.Returned:
		all = append(all, event(moment(m.MovedAt), "returned", true), event(momentOr(m.EndedAt, nothing), "paid", false))
	case withdrawal.Paid:
		all = append(all, event(moment(m.MovedAt), "paid", false))
	case withdrawal.Closed:
		all = append(all, event(moment(m.MovedAt), "closed", false))
	}
	if m.SentAt != nil {
		all = append(all, event(moment(*m.SentAt), "sent", false))
	}
	all = append(all, event(moment(m.MadeAt), "made", false))
	all[0].Now = true
	return all
}
