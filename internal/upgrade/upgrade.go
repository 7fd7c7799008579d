// Package upgrade decides when a merchant may leave the old way of its money for the new accounts, what it
// signs for that, and what happens to everything that is in flight at that moment: one transaction, inside the
// super admin's confirmation on the phone, after which there is no way back.
//
// It refuses whoever the rollout does not offer it to, an agreement other than today's, and the moment in which
// the merchant's settlement is being cut. A second time is the first one again, if it chooses the same:
// nothing happens twice.
package upgrade

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/product"
	"zhanggui/internal/settlement"

	"zhanggui/internal/access"
)

// Path is where the guide stands, and afterwards what became of it.
const Path = "/upgrade"

// LetterPath is the signed agreement as a file.
const LetterPath = Path + "/agreement"

// Action is the act. Words: catalogue id "audit.action." + code.
const Action = "account.upgrade"

// Kind is the transfer of what AVAILABLE held; its key is the merchant: once for ever.
const Kind ledger.Kind = "upgrade"

// RetainedMax is the most that can be kept back from automatic withdrawals: 10 亿 yuan.
const RetainedMax money.Fen = 100_000_000_000

// Refusals.
var (
	ErrNotOffered = fault.New("upgrade.not_offered")
	ErrRetained   = fault.New("upgrade.retained").On("retain_amt").With("Max", RetainedMax.String())
	ErrMode       = fault.New("upgrade.mode").On("automatic")
	ErrConsent    = fault.New("upgrade.consent").On("consent")
	ErrAgreement  = fault.New("upgrade.agreement").On("consent")
	ErrDone       = fault.New("upgrade.done") // with another choice
)

// Deps are what the act needs.
type Deps struct {
	Clock      clock.Clock // business time
	Gate       *identity.Gate
	Settlement settlement.Deps
	// Automatic sets how money goes to the bank from then on; nil where nothing can be set yet.
	Automatic func(ctx context.Context, tx db.Tx, s access.Scope, on bool, retained money.Fen) error
	// Withdrawal is the product that automatic withdrawals are: whoever chooses them signs its agreement, too, and
	// Open opens it. Without a code there is none.
	Withdrawal product.Declaration
	Open       func(ctx context.Context, tx db.Tx, s access.Scope, g product.Signed, at time.Time) (product.Opening, error)
}

// Also is the agreement that a choice is signed with besides; nil: none.
func (d Deps) Also(automatic bool) *product.Agreement {
	if !automatic || d.Withdrawal.Code == "" {
		return nil
	}
	return &d.Withdrawal.Agreement
}

// Choice is how money shall go to the bank.
type Choice struct {
	Automatic bool
	Retained  money.Fen
}

// How a form says it.
const (
	ModeAutomatic = "on"
	ModeManual    = "off"
)

// ParseChoice reads the guide's question. Nothing chosen is the default: automatic, nothing kept back. What was
// typed for the other mode is not looked at.
func ParseChoice(mode, retained string) (Choice, error) {
	retained = strings.TrimSpace(retained)
	switch {
	case mode == ModeManual:
		return Choice{}, nil
	case mode != "" && mode != ModeAutomatic:
		return Choice{}, ErrMode
	case retained == "":
		return Choice{Automatic: true}, nil
	}
	amount, err := money.Parse(retained)
	if err != nil || amount < 0 || amount > RetainedMax {
		return Choice{}, ErrRetained
	}
	return Choice{Automatic: true, Retained: amount}, nil
}

// Done is an upgrade that happened.
type Done struct {
	Merchant       int64
	At             time.Time
	Choice         Choice
	Amount         money.Fen // what AVAILABLE held and BASIC got
	Pool           money.Fen // what UNSETTLED held beyond its orders; below zero what it lacked
	Unsettled      money.Fen // at that moment
	UnsettledCount int64
	AtBank         money.Fen
	AtBankCount    int64
	TransferID     *int64 // none where AVAILABLE was empty
	Signer         string // login@mchid
	SignerID       uuid.UUID
	Confirmation   *uuid.UUID
	Agreement      product.Agreement
}

// No is the upgrade's number: merchant, business day, 22, and one.
func (d Done) No() string { return number(d.Merchant, clock.DayOf(d.At)) }

func number(m int64, day clock.Day) string {
	return strconv.FormatInt(m, 10) + strings.ReplaceAll(day.String(), "-", "") + "2200000001"
}
