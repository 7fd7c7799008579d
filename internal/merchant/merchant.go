// Package merchant knows the merchants: who they are, whose sub-merchants they are, and on what
// terms they are settled. It opens them and refuses terms that no merchant can have.
package merchant

import (
	"time"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Kind is what a merchant is.
type Kind string

// The kinds.
const (
	Direct          Kind = "direct"
	ServiceProvider Kind = "service_provider"
	SubMerchant     Kind = "sub_merchant"
)

// System is the merchant's account system.
type System string

// The account systems.
const (
	Legacy   System = "legacy"
	Upgraded System = "upgraded"
)

// Cycle is when a merchant's trades are settled.
type Cycle string

// The cycles.
const (
	T1 Cycle = "T+1"
	T7 Cycle = "T+7"
)

// Merchant is a merchant as everyone inside may see it; the settlement account stays sealed.
type Merchant struct {
	ID             int64
	Kind           Kind
	Parent         int64 // 0 unless a sub-merchant
	LegalName      string
	ShortName      string
	Cycle          Cycle
	System         System
	FeeRate        money.Rate
	SettlementBank string
	AccountTail    string // last four digits of the settlement account
	AppID          string
	PhoneMasked    string // contact phone; empty: none is known
	Suspended      bool
	OpenedAt       time.Time
}

// New is a merchant to be opened.
type New struct {
	ID                int64
	Kind              Kind
	Parent            int64
	LegalName         string
	ShortName         string
	Cycle             Cycle
	System            System
	FeeRate           money.Rate
	SettlementBank    string
	SettlementAccount string
	AppID             string
}

// check refuses what no merchant can be.
func (n New) check() error {
	var f fault.Form
	if n.ID < 1_000_000_000 || n.ID > 9_999_999_999 {
		f.Add(fault.New("merchant.id").On("mchid"))
	}
	if (n.Kind == SubMerchant) != (n.Parent != 0) {
		f.Add(fault.New("merchant.parent").On("parent_mchid"))
	}
	if l := len([]rune(n.LegalName)); l < 1 || l > 64 {
		f.Add(fault.New("merchant.name").On("legal_name"))
	}
	if l := len([]rune(n.ShortName)); l < 1 || l > 64 {
		f.Add(fault.New("merchant.name").On("short_name"))
	}
	if !accountNumber(n.SettlementAccount) {
		f.Add(fault.New("merchant.settlement_account").On("settlement_account"))
	}
	return f.Err()
}

// accountNumber tells whether the text can be a bank account: 8 to 32 digits.
func accountNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) >= 8 && len(s) <= 32
}
