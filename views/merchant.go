package views

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/dossier"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Merchant is what a merchant is, and what its super admin may change about it.
type Merchant struct {
	merchant.Merchant
	dossier.View
	EditProfile bool // the reader may change it
	EditCard    bool
	Check       ui.Field // takes the amount that arrived on a new card
	Faults      []ui.Fault
}

// Addresses of the forms.
const (
	MerchantProfilePath = dossier.Path + "/profile"
	MerchantCardPath    = dossier.Path + "/card"
)

// CancelCardPath is where a request for another card is taken back.
func CancelCardPath(c dossier.CardChange) string {
	return MerchantCardPath + "/" + c.ID.String() + "/cancellation"
}

// CheckCardPath is where the amount of the check payment is entered.
func CheckCardPath(c dossier.CardChange) string {
	return MerchantCardPath + "/" + c.ID.String() + "/check"
}

var cardColours = map[dossier.State]ui.State{dossier.Requested: ui.Waiting, dossier.Checking: ui.Moving, dossier.Arrived: ui.Needs,
	dossier.InUse: ui.Done, dossier.Missed: ui.Failed, dossier.Cancelled: ui.Waiting}

func (m Merchant) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{
		number(ctx, "merchant_page.mchid", mchidText(m.ID)),
		{Word: say(ctx, "merchant_page.kind"), Text: say(ctx, "merchant_page.kind."+string(m.Kind))},
		{Word: say(ctx, "merchant_page.legal_name"), Text: m.LegalName},
		{Word: say(ctx, "merchant_page.short_name"), Text: m.ShortName},
	}
	if m.Parent != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "merchant_page.provider"), Value: merchantName(mchidText(m.Parent), m.Provider)})
	}
	return append(facts,
		ui.Fact{Word: say(ctx, "merchant_page.contact_phone"), Text: orNothing(m.PhoneMasked)},
		ui.Fact{Word: say(ctx, "merchant_page.appid"), Value: plainID(orNothing(m.AppID))},
		ui.Fact{Word: say(ctx, "merchant_page.opened"), Text: clock.DayOf(m.OpenedAt).String()})
}

func (m Merchant) terms(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Word: say(ctx, "merchant_page.system"), Text: say(ctx, "merchant_page.system."+string(m.System))},
		{Word: say(ctx, "merchant_page.cycle"), Text: string(m.Cycle)},
		{Word: say(ctx, "merchant_page.fee_rate"), Text: m.FeeRate.String()},
	}
}

func (m Merchant) card(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Word: say(ctx, "merchant_page.bank"), Text: orNothing(m.SettlementBank)},
		{Word: say(ctx, "merchant_page.account"), Text: cardText(m.AccountTail)},
	}
}

// cardText is an account of which the tail alone is shown.
func cardText(tail string) string { return "**** " + tail }

// lastChange says who changed the profile last.
func (m Merchant) lastChange(ctx context.Context) string {
	if m.Profile == nil {
		return ""
	}
	return words.F(ctx, "merchant_page.last_change", words.Args{"By": m.Profile.By, "Time": moment(m.Profile.At)})
}

// request are the facts of the newest request for another card.
func (m Merchant) request(ctx context.Context) []ui.Fact {
	c := m.Card
	facts := []ui.Fact{
		{Word: say(ctx, "merchant_page.request_state"), Value: ui.Tag(cardColours[c.State], CardState(ctx, c.State))},
		{Word: say(ctx, "merchant_page.request_new"), Text: c.Bank + " " + cardText(c.Tail)},
		{Word: say(ctx, "merchant_page.request_by"), Text: c.AskedBy},
		{Word: say(ctx, "merchant_page.request_at"), Text: moment(c.AskedAt)},
	}
	if c.CheckedAt != nil {
		facts = append(facts, ui.Fact{Word: say(ctx, "merchant_page.checked_at"), Text: moment(*c.CheckedAt)})
	}
	if c.Reason != "" {
		facts = append(facts, ui.Fact{Word: say(ctx, "merchant_page.request_reason"), Text: dossier.CardReason(ctx, c.Reason)})
	}
	if c.EndedAt != nil {
		family := "merchant_page.ended"
		if c.State == dossier.Cancelled {
			family = "merchant_page.cancelled"
		}
		facts = append(facts, ui.Fact{Word: say(ctx, family+"_by"), Text: endedBy(ctx, c.EndedBy)},
			ui.Fact{Word: say(ctx, family+"_at"), Text: moment(*c.EndedAt)})
	}
	return facts
}

// endedBy names who ended a request: a login, or the bank's word through the program.
func endedBy(ctx context.Context, by string) string {
	if by == access.System.Name {
		return say(ctx, "merchant_page.by_bank")
	}
	return by
}

// CardState says where a request for another card stands.
func CardState(ctx context.Context, s dossier.State) string {
	return say(ctx, "dossier.card_state."+string(s))
}

func (m Merchant) open() bool { return m.Card != nil && m.Card.State.Open() }

// standing says what an open request means for the money today.
func (m Merchant) standing(ctx context.Context) ui.Note {
	what := words.Args{"Bank": m.SettlementBank, "Tail": m.AccountTail, "New": m.Card.Bank, "NewTail": m.Card.Tail, "Left": m.Card.Left()}
	n := ui.Note{Kind: ui.Waiting, Strong: words.F(ctx, "merchant_page.standing."+string(m.Card.State), what),
		Text: words.F(ctx, "merchant_page.standing_text."+string(m.Card.State), what)}
	if m.Card.State == dossier.Arrived {
		n.Kind = ui.Needs
	}
	return n
}

// resting says that nothing is paid to the card in use yet.
func (m Merchant) resting(ctx context.Context) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "settlement.rest", words.Args{"Until": moment(*m.Rest)}),
		Text: words.F(ctx, "settlement.rest_text", words.Args{"Bank": m.SettlementBank, "Tail": m.AccountTail})}
}

// waiting says that a change still waits for a yes.
func (m Merchant) waiting(ctx context.Context, p dossier.Pending) ui.Note {
	what := words.Args{"Action": AuditAction(ctx, p.Action), "Until": moment(p.ExpiresAt)}
	n := ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "merchant_page.pending", what), Text: words.F(ctx, "merchant_page.pending_text", what)}
	switch {
	case p.Approving:
		n.Text = words.F(ctx, "merchant_page.approving_text", what)
	case p.Here:
		n.Acts = []ui.Act{{Word: say(ctx, "merchant_page.pending_open"), Href: "/confirmations/" + p.ID.String()}}
	default:
		n.Text = words.F(ctx, "merchant_page.elsewhere_text", what)
	}
	return n
}

// MerchantForm is a form about the merchant, whose answer is a confirmation on the phone.
type MerchantForm struct {
	Fields []ui.Field
	Facts  []ui.Fact // how it stands now
	Once   ui.Pair
	Faults []ui.Fault
}

func (m Merchant) cardHead(ctx context.Context) ui.Section {
	s := ui.Section{ID: "card", Title: say(ctx, "merchant_page.card")}
	if m.EditCard && !m.open() {
		s.Acts = []ui.Act{{Word: say(ctx, "merchant_page.change_card"), Href: MerchantCardPath, Small: true}}
	}
	return s
}
