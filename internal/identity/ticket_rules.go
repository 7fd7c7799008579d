package identity

import (
	"bytes"
	"time"
)

// scan opens the ticket on a phone. The WeChat that scanned first may look at it as often as it
// likes, to the end; another one is refused, and learns nothing from a ticket that is over.
func (t *ticket) scan(openid string, now time.Time) error {
	if t.OpenID == "" && t.live(now) {
		if err := t.move(scans, now); err != nil {
			return err
		}
		t.OpenID = openid
		return nil
	}
	return t.heldBy(openid, now)
}

// heldBy refuses every WeChat but the one that scanned.
func (t *ticket) heldBy(openid string, now time.Time) error {
	switch {
	case openid != "" && t.OpenID == openid:
		return nil
	case t.OpenID != "" && t.live(now):
		return ErrTicketTaken
	}
	return ErrTicketGone
}

// shownBy tells whether this browser shows the ticket.
func (t *ticket) shownBy(b Browser) bool {
	return b.Secret != "" && bytes.Equal(t.BrowserHash, hashed(b.Secret)) && t.Platform == b.Platform
}

// Decision is what the phone's buttons say.
type Decision string

// The decisions.
const (
	Confirm Decision = "confirm"
	Refuse  Decision = "refuse"
)

// Answer is what the phone posts.
type Answer struct {
	Decision Decision
	Number   int   // which of the three the desktop shows; 0: none chosen
	Merchant int64 // which merchant to enter; may be 0 when there is one
}

// answer applies the phone's answer, given the seats that this WeChat may take. A form that is not
// filled in changes nothing; a wrong number ends the ticket.
func (t *ticket) answer(openid string, a Answer, seats []seat, now time.Time) error {
	if err := t.heldBy(openid, now); err != nil {
		return err
	}
	if a.Decision == Refuse {
		return t.end(refuses, ErrSaidNo, now)
	}
	yes := map[Purpose]act{SignIn: confirms, Binding: agrees}[t.Purpose]
	probe := *t
	if err := probe.move(yes, now); err != nil {
		return err
	}
	if a.Decision != Confirm {
		return ErrDecide
	}
	chosen, ok := choose(seats, a.Merchant)
	switch {
	case len(seats) == 0: // since the scan
		return t.end(fails, ErrSuspended, now)
	case !ok:
		return ErrChooseMerchant
	case a.Number == 0:
		return ErrChooseNumber
	case a.Number != t.Number:
		return t.end(fails, ErrWrongNumber, now)
	}
	t.MerchantID, t.AccountID = chosen.MerchantID, chosen.AccountID
	if t.Purpose == Binding {
		t.ExpiresAt = now.Add(consentLife)
	}
	return t.move(yes, now)
}

// choose finds the seat in the merchant; a single seat needs no choice.
func choose(seats []seat, merchant int64) (seat, bool) {
	for _, s := range seats {
		if s.MerchantID == merchant || merchant == 0 && len(seats) == 1 {
			return s, true
		}
	}
	return seat{}, false
}
