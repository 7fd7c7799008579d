package web

import (
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// shownTo keeps in the form whose WeChat the page was shown to.
const shownTo = "shown_to"

// question is the page after the scan: what is about to happen, where the code is shown, and which
// number stands there.
func (v *visit) question(token string, ask identity.Ask) views.Ask {
	q := views.Ask{Action: "/m/t/" + token, Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}}}
	for _, n := range ask.Numbers {
		text := twoDigits(n)
		q.Numbers = append(q.Numbers, ui.Option{Value: text, Word: text, Chosen: text == v.posted.Get("number")})
	}
	q.Warning = v.word("phone.warning")
	if ask.Purpose == identity.Binding {
		v.bindingWords(&q, ask)
	} else {
		v.signInWords(&q, ask)
	}
	q.Facts = append(q.Facts,
		ui.Fact{Word: v.word("phone.fact_browser"), Text: ask.Browser},
		ui.Fact{Word: v.word("phone.fact_address"), Text: ask.Address},
		ui.Fact{Word: v.word("phone.fact_time"), Text: clock.Text(ask.MadeAt)})
	return q
}

func (v *visit) signInWords(q *views.Ask, ask identity.Ask) {
	q.Confirm, q.Refuse = v.word("phone.signin_confirm"), v.word("phone.signin_refuse")
	if len(ask.Seats) == 1 {
		seat := ask.Seats[0]
		q.Title = v.wordf("phone.signin_title", words.Args{"Merchant": seat.ShortName})
		q.Lines = []string{v.houseLine(seat)}
		q.Facts = []ui.Fact{{Word: v.word("phone.fact_account"), Text: v.accountWords(seat)}}
		return
	}
	q.Title = v.word("phone.signin_title_many")
	q.Lines = []string{v.wordf("phone.signin_line_many", words.Args{"Count": len(ask.Seats)})}
	for _, seat := range ask.Seats {
		mchid := strconv.FormatInt(seat.Mchid, 10)
		q.Merchants = append(q.Merchants, ui.Option{Value: mchid, Chosen: mchid == v.posted.Get("mchid"),
			Word: v.wordf("phone.merchant_choice", words.Args{"Merchant": seat.ShortName, "Account": v.accountWords(seat)})})
	}
}

func (v *visit) bindingWords(q *views.Ask, ask identity.Ask) {
	q.Confirm, q.Refuse = v.word("phone.bind_confirm"), v.word("phone.bind_refuse")
	for _, seat := range ask.Seats {
		q.Title = v.wordf("phone.bind_title", words.Args{"Merchant": seat.ShortName})
		q.Lines = []string{v.houseLine(seat)}
		q.Facts = []ui.Fact{{Word: v.word("phone.fact_account"), Text: seat.Login},
			{Word: v.word("phone.fact_person"), Text: seat.NameMasked}}
	}
}

// houseLine says which merchant a seat is in, or that it is the platform's own.
func (v *visit) houseLine(seat identity.SeatChoice) string {
	if seat.Platform() {
		return v.word("phone.platform_line")
	}
	return v.wordf("phone.merchant_line", words.Args{"MchID": seat.Mchid})
}

func (v *visit) accountWords(seat identity.SeatChoice) string {
	return v.wordf("phone.account_person", words.Args{"Login": seat.Login, "Name": seat.NameMasked})
}

// consentPage asks, apart from everything else, whether the WeChat may be compared with the person:
// what, why, how long.
func (v *visit) consentPage(token string, ask identity.Ask) views.Ask {
	asked := views.Ask{
		Action: "/m/t/" + token, Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}},
		Title:   v.word("identity.consent_title"),
		Confirm: v.word("phone.consent_confirm"), Refuse: v.word("phone.consent_refuse"),
	}
	for _, seat := range ask.Seats {
		asked.Lines = []string{v.accountWords(seat)}
	}
	for _, part := range consentParts {
		asked.Sections = append(asked.Sections, views.AskSection{Title: v.word("identity.consent_" + part),
			Lines: []ui.PhoneLine{{Text: v.word("identity.consent_" + part + "_text")}}})
	}
	return asked
}

// consentParts are the parts of the text that is agreed to, as identity.ConsentVersion counts it.
var consentParts = []string{"what", "why", "how_long", "who"}
