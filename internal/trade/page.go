package trade

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/fault"
	"zhanggui/internal/trade/bill"
)

// Page is where in a list one stands.
type Page struct {
	Size   int
	cursor *cursor
}

// ParsePage reads size and cursor out of a URL.
func ParsePage(v url.Values) (Page, error) {
	p := Page{Size: PageSizes[0]}
	var bad fault.Form
	if s := text(v, FieldSize); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !slices.Contains(PageSizes, n) {
			bad.Add(fault.New("trade.page_size").On(FieldSize))
		} else {
			p.Size = n
		}
	}
	if s := text(v, FieldCursor); s != "" {
		c, ok := parseCursor(s)
		if !ok {
			bad.Add(fault.New("trade.page_cursor").On(FieldCursor))
		} else {
			p.cursor = &c
		}
	}
	return p, bad.Err()
}

// cursor is one row of a list and the direction to go on from it. It only narrows what its reader
// may see anyway, so it carries no signature; what cannot be one is refused.
type cursor struct {
	older    bool // towards older rows
	micros   int64
	merchant int64
	id       string
}

const cursorMax = 200

func parseCursor(s string) (c cursor, ok bool) {
	if len(s) > cursorMax {
		return c, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return c, false
	}
	parts := strings.SplitN(string(raw), ".", 4)
	if len(parts) != 4 || (parts[0] != "o" && parts[0] != "n") || !bill.IsNumber(parts[3]) {
		return c, false
	}
	c.older, c.id = parts[0] == "o", parts[3]
	if c.micros, err = strconv.ParseInt(parts[1], 10, 64); err != nil || c.micros < 0 || c.micros > cursorMicrosMax {
		return c, false
	}
	if c.merchant, err = strconv.ParseInt(parts[2], 10, 64); err != nil || c.merchant < 0 {
		return c, false
	}
	return c, c.String() == s
}

// cursorMicrosMax is beyond any order's time: the year 2200.
const cursorMicrosMax = 7_258_118_400_000_000

func (c cursor) at() time.Time { return time.UnixMicro(c.micros) }

// String writes the cursor as parseCursor reads it.
func (c cursor) String() string {
	direction := "n"
	if c.older {
		direction = "o"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(direction + "." + strconv.FormatInt(c.micros, 10) + "." +
		strconv.FormatInt(c.merchant, 10) + "." + c.id))
}
