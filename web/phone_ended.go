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
	merchant := ""
	for _, seat := range ask.Seats {
		merchant = seat.ShortName
	}
	told := views.Told{State: ui.Failed, Title: v.word("phone.told.failed_" + what), Text: v.speech().reason(ask.Reason)}
	switch ask.State {
	case identity.Confirmed, identity.Redeemed:
		told.State, told.Title = ui.Done, v.word("phone.told.confirmed")
		told.Text = v.wordf("phone.told.confirmed_text", words.Args{"Merchant": merchant})
	case identity.Bound:
		told.State, told.Title = ui.Done, v.word("phone.told.bound")
		told.Text = v.wordf("phone.told.bound_text", words.Args{"Merchant": merchant})
	case identity.Pending:
		told.State, told.Title, told.Text = ui.Waiting, v.word("phone.told.pending"), v.word("phone.told.pending_text")
	case identity.Refused:
		told.Title, told.Text = v.word("phone.told.refused_"+what), v.word("phone.told.refused_"+what+"_text")
	case identity.Expired:
		told.State, told.Title, told.Text = ui.Waiting, v.word("scan.expired"), v.word("phone.told.expired_text")
	}
	return told
}
