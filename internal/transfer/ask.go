package transfer

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/vault"
)

// Names of the fields, as the wire has them.
const (
	FieldNumber = "partner_trade_no"
	FieldOpenID = "openid"
	FieldCheck  = "check_name"
	FieldName   = "re_user_name"
	FieldAmount = "amount"
	FieldDesc   = "desc"
)

// Ask is what is to be paid.
type Ask struct {
	Scope       access.Scope
	Number      string // empty: the payment's own number
	OpenID      string
	Check       CheckName
	Name        string // the payee's
	Amount      money.Fen
	Description string
	Address     string // of whoever asks
	FileID      uuid.UUID
	FileLine    int32
	// Queued asks wait where the payee was paid a moment ago; others are refused.
	Queued bool
}

var (
	numberForm = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)
	openidForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
)

// check names everything that cannot be paid whatever was paid before.
func (a Ask) check() error {
	var bad fault.Form
	if a.Number != "" && !numberForm.MatchString(a.Number) {
		bad.Add(ErrNumber)
	}
	if !openidForm.MatchString(a.OpenID) {
		bad.Add(ErrOpenID)
	}
	bad.Add(a.badName())
	if a.Amount < AmountMin || a.Amount > PayeeDayMax {
		bad.Add(ErrAmount)
	}
	if a.Description == "" || len(a.Description) > DescMax || !printable(a.Description) {
		bad.Add(ErrDesc)
	}
	if _, err := netip.ParseAddr(a.Address); err != nil || len(a.Address) > AddressMax {
		bad.Add(ErrAddress)
	}
	return bad.Err()
}

func (a Ask) badName() *fault.Refusal {
	switch {
	case a.Check != NoCheck && a.Check != ForceCheck:
		return ErrCheck
	case a.Check == ForceCheck && a.Name == "":
		return ErrNameMissing
	case len(a.Name) > NameMax || !printable(a.Name):
		return ErrName
	}
	return nil
}

// printable tells whether a text is one line that the channel's XML can carry.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF
	})
}

// Parse reads the form of one payment; every field that is wrong is named.
func Parse(form func(string) string) (Params, error) {
	p := Params{OpenID: strings.TrimSpace(form(FieldOpenID)), Check: CheckName(form(FieldCheck)), Name: strings.TrimSpace(form(FieldName)),
		Description: strings.TrimSpace(form(FieldDesc))}
	if p.Check == NoCheck {
		p.Name = ""
	}
	amount, err := money.Parse(strings.TrimSpace(form(FieldAmount)))
	if p.Amount = amount; err != nil {
		p.Amount = 0
	}
	return p, p.ask().check()
}

// Params are what the phone confirms of one payment.
type Params struct {
	OpenID      string    `json:"openid"`
	Check       CheckName `json:"check_name"`
	Name        string    `json:"re_user_name"`
	Amount      money.Fen `json:"amount"` // fen
	Description string    `json:"desc"`
	Address     string    `json:"spbill_create_ip"`
}

// Masked is the payee's name as it may be shown.
func (p Params) Masked() string { return vault.MaskName(p.Name) }

// nobody stands for an address that is not known yet.
const nobody = "127.0.0.1"

func (p Params) ask() Ask {
	a := Ask{OpenID: p.OpenID, Check: p.Check, Name: p.Name, Amount: p.Amount, Description: p.Description, Address: p.Address}
	if a.Address == "" {
		a.Address = nobody
	}
	return a
}
