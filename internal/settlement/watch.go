package settlement

import (
	"context"
	"strconv"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// Open is a line under way, of any merchant, as operators watch it.
type Open struct {
	Merchant int64
	Name     string // the merchant's short name
	Line
	Reason string // of its newest payment
	Done   int64  // orders counted by the running cut
	Total  int64  // 0: no cut is running
	Error  string // why its last try broke off
}

// WatchFilter chooses lines under way; the zero value is all.
type WatchFilter struct {
	State State
	After Spot
	Limit int
}

// Spot is a line's place among those of all merchants.
type Spot struct {
	Merchant int64
	Day      clock.Day
}

// String writes the place for an address.
func (s Spot) String() string { return strconv.FormatInt(s.Merchant, 10) + "_" + s.Day.String() }

// ParseSpot reads what String writes; empty is the beginning.
func ParseSpot(text string) (s Spot, err error) {
	if text == "" {
		return s, nil
	}
	m, day, _ := strings.Cut(text, "_")
	if s.Merchant, err = strconv.ParseInt(m, 10, 64); err == nil {
		s.Day, err = clock.ParseDay(day)
	}
	if err != nil {
		return Spot{}, ErrCursor
	}
	return s, nil
}

// Watched are the states in which a line is under way.
var Watched = []State{Cutting, Cut, Sent, Failed, Returned}

// Watch lists the lines of all merchants that are under way, by merchant and day, and whether more follow.
func Watch(ctx context.Context, q db.Querier, p access.Platform, f WatchFilter) ([]Open, bool, error) {
	if err := p.Require(access.OpsBooksRead); err != nil {
		return nil, false, err
	}
	return watch(ctx, q, f)
}
