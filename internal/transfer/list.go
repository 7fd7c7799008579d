package transfer

import (
	"regexp"
	"slices"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// Names of the filter's fields.
const (
	FieldState  = "status"
	FieldNo     = "no"
	FieldFrom   = "from"
	FieldTo     = "to"
	FieldFile   = "file"
	FieldCursor = "cursor"
	FieldSize   = "size"
)

// PageSizes are the sizes a page of the list can have; the first is the usual.
var PageSizes = []int{20, 50, 100}

// Filter chooses payments; the zero value is all of them.
type Filter struct {
	State    State
	No       string // of the payment, the merchant's own, or the channel's
	OpenID   string
	From, To clock.Day
	Before   int64 // cursor: those whose own count is smaller
}

var noForm = regexp.MustCompile(`^[0-9A-Za-z_-]{0,64}$`)

// ParseFilter reads the address; every field that is wrong is named.
func ParseFilter(asked func(string) string) (Filter, error) {
	var bad fault.Form
	f := Filter{State: State(asked(FieldState)), No: asked(FieldNo), OpenID: asked(FieldOpenID)}
	if f.State != "" && !slices.Contains(States, f.State) {
		bad.Add(fault.New("transfer.no_state").On(FieldState))
	}
	if !noForm.MatchString(f.No) {
		bad.Add(fault.New("transfer.no_number").On(FieldNo))
	}
	if !noForm.MatchString(f.OpenID) {
		bad.Add(fault.New("transfer.no_number").On(FieldOpenID))
	}
	f.From, f.To = day(asked, FieldFrom, &bad), day(asked, FieldTo, &bad)
	if f.From != "" && f.To != "" && f.To < f.From {
		bad.Add(fault.New("transfer.days").On(FieldTo))
	}
	if text := asked(FieldCursor); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			bad.Add(fault.New("trade.page_cursor").On(FieldCursor))
		}
		f.Before = n
	}
	return f, bad.Err()
}

func day(asked func(string) string, field string, bad *fault.Form) clock.Day {
	text := asked(field)
	if text == "" {
		return ""
	}
	d, err := clock.ParseDay(text)
	if err != nil {
		bad.Add(fault.New("transfer.date").On(field))
	}
	return d
}
