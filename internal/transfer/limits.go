package transfer

import (
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// tally is what was paid on its day: to a payee, or by the merchant.
type tally struct {
	Day     clock.Day
	Amount  money.Fen
	Count   int64
	DueAt   time.Time // when the newest was, or is, to be sent
	touched bool
}

// on is the tally as it stands on a day: a new day begins at nothing, and none comes back.
func (t tally) on(day clock.Day) tally {
	if t.Day < day {
		t.Day, t.Amount, t.Count = day, 0, 0
	}
	return t
}

func (t tally) with(amount money.Fen, due time.Time) tally {
	t.Amount, t.Count, t.DueAt, t.touched = t.Amount+amount, t.Count+1, due, true
	return t
}

// admit decides whether the limits leave room for an ask, and when it is to be sent.
func admit(a Ask, payee, house tally, now time.Time) (due time.Time, err error) {
	due = now
	if free := payee.DueAt.Add(Apart); !payee.DueAt.IsZero() && now.Before(free) {
		if !a.Queued {
			return due, ErrTooSoon
		}
		due = free
	}
	switch {
	case payee.Count+1 > PayeeTimes:
		return due, ErrPayeeTimes
	case payee.Amount+a.Amount > PayeeDayMax:
		return due, ErrPayeeDay.With("Paid", payee.Amount.String())
	case house.Amount+a.Amount > DayMax:
		return due, ErrDay.With("Paid", house.Amount.String())
	}
	return due, nil
}
