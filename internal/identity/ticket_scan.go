package identity

import (
	"context"
	"time"

	"zhanggui/internal/db"
)

// Ask is what the phone shows about a ticket.
type Ask struct {
	Purpose   Purpose
	State     State
	Reason    string // fault code
	Seats     []SeatChoice
	Browser   string // in words, with its address: where the code is shown
	Address   string
	MadeAt    time.Time
	ExpiresAt time.Time
	Numbers   []int  // three to choose from, while the question is open
	Next      string // after Check: the ticket's own phone page, which may be shown again and again
}

// SeatChoice is a merchant to come into, and as whom.
type SeatChoice struct {
	Mchid      int64
	ShortName  string
	LegalName  string
	Login      string // name@mchid
	NameMasked string
}

// Scan opens a ticket on the phone of a WeChat. The first WeChat takes it. It refuses with
// ErrTicketGone, ErrTicketTaken, and ErrNotBound or ErrSuspended when this WeChat has nowhere to go;
// then the ticket stays free for another try.
func (g *Gate) Scan(ctx context.Context, token, openid string) (Ask, error) {
	return g.onPhone(ctx, hashed(token), openid, "scan", func(tx db.Tx, t *ticket, seats []seat, now time.Time) error {
		fresh := t.OpenID == "" && t.live(now)
		able := usable(seats)
		if fresh && len(able) == 0 {
			return nowhere(seats)
		}
		if err := t.scan(openid, now); err != nil {
			return err
		}
		if fresh && t.Purpose == Binding {
			return g.refuseTaken(ctx, tx, t, now)
		}
		if fresh && len(able) == 1 {
			t.MerchantID, t.AccountID = able[0].MerchantID, able[0].AccountID
		}
		return nil
	})
}

// usable leaves out what is suspended.
func usable(seats []seat) []seat {
	var able []seat
	for _, s := range seats {
		if !s.Suspended {
			able = append(able, s)
		}
	}
	return able
}

// nowhere says why a WeChat cannot answer for anyone.
func nowhere(seats []seat) error {
	if len(seats) == 0 {
		return ErrNotBound
	}
	return ErrSuspended
}

// refuseTaken ends a binding that is scanned by a WeChat which another account of the merchant has.
func (g *Gate) refuseTaken(ctx context.Context, tx db.Tx, t *ticket, now time.Time) error {
	taken, err := takenBy(ctx, tx.PG(), t.MerchantID, t.OpenID, t.AccountID)
	if err != nil || !taken {
		return err
	}
	return t.end(fails, ErrWeChatTaken, now)
}

// Answer is the phone's answer to the number, the merchant and the button. A form not filled in is
// refused (ErrDecide, ErrChooseNumber, ErrChooseMerchant) and may be posted again; a wrong number
// ends the ticket, which the Ask then says. Replays are ErrTicketEnded, late ones ErrTicketExpired.
func (g *Gate) Answer(ctx context.Context, token, openid string, a Answer) (Ask, error) {
	return g.onPhone(ctx, hashed(token), openid, "answer", func(_ db.Tx, t *ticket, seats []seat, now time.Time) error {
		if err := t.answer(openid, a, usable(seats), now); err != nil {
			return err
		}
		if t.State != Confirmed {
			return nil
		}
		s, _ := choose(seats, t.MerchantID)
		fits, err := g.bound(s)
		if err == nil && !fits {
			t.Reason = codeOf(ErrRecheck)
		}
		return err
	})
}
