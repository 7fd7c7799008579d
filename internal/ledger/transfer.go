package ledger

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"zhanggui/internal/money"
)

// Kind is the event that moved money; with the business key it is booked once for ever.
type Kind string

// Limits of a transfer, in bytes where they are texts.
const (
	LegsMax      = 1000
	NumberMax    = 128
	ApplicantMax = 64
	NoteMax      = 2048
)

// Leg is one account's part in a transfer.
type Leg struct {
	Account Account
	Amount  money.Fen // credit, more for the merchant, is positive
	Row     RowType   // what the line says; empty where no merchant reads the account
	// Force books a debit that was decided outside even where the account cannot cover it: what is
	// missing becomes a claim on DUE.
	Force bool
}

// Transfer is a move of money that is to be booked.
type Transfer struct {
	Merchant   int64
	Kind       Kind
	Key        string // business key, unique with Kind in the merchant
	Legs       []Leg  // in the order they are booked; legs of nothing are left out
	BusinessNo string // 微信支付业务单号
	VoucherNo  string // 业务凭证号
	Applicant  string // login@mchid, mchidAPI or system
	Note       string // 备注
}

// Outcome is what became of a transfer.
type Outcome struct {
	ID       int64 // its number in the merchant's books; 0: refused, or it moved nothing
	BookedAt time.Time
	Known    bool  // it had been booked before; nothing was added
	Refused  error // ErrInsufficient or ErrNotOpen
}

// check finds what no caller may hand in. Such a transfer is a mistake of ours, not a refusal.
func (t Transfer) check() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("ledger: transfer %s %q of %d: %s", t.Kind, t.Key, t.Merchant, fmt.Sprintf(format, args...))
	}
	sum, what := t.sum()
	switch {
	case what != "":
		return wrong("%s", what)
	case sum != 0:
		return wrong("its legs come to %s", sum)
	case len(t.Legs) > LegsMax:
		return wrong("%d legs", len(t.Legs))
	case t.Key == "" || len(t.Key) > NumberMax, t.BusinessNo == "" || len(t.BusinessNo) > NumberMax, len(t.VoucherNo) > NumberMax,
		t.Applicant == "" || len(t.Applicant) > ApplicantMax, len(t.Note) > NoteMax:
		return wrong("a text is missing or too long")
	case !utf8.ValidString(t.Note) || strings.ContainsRune(t.Note, 0):
		return wrong("its note is no text")
	}
	return nil
}

// sum adds the legs up, and says what is wrong with one of them.
func (t Transfer) sum() (sum money.Fen, wrong string) {
	for _, l := range t.Legs {
		var err error
		if sum, err = sum.Add(l.Amount); err != nil {
			return 0, "amount out of range"
		}
		switch {
		case !l.Account.Known():
			return 0, fmt.Sprintf("no account %s", l.Account)
		case l.Account.named() && !l.Row.Known():
			return 0, fmt.Sprintf("the leg on %s does not say what it is", l.Account)
		case l.Force && l.Amount > 0:
			return 0, "a credit cannot be forced"
		}
	}
	return sum, ""
}
