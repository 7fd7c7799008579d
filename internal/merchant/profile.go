package merchant

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
)

// Profile is what a merchant says about itself. What is empty stays as it is.
type Profile struct {
	ShortName    string
	ContactPhone string // whole; it is kept sealed and shown masked
}

// ProfileChange is by whom, when and in which confirmation something was changed.
type ProfileChange struct {
	By           string // login@mchid
	At           time.Time
	Confirmation uuid.UUID
}

// NameMax bounds names, in characters.
const NameMax = 64

// PhoneMax bounds a phone number, in characters.
const PhoneMax = 20

var phoneForm = regexp.MustCompile(`^\+?[0-9][0-9-]{5,17}[0-9]$`)

// Check refuses a short name or a phone that nobody can have.
func (p Profile) Check() error {
	var f fault.Form
	if p.ShortName != "" && !nameLike(p.ShortName) {
		f.Add(fault.New("merchant.name").On("short_name"))
	}
	if p.ContactPhone != "" && !phoneForm.MatchString(p.ContactPhone) {
		f.Add(fault.New("merchant.phone").On("contact_phone"))
	}
	return f.Err()
}

// nameLike tells whether a text of one line can be a name.
func nameLike(s string) bool {
	n := len([]rune(s))
	return n >= 1 && n <= NameMax && strings.TrimSpace(s) == s && strings.IndexFunc(s, unicode.IsControl) < 0
}

// CheckAccountNumber refuses what cannot be the number of a bank account.
func CheckAccountNumber(s string) error {
	if !accountNumber(s) {
		return fault.New("merchant.settlement_account")
	}
	return nil
}
