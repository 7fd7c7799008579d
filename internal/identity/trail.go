package identity

import (
	"context"
	"errors"

	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// someone is the actor of an audit row while it is not known which login account a phone answers for.
const someone = "wechat"

// trail writes who did what; a refusal makes it a refused act.
func (g *Gate) trail(ctx context.Context, tx db.Tx, e audit.Entry, refusal error) error {
	e.At, e.Outcome = g.clock.Now(), audit.Done
	if refusal != nil {
		e.Outcome, e.Reason = audit.Refused, codeOf(refusal)
	}
	return audit.Write(ctx, tx, e)
}

// by is an audit row of a seat's own act.
func (s seat) by(action string, from audit.From) audit.Entry {
	return audit.Entry{Merchant: s.MerchantID, Actor: s.login(), Account: s.AccountID, Action: action, From: from}
}

// step is an audit row of an act on a ticket. Where the desktop stands is a detail: the address
// belongs to the browser, not to the phone.
func (t ticket) step(step string, seats []seat) audit.Entry {
	e := audit.Entry{Merchant: t.MerchantID, Actor: someone, Account: t.AccountID,
		Action: string(t.Purpose) + "." + step, Object: "ticket:" + t.ID.String(),
		Details: map[string]any{"desktop_address": t.Address, "desktop_agent": t.Agent}}
	for _, s := range seats {
		if s.MerchantID == t.MerchantID && s.AccountID == t.AccountID {
			e.Actor = s.login()
		}
	}
	return e
}

// from is where a browser is.
func (b Browser) from() audit.From { return audit.From{Address: b.Address, Agent: b.Agent} }

// codeOf is the code of a refusal; empty for everything else.
func codeOf(err error) string {
	if r, ok := fault.As(err); ok {
		return r.Code
	}
	return ""
}

// refused tells a refusal from a failure of ours.
func refused(err error) bool {
	_, one := fault.As(err)
	var form fault.Form
	return one || errors.As(err, &form)
}
