package merchant

import (
	"strings"
	"time"
	"unicode/utf8"

	"zhanggui/internal/fault"
)

// Change is what was done to a merchant as a whole.
type Change string

// The changes. Words: catalogue id "merchant.change." + code.
const (
	Opened    Change = "opened"
	Suspended Change = "suspended"
	Resumed   Change = "resumed"
)

// Changed is a change that happened.
type Changed struct {
	Change Change
	Reason string
	Actor  string
	At     time.Time
}

// Refusals of a change.
var (
	ErrTaken  = fault.New("merchant.taken").On("mchid")
	ErrState  = fault.New("merchant.state") // it stands so already
	ErrReason = fault.New("merchant.reason").On("reason").With("Max", ReasonMax)
)

// ReasonMax is how many characters may say why.
const ReasonMax = 200

// Reason is what somebody typed to say why, or ErrReason.
func Reason(text string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 1 || n > ReasonMax || strings.ContainsFunc(text, control) {
		return "", ErrReason
	}
	return text, nil
}

func control(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }

// Check refuses what no merchant can be, all at once.
func (n New) Check() error { return n.check() }

// Kinds lists what a merchant can be opened as, in the order they are shown.
var Kinds = []Kind{Direct, ServiceProvider, SubMerchant}

// Known tells whether the kind is one that a merchant can be opened as.
func (k Kind) Known() bool { return k == Direct || k == ServiceProvider || k == SubMerchant }
