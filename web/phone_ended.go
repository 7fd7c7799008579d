package web

import (
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// ended says how a ticket ended, to the WeChat that answered it.
func (v *visit) ended(ask identity.Ask) views.Told {
	what := string(ask.Purpose)
	merchant, say := "", v.speech()
	for _, seat := range ask.Seats {
		merchant, say = seat.ShortName, v.speechOf(seat.Platform())
	}
	told := views.Told{State: ui.Failed, Title: say.word("phone.told.failed_" + what), Text: say.reason(ask.Reason)}
	switch ask.State {
	case identity.Confirmed, identity.Redeemed:
		told.State, told.Title = ui.Done, say.word("phone.told.confirmed")
		told.Text = say.wordf("phone.told.confirmed_text", words.Args{"Merchant": merchant})
	case identity.Bound:
		told.State, told.Title = ui.Done, say.word("phone.told.bound")
		told.Text = say.wordf("phone.told.bound_text", words.Args{"Merchant": merchant})
	case identity.Pending:
		told.State, told.Title, told.Text = ui.Waiting, say.word("phone.told.pending"), say.word("phone.told.pending_text")
	case identity.Refused:
		told.Title, told.Text = say.word("phone.told.refused_"+what), say.word("phone.told.refused_"+what+"_text")
	case identity.Expired:
		told.State, told.Title, told.Text = ui.Waiting, say.word("scan.expired"), say.word("phone.told.expired_text")
	}
	return told
}
