package trade

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
)

// Limits of saved views.
const (
	ViewsMax     = 20 // of one person and page
	ViewNameMax  = 64 // characters
	viewQueryMax = 2_000
)

// SavedView is a list's filter kept by one person under a name.
type SavedView struct {
	MerchantID int64
	ID         uuid.UUID
	AccountID  uuid.UUID
	Page       string // "trades"
	Name       string
	Query      string // as in the URL, in canonical form, without a cursor
	Slot       int    // 1 to ViewsMax
	SavedAt    time.Time
}

// TableName names the table.
func (SavedView) TableName() string { return "saved_views" }

var viewPage = regexp.MustCompile(`^[a-z][a-z.]{0,31}$`)

// newView reads what a form sent. The refusals name the fields.
func newView(page, name, query string) (SavedView, error) {
	var bad fault.Form
	v := SavedView{Page: page, Name: strings.TrimSpace(name)}
	if !viewPage.MatchString(page) {
		bad.Add(fault.New("trade.view_page").On("page"))
	}
	switch n := utf8.RuneCountInString(v.Name); {
	case n == 0:
		bad.Add(fault.New("trade.view_name_missing").On("name"))
	case n > ViewNameMax || !plain(v.Name) || !utf8.ValidString(v.Name):
		bad.Add(fault.New("trade.view_name").On("name"))
	}
	values, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	values.Del(FieldCursor)
	v.Query = values.Encode()
	if err != nil || len(v.Query) > viewQueryMax {
		bad.Add(fault.New("trade.view_query").On("query"))
	}
	return v, bad.Err()
}
