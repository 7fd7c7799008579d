package web

import (
	"errors"
	"net/http"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// openConfirmation is the link in a confirmation's code, opened by a WeChat.
func (s *site) openConfirmation(v *visit) error {
	token, err := v.path("token")
	if err != nil {
		return err
	}
	sheet, err := s.Desk.Scan(v.ctx(), token, v.openid)
	if err != nil {
		return s.confirmRefused(v, err)
	}
	return s.showSheet(v, http.StatusOK, token, sheet, "")
}

// answerConfirmation is what the person says; a yes has run the act when the page comes.
func (s *site) answerConfirmation(v *visit) error {
	token, err := v.path("token")
	if err != nil {
		return err
	}
	if v.otherWeChat() {
		return s.reopen(v)
	}
	if _, err := s.Desk.Scan(v.ctx(), token, v.openid); err != nil {
		return s.confirmRefused(v, err)
	}
	a := confirm.Answer{Decision: confirm.Decision(v.form("decision")), Hash: v.form("hash")}
	a.Number, _ = strconv.Atoi(v.form("number"))
	sheet, err := s.Desk.Answer(v.ctx(), token, v.openid, a)
	switch {
	case errors.Is(err, confirm.ErrDecide), errors.Is(err, confirm.ErrChooseNumber):
		return s.showSheet(v, http.StatusUnprocessableEntity, token, sheet, v.wrongWords(err))
	case err != nil:
		return s.confirmRefused(v, err)
	}
	return s.showSheet(v, http.StatusOK, token, sheet, "")
}

// showSheet asks, or says how it ended.
func (s *site) showSheet(v *visit, status int, token string, sheet confirm.Sheet, wrong string) error {
	if sheet.State != confirm.Scanned {
		told := v.toldSheet(sheet)
		return v.show(status, views.PhoneTold(v.frame(told.Title), told))
	}
	q := views.Ask{Action: "/m/c/" + token, Title: sheet.Words.Title,
		Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}, {Name: "hash", Value: sheet.Hash}},
		Lines:  []string{v.wordf("phone.merchant_choice", words.Args{"Merchant": sheet.ShortName, "Account": sheet.Login})},
		Facts:  factsOf(sheet.Words.Lines), Confirm: v.word("confirm.yes"), Refuse: v.word("confirm.no"), Warning: v.word("phone.warning")}
	if sheet.Words.Warn != "" {
		q.Sections = []views.AskSection{{Lines: []ui.PhoneLine{{Text: sheet.Words.Warn}}}}
	}
	q.Facts = append(q.Facts, ui.Fact{Word: v.word("confirm.asker"), Text: v.wordf("phone.account_person", words.Args{"Login": sheet.Login, "Name": sheet.NameMasked})},
		ui.Fact{Word: v.word("phone.fact_browser"), Text: identity.BrowserWords(v.ctx(), sheet.Agent)},
		ui.Fact{Word: v.word("phone.fact_address"), Text: sheet.Address},
		ui.Fact{Word: v.word("phone.fact_time"), Text: clock.Text(sheet.AskedAt)})
	for _, n := range sheet.Numbers {
		text := twoDigits(n)
		q.Numbers = append(q.Numbers, ui.Option{Value: text, Word: text, Chosen: text == v.posted.Get("number")})
	}
	return s.showQuestion(v, status, q, wrong)
}

// toldSheet says on the phone how a confirmation ended.
func (v *visit) toldSheet(sheet confirm.Sheet) views.Told {
	id := "confirm.told." + string(sheet.State)
	told := views.Told{State: ui.Waiting, Title: v.word(id), Text: confirm.Sentence(v.ctx(), sheet.Reason)}
	switch sheet.State {
	case confirm.Done:
		told.State, told.Text = ui.Done, sheet.Words.Title
		told.Facts = append(factsOf(sheet.Words.Lines), factsOf(sheet.Lines)...)
	case confirm.Approving:
		told.Text = v.wordf("confirm.told.approving_text", words.Args{"Until": clock.Text(sheet.ExpiresAt)})
	case confirm.Failed:
		told.State = ui.Failed
	}
	return told
}

func factsOf(all []confirm.Line) []ui.Fact {
	facts := make([]ui.Fact, len(all))
	for i, l := range all {
		facts[i] = ui.Fact{Word: l.Label, Text: l.Value}
	}
	return facts
}

// confirmRefused says on the phone why nothing happened.
func (s *site) confirmRefused(v *visit, err error) error {
	r, ok := fault.As(err)
	if !ok || errors.Is(err, fault.ErrNotFound) {
		return err
	}
	status := http.StatusForbidden
	switch {
	case errors.Is(err, confirm.ErrGone):
		status = http.StatusNotFound
	case errors.Is(err, confirm.ErrEnded), errors.Is(err, confirm.ErrExpired):
		status = http.StatusConflict
	}
	told := views.Told{State: ui.Failed, Title: v.word("web.trouble.phone"), Text: confirm.Sentence(v.ctx(), r)}
	return v.show(status, views.PhoneTold(v.frame(told.Title), told))
}
