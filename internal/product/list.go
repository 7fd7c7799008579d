package product

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/fault"
)

// PageSize is how many openings a page of the operators' list shows.
const PageSize = 20

// Names of the filter's fields.
const (
	FieldState  = "state"
	FieldCode   = "product"
	FieldMchID  = "mchid"
	FieldCursor = "cursor"
)

// Filter chooses openings of all merchants; the zero value is all of them.
type Filter struct {
	State    State
	Code     Code
	Merchant int64
	After    Place
}

// Place is where a page begins: after this opening. The zero value is the newest.
type Place struct {
	At       time.Time
	Merchant int64
	N        int64
}

// ParseFilter reads the address; every field that is wrong is named.
func (c *Catalogue) ParseFilter(asked func(string) string) (f Filter, err error) {
	var bad fault.Form
	f.State, f.Code = State(asked(FieldState)), Code(asked(FieldCode))
	if f.State != "" && !slices.Contains(States, f.State) {
		bad.Add(ErrState.On(FieldState))
	}
	if _, ok := c.Declared(f.Code); f.Code != "" && !ok {
		bad.Add(fault.New("product.unknown").On(FieldCode))
	}
	if text := strings.TrimSpace(asked(FieldMchID)); text != "" {
		if f.Merchant, err = strconv.ParseInt(text, 10, 64); err != nil || len(text) != 10 || f.Merchant <= 0 {
			bad.Add(fault.New("product.mchid").On(FieldMchID))
		}
	}
	if text := asked(FieldCursor); text != "" {
		if f.After, err = parsePlace(text); err != nil {
			bad.Add(errCursor)
		}
	}
	return f, bad.Err()
}

// String writes the place for an address.
func (p Place) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{strconv.FormatInt(p.At.UnixMicro(), 36),
		strconv.FormatInt(p.Merchant, 36), strconv.FormatInt(p.N, 36)}, ".")))
}

func parsePlace(text string) (p Place, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return p, err
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 3 {
		return p, errCursor
	}
	var at int64
	for i, to := range []*int64{&at, &p.Merchant, &p.N} {
		if *to, err = strconv.ParseInt(parts[i], 36, 64); err != nil || *to < 0 {
			return p, errCursor
		}
	}
	p.At = time.UnixMicro(at)
	return p, nil
}

// Row is an opening with its merchant's name, as operators list it.
type Row struct {
	Opening
	ShortName string
}

// Place is where the row stands in the list.
func (r Row) Place() Place { return Place{r.AskedAt, r.Merchant, r.N} }
