package views

import (
	"context"
	"net/url"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/transfer"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// TransferView is one enterprise payment.
type TransferView struct {
	transfer.Payment
	transfer.Booked
}

func (m TransferView) head(ctx context.Context) ui.Head {
	return ui.Head{Title: say(ctx, "transfer_page.title"), ID: m.No(), Lead: say(ctx, "transfer_page.lead_"+string(m.State)),
		Tag: ui.Tag(transferColours[m.State], TransferState(ctx, m.State))}
}

func (m TransferView) panel(ctx context.Context) ui.Section {
	return ui.Section{ID: "facts", Title: say(ctx, "transfer_page.facts"), Amount: m.Amount.String(), Unit: say(ctx, "topup_page.unit")}
}

func (m TransferView) facts(ctx context.Context) []ui.Fact {
	id := func(word, no, href string) ui.Fact {
		if no == "" {
			return ui.Fact{Word: say(ctx, word), Text: nothing}
		}
		return ui.Fact{Word: say(ctx, word), Value: ui.CopyID(say(ctx, word), no, href), HasID: true}
	}
	flow := func(no string) string {
		if no == "" {
			return ""
		}
		return TransferHref(no)
	}
	facts := []ui.Fact{id("transfer.no", m.No(), "")}
	if m.Number != m.No() {
		facts = append(facts, id("transfer.column.partner_trade_no", m.Number, ""))
	}
	facts = append(facts, id("transfer.payee", m.OpenID, ""),
		ui.Fact{Word: say(ctx, "transfer_page.name"), Text: orNothing(m.Masked)}, ui.Fact{Word: say(ctx, "transfer.check"), Text: say(ctx, "transfer.check."+string(m.Check))},
		ui.Fact{Word: say(ctx, "transfer.desc"), Text: m.Description}, ui.Fact{Word: say(ctx, "transfer.paid_from"), Text: PayerAccount(ctx, m.PaidFrom)},
		id("transfer_page.flow_no", m.FlowNo, flow(m.FlowNo)), id("transfer_page.payment_no", m.PaymentNo, ""), ui.Fact{Word: say(ctx, "transfer_page.by"), Text: m.Actor})
	if m.FileID != nil {
		facts = append(facts, ui.Fact{Word: say(ctx, "transfer_page.file"), Value: ui.Link(ui.Act{Word: say(ctx, "transfer_page.to_file"),
			Href: transfer.FilesPath + "/" + m.FileID.String()})})
	}
	if m.State == transfer.Failed {
		facts = append(facts, ui.Fact{Word: say(ctx, "transfer_page.returned_to"), Text: PayerAccount(ctx, m.ReturnedTo)},
			id("transfer_page.back_no", m.BackNo, flow(m.BackNo)))
	}
	return facts
}

func (m TransferView) story(ctx context.Context) (events []ui.Event) {
	switch m.State {
	case transfer.Success:
		events = append(events, ui.Event{At: momentOr(m.EndedAt, nothing), Text: say(ctx, "transfer_page.arrived"), Now: true})
	case transfer.Failed:
		events = append(events, ui.Event{At: momentOr(m.EndedAt, nothing), Now: true, Bad: true, Text: words.F(ctx, "transfer_page.failed",
			words.Args{"Reason": transfer.Why(ctx, m.Code, m.Reason), "Account": PayerAccount(ctx, m.ReturnedTo)})})
	case transfer.Processing:
		events = append(events, ui.Event{At: momentOr(m.DueAt, nothing), Text: say(ctx, "transfer_page.asked")})
	default:
		events = append(events, ui.Event{At: momentOr(m.DueAt, nothing), Text: say(ctx, "transfer_page.to_send")})
	}
	if m.SentAt != nil {
		events = append(events, ui.Event{At: moment(*m.SentAt), Text: say(ctx, "transfer_page.sent"), Now: m.State == transfer.Processing})
	}
	return append(events, ui.Event{At: moment(m.MadeAt), Now: m.State == transfer.Waiting, Text: words.F(ctx, "transfer_page.accepted",
		words.Args{"By": m.Actor, "Account": PayerAccount(ctx, m.PaidFrom)})})
}

// TransferForm asks for one payment.
type TransferForm struct {
	transfer.Standing
	Payees []transfer.Payee // whom the form proposes
	Demo   bool             // they are the demo's people
	OpenID ui.Field
	Check  ui.Field
	Name   ui.Field
	Amount ui.Field
	Desc   ui.Field
	Short  *ui.Note // the paying account cannot cover it
	Faults []ui.Fault
}

// payeeHref opens the form with a payee.
func payeeHref(p transfer.Payee) string {
	return transfer.Path + "/new?" + url.Values{transfer.FieldOpenID: {p.OpenID}}.Encode()
}

// TransferPreview shows what a payment would do, before the phone is asked.
type TransferPreview struct {
	transfer.Standing
	Params transfer.Params
	Once   ui.Pair
	Hidden []ui.Pair // what was typed
}

func (m TransferPreview) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{{Word: say(ctx, "transfer.payee"), Text: m.Params.OpenID, Full: true}, {Word: say(ctx, "transfer.check"), Text: say(ctx, "transfer.check."+string(m.Params.Check))}}
	if m.Params.Name != "" {
		facts = append(facts, ui.Fact{Word: say(ctx, "transfer_page.name"), Text: m.Params.Masked()})
	}
	return append(facts, ui.Fact{Word: say(ctx, "transfer.desc"), Text: m.Params.Description})
}

// payingFacts are the account that pays, before and after.
func payingFacts(ctx context.Context, s transfer.Standing, amount money.Fen) []ui.Fact {
	return []ui.Fact{{Word: say(ctx, "transfer.paid_from"), Text: PayerAccount(ctx, s.Account)}, {Word: say(ctx, "transfer_form.before"), Text: yuan(ctx, s.Balance)},
		{Word: say(ctx, "transfer_form.pays"), Text: yuan(ctx, amount)}, {Word: say(ctx, "transfer_form.after"), Text: yuan(ctx, s.Balance-amount)}}
}

// shortOf says which account lacks how much, and the ways out.
func shortOf(ctx context.Context, s transfer.Standing, amount money.Fen) ui.Note {
	return ShortNote(ctx, operations.Shortage{Account: s.Account, Balance: s.Balance, Missing: s.Short(amount)})
}

// summaryOf lists refusals for the top of a page; each leads to its field.
func summaryOf(ctx context.Context, all []*fault.Refusal) (lines []ui.Fault) {
	for _, r := range all {
		lines = append(lines, ui.Fault{ID: r.Field, Text: refusal(ctx, r)})
	}
	return lines
}

func payeesTitle(ctx context.Context, demo bool) string {
	if demo {
		return say(ctx, "transfer_form.payees_demo")
	}
	return say(ctx, "transfer_form.payees")
}

func payeesText(ctx context.Context, demo bool) string {
	if demo {
		return say(ctx, "transfer_form.payees_demo_text")
	}
	return say(ctx, "transfer_form.payees_text")
}

func payeeName(p transfer.Payee) string {
	if p.Masked == "" {
		return MaskPayer(p.OpenID)
	}
	return p.Masked
}
