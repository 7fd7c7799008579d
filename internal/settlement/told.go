package settlement

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/payout"
)

// Path is the settlement record; a line's page lies below it.
const Path = "/funds/settlements"

// LinePath is a line's page.
func LinePath(d clock.Day) string { return Path + "/" + d.String() }

// tellBack tells the merchant that a payment did not stay at its bank.
func (d Deps) tellBack(ctx context.Context, tx db.Tx, m int64, l Line, p payout.Payment) error {
	switch l.State {
	case Credited:
		return d.tell(ctx, tx, m, "settlement_credited", l, p)
	case Failed:
		return d.tell(ctx, tx, m, "settlement_failed", l, p)
	}
	return d.tell(ctx, tx, m, "settlement_returned", l, p)
}

func (d Deps) tell(ctx context.Context, tx db.Tx, m int64, kind string, l Line, p payout.Payment) error {
	return d.Gate.TellFunds(ctx, tx, m, identity.FundsNotice{Kind: kind, Key: p.Number, Link: LinePath(l.Day), At: d.Clock.Now(),
		Args: map[string]string{"Day": l.Day.String(), "Amount": p.Amount.String(), "Number": p.Number, "Bank": p.Bank, "Tail": p.Tail,
			"Reason": p.Reason},
		Fields: [][2]string{{"settlement_day", l.Day.String()}, {"amount", p.Amount.String()}, {"card", p.Bank + " " + p.Tail}, {"reason", p.Reason}}})
}
