package platform

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
)

// Merchant is a merchant in the platform's list.
type Merchant struct {
	ID         int64
	Kind       merchant.Kind
	Parent     int64
	ParentName string
	LegalName  string
	ShortName  string
	Cycle      merchant.Cycle
	System     merchant.System
	Suspended  bool
	OpenedAt   time.Time
	Admin      string // the super admin's login name; empty: none
	AdminBound bool
}

// MerchantFilter chooses merchants; the zero value is all, the newest first.
type MerchantFilter struct {
	Text   string // a number, or part of a name
	Kind   merchant.Kind
	State  string // active, suspended
	Parent int64
}

// Names of the filter's fields in an address.
const (
	FieldText   = "q"
	FieldKind   = "kind"
	FieldState  = "state"
	FieldParent = "parent_mchid"
	FieldCursor = "cursor"
)

// States of a merchant, as the filter and the files write them.
const (
	Active    = "active"
	Suspended = "suspended"
)

const textMax = 64

// ParseMerchants reads the filter of an address. What cannot be meant is refused beside its field.
func ParseMerchants(get func(string) string) (MerchantFilter, error) {
	f := MerchantFilter{Text: strings.TrimSpace(get(FieldText)), Kind: merchant.Kind(get(FieldKind)), State: get(FieldState)}
	var wrong fault.Form
	if len([]rune(f.Text)) > textMax {
		wrong.Add(fault.New("platform.text_long").On(FieldText).With("Max", textMax))
	}
	if f.Kind != "" && !f.Kind.Known() {
		wrong.Add(fault.New("platform.unknown").On(FieldKind))
	}
	if f.State != "" && f.State != Active && f.State != Suspended {
		wrong.Add(fault.New("platform.unknown").On(FieldState))
	}
	if text := strings.TrimSpace(get(FieldParent)); text != "" {
		var err error
		if f.Parent, err = strconv.ParseInt(text, 10, 64); err != nil || f.Parent <= 0 {
			wrong.Add(fault.New("platform.parent").On(FieldParent))
		}
	}
	return f, wrong.Err()
}

// Place is where a page of the list begins: after a merchant, towards older or newer ones. The zero
// value is the newest page.
type Place struct {
	Newer bool
	At    time.Time
	ID    int64
}

// ErrCursor refuses a place that no list of ours named.
var ErrCursor = fault.New("platform.cursor").On(FieldCursor)

// ParsePlace reads a cursor.
func ParsePlace(text string) (Place, error) {
	if text == "" {
		return Place{}, nil
	}
	at, id, found := strings.Cut(text[1:], ".")
	micros, wrongAt := strconv.ParseInt(at, 10, 64)
	mchid, wrongID := strconv.ParseInt(id, 10, 64)
	if !found || wrongAt != nil || wrongID != nil || mchid <= 0 || text[0] != 'o' && text[0] != 'n' {
		return Place{}, ErrCursor
	}
	return Place{Newer: text[0] == 'n', At: time.UnixMicro(micros).UTC(), ID: mchid}, nil
}

// beside is the cursor of the page next to a merchant.
func (m Merchant) beside(way string) string {
	return fmt.Sprintf("%s%d.%d", way, m.OpenedAt.UnixMicro(), m.ID)
}

// MerchantPage is a page of the list with the cursors of its neighbours.
type MerchantPage struct {
	Rows       []Merchant
	Next, Prev string
}

// Merchants lists merchants, at most size of them.
func (o *Office) Merchants(ctx context.Context, p access.Platform, f MerchantFilter, at Place, size int) (MerchantPage, error) {
	if err := p.Require(access.OpsMerchantsRead); err != nil {
		return MerchantPage{}, err
	}
	rows, more, err := listMerchants(ctx, o.db.PG(), f, at, size)
	page := MerchantPage{Rows: rows}
	if err != nil || len(rows) == 0 {
		return page, err
	}
	if more && !at.Newer || at.Newer {
		page.Next = rows[len(rows)-1].beside("o")
	}
	if more && at.Newer || !at.Newer && at.ID != 0 {
		page.Prev = rows[0].beside("n")
	}
	return page, nil
}

// MerchantDetail is a merchant with what was done to it as a whole.
type MerchantDetail struct {
	merchant.Merchant
	ParentName string
	Admin      string
	AdminName  string // masked
	AdminBound bool
	Members    int
	Children   int
	History    []merchant.Changed
	Openings   []Begun // of its accounts; none for whoever may not see books
}

// Begun is an account's opening balance.
type Begun struct {
	Account string
	Amount  money.Fen
	By      string
	At      time.Time
}

// Merchant reads one; fault.ErrNotFound where there is none.
func (o *Office) Merchant(ctx context.Context, p access.Platform, id int64) (MerchantDetail, error) {
	if err := p.Require(access.OpsMerchantsRead); err != nil {
		return MerchantDetail{}, err
	}
	return readMerchant(ctx, o.db.PG(), id, p.May(access.OpsBooksRead))
}

// NextMchID proposes a number for a merchant to be opened.
func (o *Office) NextMchID(ctx context.Context, p access.Platform) (int64, error) {
	if err := p.Require(access.OpsMerchantsOpen); err != nil {
		return 0, err
	}
	return merchant.NextID(ctx, o.db.PG())
}
