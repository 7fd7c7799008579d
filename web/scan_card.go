package web

import (
	"net/url"
	"time"

	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// scanCard is what the cards of all purposes share: code, number, time left, where news comes from.
func (s *site) scanCard(say speech, t identity.Ticket, events string, q url.Values) (ui.Scan, error) {
	link := s.Base.String() + "/m/t/" + t.Token
	card := ui.Scan{Level1: t.Purpose == identity.SignIn, Ask: say.word("scan.ask")}
	if s.Demo {
		card.TicketURL = link
	}
	q.Set("state", string(t.State))
	card.Events = events + "?" + q.Encode()
	card.Number = twoDigits(t.Number)
	card.Left = s.secondsLeft(t.ExpiresAt)
	if t.State != identity.Waiting {
		return card, nil
	}
	var err error
	card.QR, err = qrModules(link)
	return card, err
}

// face puts the state into words: sign, word, one sentence, the next step.
func face(say speech, card *ui.Scan, t identity.Ticket, again ui.Act) {
	id := "scan." + string(t.State)
	card.Word, card.Next = say.word(id), again
	switch t.State {
	case identity.Waiting:
		card.State, card.Next = ui.ScanWaiting, ui.Act{}
	case identity.Scanned, identity.Consenting:
		card.State = ui.ScanScanned
		card.Next.Word = say.word("scan.other")
	case identity.Confirmed, identity.Bound, identity.Pending:
		card.State, card.Left = ui.ScanConfirmed, 0
	case identity.Refused, identity.Failed:
		card.State, card.Left = ui.ScanRefused, 0
	default:
		card.State, card.Left = ui.ScanExpired, 0
	}
	if t.Contested && card.Left > 0 {
		card.Text = say.word("scan.contested")
	}
}

// signInCard is the card of the sign-in page.
func (s *site) signInCard(say speech, t identity.Ticket, next string) (ui.Scan, error) {
	card, err := s.scanCard(say, t, say.door.at("/login/tickets/")+t.ID.String()+"/events", withNext(url.Values{}, next))
	if err != nil {
		return card, err
	}
	card.Title, card.Lead, card.QRName = say.word("signin.title"), say.word("signin.lead"), say.word("signin.qr")
	face(say, &card, t, ui.Act{Word: say.word("scan.again"), Href: say.door.at("/login")})
	switch t.State {
	case identity.Scanned:
		card.Text += say.wordf("scan.signin.scanned_text", words.Args{"Number": card.Number})
	case identity.Confirmed:
		card.Text = say.wordf("scan.confirmed_text", words.Args{"Merchant": t.ShortName})
		card.Next = ui.Act{Word: say.word("scan.confirmed_next")}
		card.Redeem = say.door.at("/login/tickets/") + t.ID.String() + "/session"
		card.Hidden = []ui.Pair{{Name: "next", Value: next}}
	case identity.Redeemed:
		card.Text = say.word("scan.redeemed_text")
	case identity.Refused:
		card.Text = say.word("scan.signin.refused_text")
	case identity.Failed:
		card.Text = say.reason(t.Reason)
	case identity.Expired:
		card.Text = say.word("scan.expired_text")
	}
	return card, nil
}

// foreignCard stands for a ticket that is not this browser's, or is no more.
func (s *site) foreignCard(v *visit) ui.Scan {
	return ui.Scan{Level1: true, Title: v.word("signin.title"), Lead: v.word("signin.lead"), State: ui.ScanExpired,
		Word: v.word("scan.expired"), Text: v.word("scan.browser_other"),
		Next: ui.Act{Word: v.word("scan.again"), Href: v.door().at("/login")}}
}

func (s *site) secondsLeft(until time.Time) int {
	return max(0, int(until.Sub(s.Clock.Now()).Round(time.Second).Seconds()))
}
