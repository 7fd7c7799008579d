// Package alert decides when a merchant's people are told that a balance runs low: once when it falls
// below what they set, and not again before it has come up to that again. It looks at balances as they
// stand, apart from whoever moves money, so that moves pay nothing for it; a dip that is over before the
// next look is nobody's trouble and is not told.
//
// It refuses thresholds of nothing, accounts that the merchant has not, and readers who are not active
// members with the right to see the funds.
package alert

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Limits of an alert.
const (
	ThresholdMax money.Fen = 100_000_000_000 // 10 亿 yuan
	WatchersMax  int       = 20
)

// Path is where alerts are seen and set.
const Path = "/funds/alerts"

// Refusals.
var (
	ErrThreshold = fault.New("alert.threshold").On("threshold").With("Max", ThresholdMax.String())
	ErrNobody    = fault.New("alert.nobody").On("watchers")
	ErrWatchers  = fault.New("alert.watchers").On("watchers").With("Max", WatchersMax)
)

// Deps are what the verbs need.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock // business time
	Gate  *identity.Gate
}

// Alert is what is set for one account.
type Alert struct {
	Account   ledger.Account
	Threshold money.Fen
	Watchers  []uuid.UUID // login accounts
	LowSince  *time.Time  // told then, and not up again; nil: the balance is not low
	ChangedAt time.Time
	ChangedBy string // login@mchid
}

// Line is an account with its balance and what is set for it; nil: nothing.
type Line struct {
	Account ledger.Account
	Balance money.Fen
	Alert   *Alert
}

// Low tells whether the balance stands below what is set.
func (l Line) Low() bool { return l.Alert != nil && l.Balance < l.Alert.Threshold }

// watched are the accounts that alerts can be set for, in the order they are shown.
var watched = []ledger.Account{ledger.Available, ledger.Basic, ledger.Operation}

// Watched tells whether alerts can be set for an account.
func Watched(a ledger.Account) bool { return slices.Contains(watched, a) }
