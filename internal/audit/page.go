package audit

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
)

// PageSizes are the sizes a page of the log can have; the first is the default.
var PageSizes = []int{20, 50, 100}

// Page is where in the log one stands.
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
			bad.Add(fault.New("audit.page_size").On(FieldSize))
		} else {
			p.Size = n
		}
	}
	if s := text(v, FieldCursor); s != "" {
		c, ok := parseCursor(s)
		if !ok {
			bad.Add(fault.New("audit.page_cursor").On(FieldCursor))
		} else {
			p.cursor = &c
		}
	}
	return p, bad.Err()
}

// cursor is one act and the direction to go on from it. It only narrows what its reader may see
// anyway, so it carries no signature; what cannot be one is refused.
type cursor struct {
	older  bool // towards older acts
	micros int64
	id     uuid.UUID
}

const (
	cursorMax       = 120
	cursorMicrosMax = 7_258_118_400_000_000 // the year 2200, beyond any act
)

func parseCursor(s string) (c cursor, ok bool) {
	if len(s) > cursorMax {
		return c, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return c, false
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 3 {
		return c, false
	}
	c.older = parts[0] == "o"
	if c.micros, err = strconv.ParseInt(parts[1], 10, 64); err != nil || c.micros < 0 || c.micros > cursorMicrosMax {
		return c, false
	}
	if c.id, err = uuid.Parse(parts[2]); err != nil {
		return c, false
	}
	return c, c.String() == s
}

// String writes the cursor as parseCursor reads it.
func (c cursor) String() string {
	direction := "n"
	if c.older {
		direction = "o"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(direction + "." + strconv.FormatInt(c.micros, 10) + "." + c.id.String()))
}

func (c cursor) at() time.Time { return time.UnixMicro(c.micros) }

// cursor is a place in the list just before or after the act.
func (r Record) cursor(older bool) string {
	return cursor{older: older, micros: r.At.UnixMicro(), id: r.ID}.String()
}

// ends are the cursors of a page: in the direction one came from there is always something.
func (p Page) ends(list []Record, more bool) (next, prev string) {
	if len(list) == 0 {
		return "", ""
	}
	newer := p.cursor != nil && !p.cursor.older
	if newer || more {
		next = list[len(list)-1].cursor(true)
	}
	if newer && more || !newer && p.cursor != nil {
		prev = list[0].cursor(false)
	}
	return next, prev
}
