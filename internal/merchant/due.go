package merchant

import (
	"time"

	"zhanggui/internal/clock"
)

// SettleDelay is how long after its payment an order of an upgraded merchant is settled.
const SettleDelay = 5 * time.Minute

// beforeMidnight is when the last orders of a day are due: the work of all merchants has to be booked on that day.
const beforeMidnight = 2 * time.Minute

// DueAt is when an order is to be settled. Upgraded: the delay after the payment, at latest two minutes before
// the end of the day it is booked; one that is booked after that, or after its day, at once. Legacy: when the day
// begins that the cycle names. booked is when the books hear of it; nothing is due before.
func DueAt(s System, c Cycle, paid, booked time.Time) time.Time {
	day := clock.DayOf(paid)
	if s == Legacy {
		if c == T7 {
			return day.Add(7).Start()
		}
		return day.Next().Start()
	}
	due := booked
	if day == clock.DayOf(booked) {
		due = paid.Add(SettleDelay)
		if last := day.Next().Start().Add(-beforeMidnight); due.After(last) {
			due = last
		}
	}
	if due.Before(booked) {
		return booked
	}
	return due
}
