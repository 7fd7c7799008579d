package identity

import (
	"context"
	"time"

	"zhanggui/internal/db"
)

// consent applies what the person says to the comparison of name and paper, before any is made.
func (t *ticket) consent(openid string, d Decision, now time.Time) error {
	if err := t.consenting(openid, now); err != nil {
		return err
	}
	switch d {
	case Refuse:
		return t.end(refuses, ErrConsentRefused, now)
	case Confirm:
		t.Consent, t.ConsentedAt = ConsentVersion, &now
		return nil
	}
	return ErrDecide
}

// consenting refuses everyone but the WeChat whose number was right, and only in time.
func (t *ticket) consenting(openid string, now time.Time) error {
	if err := t.heldBy(openid, now); err != nil {
		return err
	}
	switch state := t.shown(now); {
	case state == Expired:
		return ErrTicketExpired
	case state != Consenting:
		return ErrTicketEnded
	}
	return nil
}

// Consent is the phone's answer to the consent page. A yes is kept with its version and time, and
// sends the phone to WeChat's own page (redirect); a no ends the ticket, and nothing is kept.
func (g *Gate) Consent(ctx context.Context, token, openid, cookie string, d Decision) (a Ask, redirect string, err error) {
	var state string
	a, err = g.onPhone(ctx, hashed(token), openid, "consent", func(tx db.Tx, t *ticket, _ []seat, now time.Time) error {
		if err := t.consent(openid, d, now); err != nil || t.State != Consenting {
			return err
		}
		trip := roundTrip{Purpose: consent, TicketID: &t.ID}
		state, err = g.setOut(ctx, tx.PG(), cookie, trip, pathTicket+token)
		return err
	})
	if err != nil || state == "" {
		return a, "", err
	}
	return a, g.wechat.ConsentURL(g.base+pathCheck, state), nil
}
