package product

import (
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/merchant"
)

// window is how many whole days before today trading is looked at.
const window = 30

// Facts are what conditions are decided by.
type Facts struct {
	Merchant    merchant.Merchant
	Days        int64 // whole days since the merchant was opened
	TradingDays int64 // of the last 30 whole days, those with a payment
}

// Condition is something that has to hold, with its numbers. Words: "product.condition." + Word says it with
// Have and Need; what is missing is said with "product.missing." + Unit.
type Condition struct {
	Word       string
	Unit       string
	Have, Need int64
}

// Met tells whether it holds.
func (c Condition) Met() bool { return c.Have >= c.Need }

// Missing is how much is not there yet.
func (c Condition) Missing() int64 { return max(c.Need-c.Have, 0) }

// OpenFor wants the merchant to have been here for some days.
func (f Facts) OpenFor(days int64) Condition {
	return Condition{Word: "open_for", Unit: "days", Have: f.Days, Need: days}
}

// Traded wants payments on some of the last 30 days.
func (f Facts) Traded(days int64) Condition {
	return Condition{Word: "traded", Unit: "days", Have: f.TradingDays, Need: days}
}

// met tells whether all hold.
func met(all []Condition) bool {
	for _, c := range all {
		if !c.Met() {
			return false
		}
	}
	return true
}

// wholeDays counts the days between two moments, as the calendar counts them.
func wholeDays(from, to time.Time) int64 {
	return int64(clock.DayOf(to).Start().Sub(clock.DayOf(from).Start()) / (24 * time.Hour))
}
