package identity

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
)

var (
	loginName = regexp.MustCompile(`^[0-9A-Za-z]{6,12}$`)
	mchidForm = regexp.MustCompile(`^[1-9][0-9]{9}$`)
	cardForm  = regexp.MustCompile(`^[1-9][0-9]{16}[0-9X]$`)
	paperForm = regexp.MustCompile(`^[0-9A-Z]{5,32}$`)
	phoneForm = regexp.MustCompile(`^\+?[0-9]{8,15}$`)
)

// splitLogin reads name@mchid, or name@ops. Names are told apart without case.
func splitLogin(login string) (name string, merchant int64, ok bool) {
	name, mchid, ok := strings.Cut(strings.TrimSpace(login), "@")
	if !ok || !loginName.MatchString(name) {
		return "", 0, false
	}
	if mchid == opsDomain {
		return strings.ToLower(name), access.PlatformID, true
	}
	if !mchidForm.MatchString(mchid) {
		return "", 0, false
	}
	merchant, err := strconv.ParseInt(mchid, 10, 64)
	return strings.ToLower(name), merchant, err == nil
}

// fullLogin writes name@mchid, or name@ops.
func fullLogin(name string, merchant int64) string {
	if merchant == access.PlatformID {
		return name + "@" + opsDomain
	}
	return name + "@" + strconv.FormatInt(merchant, 10)
}

// tidy writes a person one way: no outer spaces, paper numbers in capitals without spaces.
func (p Person) tidy() Person {
	p.Name = strings.TrimSpace(p.Name)
	p.IDNumber = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(p.IDNumber), " ", ""))
	return p
}

// check refuses names and papers that nobody has.
func (p Person) check(f *fault.Form) {
	if n := utf8.RuneCountInString(p.Name); n < 1 || n > nameMax || strings.ContainsFunc(p.Name, isControl) {
		f.Add(ErrNameForm)
	}
	form := paperForm
	switch p.IDType {
	case IDCard:
		form = cardForm
	case HKMacaoPermit, TaiwanPermit, Passport:
	default:
		form = nil
	}
	if form == nil || !form.MatchString(p.IDNumber) {
		f.Add(ErrIDForm)
	}
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }
