package withdrawal

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Names of the forms' fields.
const (
	FieldAccount  = "account_type"
	FieldAmount   = "amount"
	FieldRemark   = "remark"
	FieldMemo     = "bank_memo"
	FieldActive   = "status"
	FieldRetained = "retain_amt"
)

// Params are what the phone confirms of a withdrawal.
type Params struct {
	Account ledger.Account `json:"account_type"`
	Amount  money.Fen      `json:"amount"` // fen
	Remark  string         `json:"remark"`
	Memo    string         `json:"bank_memo"`
}

// Ask is a withdrawal that is asked for.
type Ask struct {
	Params

	Scope     access.Scope
	Kind      Kind
	RequestNo string // the merchant's own number; empty: ours
}

var requestForm = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)

// Parse reads the form; every field that is wrong is named.
func Parse(form func(string) string) (Params, error) {
	var bad fault.Form
	p := Params{Account: ledger.Account(form(FieldAccount)), Remark: strings.TrimSpace(form(FieldRemark)), Memo: strings.TrimSpace(form(FieldMemo))}
	amount, err := money.Parse(strings.TrimSpace(form(FieldAmount)))
	p.Amount = amount
	p.faults(&bad, err == nil)
	return p, bad.Err()
}

func (p Params) check() error {
	var bad fault.Form
	p.faults(&bad, true)
	return bad.Err()
}

func (p Params) faults(bad *fault.Form, read bool) {
	if !withdrawable(p.Account) {
		bad.Add(ErrAccount)
	}
	if !read || p.Amount < AmountMin || p.Amount > AmountMax {
		bad.Add(ErrAmount)
	}
	if utf8.RuneCountInString(p.Remark) > RemarkMax || !utf8.ValidString(p.Remark) || strings.ContainsFunc(p.Remark, unicode.IsControl) {
		bad.Add(ErrRemark)
	}
	if utf8.RuneCountInString(p.Memo) > MemoMax || strings.ContainsFunc(p.Memo, noMemo) {
		bad.Add(ErrMemo)
	}
}

// noMemo tells what banks do not print: all but digits, letters and Chinese characters.
func noMemo(r rune) bool {
	return (r > unicode.MaxASCII || !unicode.IsDigit(r) && !unicode.IsLetter(r)) && !unicode.Is(unicode.Han, r)
}

func withdrawable(a ledger.Account) bool {
	for _, k := range Accounts {
		if a == k {
			return true
		}
	}
	return false
}

// admitted looks at the right to ask, and at the ask itself. Only we make numbers that look like ours.
func (a Ask) admitted() error {
	if err := a.Scope.Require(access.WithdrawalMake); err != nil {
		return err
	}
	if a.RequestNo != "" && (!requestForm.MatchString(a.RequestNo) || count(a.RequestNo) > 0) {
		return ErrNumber
	}
	return a.check()
}

// Setting is how the basic account goes to the bank by itself.
type Setting struct {
	Active   bool      `json:"status"`
	Retained money.Fen `json:"retain_amt"` // fen; stays for refunds
}

// ParseSetting reads the form. What is off keeps the amount for the next time.
func ParseSetting(form func(string) string) (Setting, error) {
	set := Setting{Active: form(FieldActive) == "on"}
	text := strings.TrimSpace(form(FieldRetained))
	if text == "" {
		return set, nil
	}
	amount, err := money.Parse(text)
	if set.Retained = amount; err != nil {
		return set, ErrRetained
	}
	return set, set.check()
}

func (s Setting) check() error {
	if s.Retained < 0 || s.Retained > RetainedMax {
		return ErrRetained
	}
	return nil
}
