package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
)

// Check takes the phone back from WeChat's consent page and compares. Only when the WeChat belongs
// to the person of the login account is anything kept: the binding of a super admin, or an
// employee's request. The Ask says how the ticket ended. It refuses with ErrRoundTrip and as Consent.
func (g *Gate) Check(ctx context.Context, openid, code, state, cookie string) (Ask, error) {
	trip, next, err := g.comeBack(ctx, cookie, state, consent)
	if err != nil {
		return Ask{}, err
	}
	t, err := readTicket(ctx, g.db, *trip.TicketID)
	if err != nil {
		return Ask{}, err
	}
	if err := t.comparable(openid, g.clock.Now()); err != nil {
		return Ask{}, err
	}
	s, err := seatOf(ctx, g.db.PG(), t.MerchantID, t.AccountID)
	if err != nil {
		return Ask{}, err
	}
	p, err := g.person(s)
	if err != nil {
		return Ask{}, err
	}
	why := g.compare(ctx, openid, code, p) // outside of any transaction
	a, err := g.onPhone(ctx, t.TokenHash, openid, "check", func(tx db.Tx, t *ticket, _ []seat, now time.Time) error {
		if err := t.comparable(openid, now); err != nil {
			return err
		}
		return g.conclude(ctx, tx, t, p, why, now)
	})
	a.Next = next
	return a, err
}

// comparable refuses a comparison that the person did not agree to.
func (t *ticket) comparable(openid string, now time.Time) error {
	if err := t.consenting(openid, now); err != nil {
		return err
	}
	if t.Consent == "" {
		return ErrRoundTrip
	}
	return nil
}

// compare asks WeChat; nil is a match, everything else says why nothing will be kept.
func (g *Gate) compare(ctx context.Context, openid, code string, p Person) error {
	if code == "" {
		return ErrConsentRefused // on WeChat's own page
	}
	verdict, err := g.wechat.Compare(ctx, openid, code, p)
	switch {
	case err != nil:
		return silence(ctx, "compare", err, ErrCheckFailed, ErrCheckFailed)
	case verdict == Match:
		return nil
	case verdict == NoMatch:
		return ErrWrongPerson
	}
	return ErrNotVerified
}

// conclude ends the ticket with the verdict. Whatever refuses, the ticket says why and nothing else is kept.
func (g *Gate) conclude(ctx context.Context, tx db.Tx, t *ticket, p Person, why error, now time.Time) error {
	if codeOf(why) == ErrConsentRefused.Code {
		return t.end(refuses, why, now)
	}
	var done act
	if why == nil {
		var err error
		done, err = g.settle(ctx, tx, *t, p, now)
		if err != nil && !refused(err) {
			return err
		}
		why = err
	}
	if why != nil {
		return t.end(fails, why, now)
	}
	return t.move(done, now)
}

// settle binds the super admin, or asks the super admin for an employee, unless something came
// between since the comparison.
func (g *Gate) settle(ctx context.Context, tx db.Tx, t ticket, compared Person, now time.Time) (act, error) {
	s, err := lockSeat(ctx, tx, t.MerchantID, t.AccountID)
	if err != nil {
		return "", err
	}
	if err := g.mayBindTo(ctx, tx, s, t.OpenID, compared); err != nil {
		return "", err
	}
	hash, err := g.newCompared(s, t.OpenID, compared)
	if err != nil {
		return "", err
	}
	r := request{MerchantID: s.MerchantID, ID: db.NewID(), AccountID: s.AccountID, OpenID: t.OpenID, Compared: hash,
		Consent: t.Consent, ConsentedAt: *t.ConsentedAt, AskedAt: now, LapsesAt: now.Add(requestLife), State: RequestWaiting}
	if s.platform() { // of two first operators at once, the second is asked for
		if err := holdPlatform(ctx, tx.PG()); err != nil {
			return "", err
		}
	}
	alone, err := bindsAlone(ctx, tx.PG(), s)
	if err != nil {
		return "", err
	}
	if alone {
		return binds, g.bind(ctx, tx, s, bindingOf(r, now), t.ID)
	}
	return asks, g.askSuperAdmin(ctx, tx, s, r)
}

// bind makes the binding stand, in place of one whose verdict no longer fits, and closes the password.
func (g *Gate) bind(ctx context.Context, tx db.Tx, s seat, b binding, cause uuid.UUID) error {
	put := insertBinding
	if s.OpenID != "" {
		put = renewBinding
	}
	if err := put(ctx, tx, b); err != nil {
		return err
	}
	if err := closePassword(ctx, tx, b.MerchantID, b.AccountID); err != nil {
		return err
	}
	return g.tellBound(ctx, tx, s, b, cause)
}

// mayBindTo refuses a binding that is not free, on either side, or whose person changed meanwhile.
func (g *Gate) mayBindTo(ctx context.Context, tx db.Tx, s seat, openid string, compared Person) error {
	if s.Suspended {
		return ErrSuspended
	}
	fits, err := g.bound(s)
	if err != nil {
		return err
	}
	if fits || s.OpenID != "" && s.OpenID != openid {
		return ErrAlreadyBound
	}
	today, err := g.person(s)
	if err != nil {
		return err
	}
	if today != compared {
		return ErrPersonChanged
	}
	taken, err := takenBy(ctx, tx.PG(), s.MerchantID, openid, s.AccountID)
	if err == nil && taken {
		return ErrWeChatTaken
	}
	return err
}
