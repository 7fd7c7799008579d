package web

import (
	"errors"
	"net/http"
	"net/url"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// showBind is the guide that a person sees before anything else: the step that is due.
func (s *site) showBind(v *visit) error {
	if v.signedIn() {
		return v.seeOther(v.door().profile())
	}
	guide, err := s.Gate.Guide(v.ctx(), *v.session)
	if err != nil {
		return err
	}
	return s.bindPage(v, http.StatusOK, guide, nil)
}

// answerCard compares the settlement account's number.
func (s *site) answerCard(v *visit) error {
	if v.signedIn() {
		return v.seeOther("/account/profile")
	}
	wrong := s.Gate.Card(v.ctx(), *v.session, v.form("settlement_account"))
	if wrong == nil {
		return v.seeOther("/bind")
	}
	if fault.All(wrong) == nil || errors.Is(wrong, fault.ErrNotFound) {
		return wrong
	}
	guide, err := s.Gate.Guide(v.ctx(), *v.session)
	if err != nil {
		return err
	}
	return s.bindPage(v, http.StatusUnprocessableEntity, guide, wrong)
}

func (s *site) bindPage(v *visit, status int, guide identity.Guide, wrong error) error {
	steps := bindSteps(v, guide)
	m := views.Bind{Steps: steps, Now: min(bindNow(guide), len(steps)-1), Facts: []ui.Fact{
		{Word: v.word("profile.merchant"), Text: v.session.Merchant.LegalName},
		{Word: v.word("profile.login"), Text: v.session.Login},
		{Word: v.word("profile.name"), Text: v.session.NameMasked},
	}}
	p := v.frame(v.word("bind.title"))
	switch guide.Step {
	case identity.StepCard:
		m.Ask, m.Card = true, cardField(v, guide)
		m.Faults = v.faults(wrong, &m.Card)
	case identity.StepScan:
		if v.Request().Method == http.MethodHead {
			return v.NoContent(http.StatusOK)
		}
		t, err := v.ticketShown(identity.Binding, v.session.BindingSeat())
		if err != nil {
			return err
		}
		card, err := s.bindCard(v.speech(), t, v.session.NameMasked)
		if err != nil {
			return err
		}
		m.Scan = &card
		if !final(t.State) {
			p.Refresh, p.RefreshTo = refreshSeconds, v.door().at("/bind?ticket=")+t.ID.String()
		}
	}
	m.Notice = bindNotice(v, guide)
	return v.show(status, views.BindPage(p, m))
}

func cardField(v *visit, guide identity.Guide) ui.Field {
	return ui.Field{Name: "settlement_account", Label: v.word("bind.card_label"), InputMode: "numeric", MaxLength: 40,
		Hint: v.wordf("bind.card_hint", words.Args{"Left": guide.TriesLeft}), Required: true, Focus: true, Mono: true}
}

// bindSteps are the steps of the account's own way: a super admin answers for the merchant's
// account, an employee is answered for.
func bindSteps(v *visit, guide identity.Guide) []string {
	switch {
	case guide.SuperAdmin:
		return []string{v.word("bind.step_card"), v.word("bind.step_scan"), v.word("bind.step_done")}
	case guide.Alone:
		return []string{v.word("bind.step_scan"), v.word("bind.step_done")}
	}
	return []string{v.word("bind.step_scan"), v.word("bind.step_approval"), v.word("bind.step_done")}
}

func bindNow(guide identity.Guide) int {
	switch guide.Step {
	case identity.StepBound:
		return 2
	case identity.StepWaiting:
		return 1
	case identity.StepScan:
		if guide.SuperAdmin {
			return 1
		}
	}
	return 0
}

// bindNotice says what there is to know about the step; nil where the step speaks for itself.
func bindNotice(v *visit, guide identity.Guide) *ui.Note {
	note := func(kind ui.State, id string, args words.Args) *ui.Note {
		return &ui.Note{Kind: kind, Strong: v.word("bind." + id), Text: v.wordf("bind."+id+"_text", args)}
	}
	switch {
	case guide.Step == identity.StepLocked:
		return note(ui.Failed, "locked", nil)
	case guide.Step == identity.StepWaiting:
		return note(ui.Waiting, "waiting", words.Args{"Until": clockText(guide.LapsesAt)})
	case guide.Step == identity.StepBound:
		n := note(ui.Done, "bound", nil)
		n.Acts = []ui.Act{{Word: v.word("bind.to_login"), Href: v.door().at("/login")}}
		return n
	case guide.Again:
		return note(ui.Needs, "again", nil)
	case guide.Last != "":
		return note(ui.Needs, "last_"+string(guide.Last), nil)
	}
	return nil
}

// bindCard is the card of the binding guide.
func (s *site) bindCard(say speech, t identity.Ticket, name string) (ui.Scan, error) {
	card, err := s.scanCard(say, t, say.door.at("/bind/tickets/")+t.ID.String()+"/events", url.Values{})
	if err != nil {
		return card, err
	}
	card.Title, card.QRName = say.word("bind.scan_title"), say.word("bind.scan_qr")
	card.Lead = say.wordf("bind.scan_lead", words.Args{"Name": name})
	face(say, &card, t, ui.Act{Word: say.word("scan.again"), Href: say.door.at("/bind")})
	switch t.State {
	case identity.Scanned:
		card.Text += say.wordf("scan.bind.scanned_text", words.Args{"Number": card.Number})
	case identity.Consenting:
		card.Text, card.Number = say.word("scan.consenting_text"), ""
	case identity.Bound:
		card.Text = say.word("scan.bind.bound_text")
		card.Next = ui.Act{Word: say.word("bind.to_login"), Href: say.door.at("/login")}
	case identity.Pending:
		card.Text, card.Next = say.word("scan.bind.pending_text"), ui.Act{}
	case identity.Refused:
		card.Text = say.word("scan.bind.refused_text")
	case identity.Failed:
		card.Text = say.reason(t.Reason)
	case identity.Expired:
		card.Text = say.word("scan.expired_text")
	}
	return card, nil
}

// bindEvents tells the guide what the phone does.
func (s *site) bindEvents(v *visit) error {
	if v.signedIn() {
		return fault.ErrNotFound
	}
	name := v.session.NameMasked
	return s.follow(v, func(say speech, t identity.Ticket) (ui.Scan, error) { return s.bindCard(say, t, name) })
}
