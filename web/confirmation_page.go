package web

import (
	"errors"
	"net/http"
	"strings"

	"zhanggui/internal/confirm"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// showConfirmation shows what was asked for, with the code while the phone is awaited, and afterwards what
// came of it.
func (s *site) showConfirmation(v *visit) error {
	c, err := s.confirmation(v)
	if err != nil {
		return err
	}
	return s.confirmationPage(v, c, nil)
}

// confirmation reads the one of the address, for the session that asked.
func (s *site) confirmation(v *visit) (confirm.Confirmation, error) {
	id, err := v.pathID("id")
	if err != nil {
		return confirm.Confirmation{}, err
	}
	return s.Desk.Confirmation(v.ctx(), v.scope, v.session.Handle, id)
}

func (s *site) confirmationPage(v *visit, c confirm.Confirmation, secret *confirm.Line) error {
	m, err := s.confirmationModel(v.speech(), v.confirmationPath(c.ID), v.session.Login, v.session.NameMasked, c)
	if err != nil {
		return err
	}
	m.Secret = secret
	v.within, _, _ = strings.Cut(safeNext(c.Back, ""), "?")
	p := v.frame(c.Words.Title, ui.Crumb{Word: v.word("confirm.crumb")})
	if c.State.Asking() {
		p.Refresh = refreshSeconds
	}
	return v.show(http.StatusOK, views.ConfirmationPage(p, m))
}

// confirmationModel is the page without its frame; events draw it, too.
func (s *site) confirmationModel(say speech, path, login, name string, c confirm.Confirmation) (views.Confirmation, error) {
	m := views.Confirmation{Confirmation: c, Path: path, Approval: approvalsAt(doorOf(path)) + "/" + c.ID.String(), FormAgain: formAgain(c), Reason: confirm.Sentence(say.ctx, c.Reason),
		Asker: say.wordf("confirm.asker_of", words.Args{"Name": name, "Login": login})}
	m.Card = ui.Scan{Title: say.word("confirm.scan"), Lead: say.wordf("confirm.scan_lead", words.Args{"Name": name, "Login": login}),
		QRName: say.word("confirm.qr"), Ask: say.word("scan.ask"), Number: twoDigits(c.Number)}
	if c.Contested {
		m.Card.Text = say.word("confirm.contested")
	}
	link := s.Base.String() + "/m/c/" + c.Token
	if s.Demo && c.State.Asking() {
		m.Card.TicketURL = link
	}
	switch c.State {
	case confirm.Waiting:
		m.Card.State, m.Card.Word, m.Card.Left = ui.ScanWaiting, say.word("confirm.card.waiting"), s.secondsLeft(c.ExpiresAt)
		var err error
		m.Card.QR, err = qrModules(link)
		return m, err
	case confirm.Scanned:
		m.Card.State, m.Card.Word, m.Card.Left = ui.ScanScanned, say.word("confirm.card.scanned"), s.secondsLeft(c.ExpiresAt)
		m.Card.Text += say.wordf("confirm.scanned_text", words.Args{"Number": m.Card.Number})
	}
	return m, nil
}

// cancelConfirmation ends it on the desktop and leads back to the form, with its text.
func (s *site) cancelConfirmation(v *visit) error {
	c, err := s.confirmation(v)
	if err != nil {
		return err
	}
	err = s.Desk.Cancel(v.ctx(), v.scope, v.session.Handle, c.ID)
	if errors.Is(err, confirm.ErrEnded) || errors.Is(err, confirm.ErrExpired) {
		return v.seeOther(v.confirmationPath(c.ID))
	}
	if err != nil {
		return err
	}
	v.flash(ui.Done, "cancelled")
	if to := formAgain(c); to != "" {
		return v.seeOther(to)
	}
	return v.seeOther("/")
}

// showSecret shows what came of an act and is told once.
func (s *site) showSecret(v *visit) error {
	c, err := s.confirmation(v)
	if err != nil {
		return err
	}
	line, err := s.Desk.Secret(v.ctx(), v.scope, v.session.Handle, c.ID)
	if err != nil {
		return err
	}
	c.HasSecret = false
	return s.confirmationPage(v, c, &line)
}
