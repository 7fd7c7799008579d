package transfer

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Why says in words why a payment failed: our words for codes we know, else the channel's.
func Why(ctx context.Context, code, reason string) string {
	if code == CodeFailed && reason != "" {
		return reason
	}
	if word, ok := words.Find(ctx, "transfer.code."+code); ok {
		return word
	}
	if reason != "" {
		return reason
	}
	return code
}

// tellFailed tells whoever made a payment that it failed and the money is back. Of a file's payments its end tells.
func (b *booking) tellFailed(ctx context.Context, tx db.Tx) error {
	for _, p := range b.moved {
		if p.State != Failed || p.AccountID == nil || p.FileID != nil {
			continue
		}
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: p.Merchant, To: *p.AccountID, Kind: "payment_failed", Link: Path + "/" + p.No(), At: b.now,
			Args: map[string]string{"No": p.No(), "Amount": p.Amount.String(), "Reason": Why(ctx, p.Code, p.Reason),
				"Account": words.T(ctx, "ledger.account."+string(p.ReturnedTo)), "Time": clock.Text(b.now)}})
		if err != nil {
			return err
		}
	}
	return nil
}
