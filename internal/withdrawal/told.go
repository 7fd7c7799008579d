package withdrawal

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
)

// Why says in words why money did not arrive: ours where the reason is ours, else the bank's.
func Why(ctx context.Context, reason string) string {
	if word, ok := words.Find(ctx, "withdrawal.reason."+reason); ok {
		return word
	}
	return reason
}

// endings are what people are told when a withdrawal stands so. Words: see inbox.Events.
var endings = map[State]string{Paid: "paid", Failed: "failed", Returned: "returned", Closed: "closed"}

// tell tells those who answer for the merchant's money how a withdrawal ended.
func (d Deps) tell(ctx context.Context, tx db.Tx, w Withdrawal) error {
	ending, link := endings[w.State], Path+"/"+w.No()
	if w.Skipped() {
		ending, link = "skipped", AutomaticPath
	}
	if ending == "" {
		return nil
	}
	account := words.T(ctx, "ledger.account."+string(w.Account))
	home := ""
	if w.ReturnedTo != "" {
		home = words.T(ctx, "ledger.account."+string(w.ReturnedTo))
	}
	now := d.Clock.Now()
	n := identity.FundsNotice{Kind: "withdrawal_" + ending, Key: w.No() + string(w.State), Link: link, At: now,
		Args: map[string]string{"No": w.No(), "Amount": w.Amount.String(), "Account": account, "Home": home, "Reason": Why(ctx, w.Reason),
			"Day": w.Day.String(), "Time": clock.Text(now)}}
	if w.Skipped() {
		n.Fields = [][2]string{{"day", w.Day.String()}, {"reason", Why(ctx, w.Reason)}}
	} else {
		n.Fields = [][2]string{{"amount", w.Amount.String()}, {"account", account}, {"withdrawal_no", w.No()}}
	}
	if w.Reason != "" && !w.Skipped() {
		n.Fields = append(n.Fields, [2]string{"reason", Why(ctx, w.Reason)})
	}
	return d.Gate.TellFunds(ctx, tx, w.Merchant, n)
}
