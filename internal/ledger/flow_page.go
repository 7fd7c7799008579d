package ledger

import (
	"encoding/base64"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/fault"
)

// FlowPage is where in the list of rows one stands.
type FlowPage struct {
	Size   int
	cursor *flowCursor
}

// ParseFlowPage reads size and cursor out of a URL.
func ParseFlowPage(v url.Values) (FlowPage, error) {
	p := FlowPage{Size: FlowSizes[0]}
	var bad fault.Form
	if s := flowText(v, FlowSize); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !slices.Contains(FlowSizes, n) {
			bad.Add(fault.New("ledger.page_size").On(FlowSize))
		} else {
			p.Size = n
		}
	}
	if s := flowText(v, FlowCursor); s != "" {
		c, ok := parseFlowCursor(s)
		if !ok {
			bad.Add(fault.New("ledger.page_cursor").On(FlowCursor))
		} else {
			p.cursor = &c
		}
	}
	return p, bad.Err()
}

// flowCursor is one row and the direction to go on from it. It only narrows what its reader may see
// anyway, so it carries no signature; what cannot be one is refused.
type flowCursor struct {
	older   bool // towards older rows
	micros  int64
	account Account
	seq     int64
}

const (
	flowCursorMax = 200
	// flowMicrosMax is beyond any booking: the year 2200.
	flowMicrosMax = 7_258_118_400_000_000
	flowSeqMax    = math.MaxInt64 / 2
)

func parseFlowCursor(s string) (c flowCursor, ok bool) {
	if len(s) > flowCursorMax {
		return c, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return c, false
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 4 || (parts[0] != "o" && parts[0] != "n") {
		return c, false
	}
	c.older, c.account = parts[0] == "o", Account(parts[2])
	if c.micros, err = strconv.ParseInt(parts[1], 10, 64); err != nil || c.micros < 0 || c.micros > flowMicrosMax {
		return c, false
	}
	if c.seq, err = strconv.ParseInt(parts[3], 10, 64); err != nil || c.seq < 1 || c.seq > flowSeqMax {
		return c, false
	}
	return c, c.account.Listable() && c.String() == s
}

func (c flowCursor) at() time.Time { return time.UnixMicro(c.micros) }

// String writes the cursor as parseFlowCursor reads it.
func (c flowCursor) String() string {
	direction := "n"
	if c.older {
		direction = "o"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(direction + "." + strconv.FormatInt(c.micros, 10) + "." +
		string(c.account) + "." + strconv.FormatInt(c.seq, 10)))
}

func (r *FlowRow) cursor(older bool) string {
	return flowCursor{older: older, micros: r.BookedAt.UnixMicro(), account: r.Account, seq: r.Seq}.String()
}

// bound is the place in an account beyond which the list goes on from the cursor: rows of the cursor's own
// moment lie in the order of their accounts' ranks.
func (c flowCursor) bound(a Account) int64 {
	switch mine, its := a.rank(), c.account.rank(); {
	case a == c.account:
		return c.seq
	case mine < its: // at the cursor's moment these stand before it
		return 0
	}
	return math.MaxInt64
}

// flowEnds are the cursors of a page: in the direction one came from there is always something.
func flowEnds(list []FlowRow, more, newer, cursored bool) (next, prev string) {
	if len(list) == 0 {
		return "", ""
	}
	if newer || more {
		next = list[len(list)-1].cursor(true)
	}
	if (newer && more) || (!newer && cursored) {
		prev = list[0].cursor(false)
	}
	return next, prev
}
