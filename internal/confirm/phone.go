package confirm

import (
	"context"
	"encoding/hex"
	"time"

	"zhanggui/internal/db"
)

// Sheet is what the phone shows about a confirmation.
type Sheet struct {
	Confirmation
	Mchid      int64
	ShortName  string
	Login      string // who asked, name@mchid
	NameMasked string
	Agent      string // the desktop: its browser, as it calls itself, and its address
	Address    string
	Numbers    []int  // three to choose from, while the question is open
	Hash       string // of what is shown; the form sends it back
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
	Number   int    // which of the three the desktop shows; 0: none chosen
	Hash     string // of what the page showed; may be empty
}

// Scan opens a confirmation on the phone of a WeChat. It refuses with ErrGone, ErrOtherPerson and
// ErrSuspended; then the confirmation stays free for the one who may.
func (d *Desk) Scan(ctx context.Context, token, openid string) (Sheet, error) {
	return d.onPhone(ctx, token, openid, "confirm.scan",
		func(_ context.Context, _ db.Tx, c *confirmation, _ person, now time.Time) (said bool, err error) {
			if c.shown(now) != Waiting {
				return true, nil
			}
			if err := c.move(scans, now); err != nil {
				return false, err
			}
			c.OpenID = openid
			if !c.intact() {
				return false, c.end(fails, ErrChanged, now)
			}
			return true, nil
		})
}

// Answer is the phone's answer: a yes runs the act, or asks the second person, before it returns. A form
// not filled in is refused (ErrDecide, ErrChooseNumber) and may be posted again; a wrong number ends the
// confirmation, which the Sheet then says. Replays are ErrEnded, late answers ErrExpired.
func (d *Desk) Answer(ctx context.Context, token, openid string, a Answer) (Sheet, error) {
	return d.onPhone(ctx, token, openid, "confirm.answer",
		func(ctx context.Context, tx db.Tx, c *confirmation, who person, now time.Time) (said bool, err error) {
			yes, err := c.answer(a, now)
			if err != nil || !yes {
				return unfilled(err), err
			}
			c.OpenID = openid
			return true, d.carryOut(ctx, tx, c, who)
		})
}

// answer applies the phone's answer; yes means that nothing stands against running the act.
func (c *confirmation) answer(a Answer, now time.Time) (yes bool, err error) {
	probe := *c
	if err := probe.move(asks, now); err != nil {
		return false, err
	}
	switch {
	case a.Decision == Refuse:
		return false, c.end(refuses, ErrSaidNo, now)
	case a.Decision != Confirm:
		return false, ErrDecide
	case a.Number == 0:
		return false, ErrChooseNumber
	case a.Number != c.Number:
		return false, c.end(fails, ErrWrongNumber, now)
	case a.Hash != "" && a.Hash != hex.EncodeToString(c.Hash):
		return false, c.end(fails, ErrChanged, now)
	}
	return true, nil
}

// heldBy refuses every WeChat but the one bound to the account that asked.
func (c *confirmation) heldBy(who person, openid string, now time.Time) error {
	switch {
	case who.answers(openid):
		return nil
	case openid != "" && who.OpenID == openid:
		return ErrSuspended
	case c.shown(now).Asking():
		return ErrOtherPerson
	}
	return ErrGone
}
