// Package platform is the platform's own side: operators open merchants with their first super admin,
// suspend and resume them, run the operators' own accounts, look after due work, and have everything
// that is stored checked. It decides what such an act needs and what is told of it, and registers each
// as an act that is confirmed on the operator's own phone.
//
// It refuses everything to whoever is not an operator: each read and act takes an access.Platform. It
// never reads a merchant's own data (orders, books): what it shows of a merchant is who it is, and with what
// its accounts began.
package platform

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/vault"
)

// Parts are what an Office is made of.
type Parts struct {
	DB     *db.DB
	Clock  clock.Clock // business time
	Vault  *vault.Vault
	Gate   *identity.Gate
	Checks []Check // what a verification looks at
}

// Office is where operators' acts are done.
type Office struct {
	db     *db.DB
	clock  clock.Clock
	vault  *vault.Vault
	gate   *identity.Gate
	checks []Check
}

// New makes an office.
func New(p Parts) *Office {
	return &Office{db: p.DB, clock: p.Clock, vault: p.Vault, gate: p.Gate, checks: p.Checks}
}

// Actions are the acts that operators confirm on their phones.
func (o *Office) Actions() []confirm.Action {
	return []confirm.Action{o.open(), o.suspend(), o.resume(),
		o.addOperator(), o.suspendOperator(), o.resumeOperator(), o.resetOperator(), o.giveRole()}
}

// tell writes an act of the platform into the log of the merchant it was done to.
func (o *Office) tell(ctx context.Context, tx db.Tx, p access.Platform, merchant int64, action string, details map[string]any) error {
	return audit.Write(ctx, tx, audit.Entry{Merchant: merchant, Actor: p.Actor().Name, Account: p.Actor().Account,
		Action: action, Object: mchid(merchant), Outcome: audit.Done, Confirmation: confirm.Current(ctx),
		Details: details, At: o.clock.Now()})
}
