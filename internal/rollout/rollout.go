// Package rollout decides to which merchants the account upgrade is offered: to those on the deny list never,
// to those on the allow list always, to the others by a percentage in which each has its place for ever. A
// larger percentage only adds merchants. While it is paused nobody is offered it anew; who has upgraded stays.
//
// It refuses percentages that are none, merchants that nobody knows, and the whole hundred without a second
// operator. It changes nothing about a merchant itself, and tells merchants nothing.
package rollout

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

// Limits of a change.
const (
	All        = 100 // percent
	ListMax    = 200 // merchants in one change
	ReasonMax  = 200 // characters
	placeScale = 100 // places in a percent
)

// Rollout is how far the offer goes.
type Rollout struct {
	Percentage int
	Paused     bool
	Salt       []byte
	ChangedAt  *time.Time // nil: never
	ChangedBy  string
}

// Listing is what the lists say of a merchant.
type Listing string

// The lists; empty: on neither.
const (
	Allowed Listing = "allow"
	Denied  Listing = "deny"
)

// Place is where a merchant stands among all, in hundredths of a percent: 0 to 9999. It never changes.
func (r Rollout) Place(m int64) int {
	h := sha256.New()
	h.Write(r.Salt)
	h.Write([]byte(strconv.FormatInt(m, 10)))
	return int(binary.BigEndian.Uint64(h.Sum(nil)) % (All * placeScale))
}

// Why is what decides whether a merchant is in. Words: catalogue id "rollout.why." + code.
type Why string

// The reasons.
const (
	ByDeny  Why = "deny"
	ByAllow Why = "allow"
	Within  Why = "within"
	Beyond  Why = "beyond"
)

// Includes tells whether the rollout has the merchant in, and why.
func (r Rollout) Includes(m int64, l Listing) (bool, Why) {
	switch {
	case l == Denied:
		return false, ByDeny
	case l == Allowed:
		return true, ByAllow
	case r.Place(m) < r.Percentage*placeScale:
		return true, Within
	}
	return false, Beyond
}

// Merchant is what of a merchant decides about the offer.
type Merchant struct {
	ID         int64
	Name       string
	System     merchant.System
	Cycle      merchant.Cycle
	Suspended  bool
	Listed     Listing
	Reason     string // for its being listed
	UpgradedAt *time.Time
}

// Standing is how a merchant stands to the offer. Words: catalogue id "rollout.standing." + code.
type Standing string

// The standings.
const (
	Offered   Standing = "offered"
	Outside   Standing = "outside"
	Paused    Standing = "paused" // in, and the rollout is paused
	Weekly    Standing = "weekly" // settled T+7
	Suspended Standing = "suspended"
	Upgraded  Standing = "upgraded"
	Born      Standing = "born" // was opened on the new accounts
)

// Standings lists them in the order of filters.
var Standings = []Standing{Offered, Paused, Outside, Weekly, Suspended, Upgraded, Born}

// Known tells whether the standing is one of ours.
func (s Standing) Known() bool {
	for _, k := range Standings {
		if s == k {
			return true
		}
	}
	return false
}

// Judge says how a merchant stands.
func (r Rollout) Judge(m Merchant) Standing {
	in, _ := r.Includes(m.ID, m.Listed)
	switch {
	case m.UpgradedAt != nil:
		return Upgraded
	case m.System != merchant.Legacy:
		return Born
	case m.Cycle != merchant.T1:
		return Weekly
	case m.Suspended:
		return Suspended
	case !in:
		return Outside
	case r.Paused:
		return Paused
	}
	return Offered
}

// Refusals.
var (
	ErrPercentage = fault.New("rollout.percentage").On("percentage")
	ErrMerchants  = fault.New("rollout.merchants").On("mchids").With("Max", ListMax)
	ErrUnknown    = fault.New("rollout.unknown").On("mchids")
	ErrNotListed  = fault.New("rollout.not_listed").On("mchids")
	ErrReason     = fault.New("rollout.reason").On("reason").With("Max", ReasonMax)
	ErrChange     = fault.New("rollout.change").On("change")
	ErrSame       = fault.New("rollout.same")
	ErrFull       = fault.New("rollout.full").On("percentage")
)
