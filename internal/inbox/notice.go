package inbox

import (
	"context"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/job"
)

// SendKind is the job that hands a notice to WeChat.
const SendKind = "wechat.message"

// WeChat sends a notice after the transaction commits; the same key again sends nothing.
func WeChat(ctx context.Context, tx db.Tx, n Notice, at time.Time) error {
	return job.Enqueue(ctx, tx, job.Job{Merchant: n.Merchant, Kind: SendKind, Key: n.Key, Payload: n, Due: at})
}

// SendHandler does the job with a messenger.
func SendHandler(m Messenger) job.Handler {
	return func(ctx context.Context, r job.Run) error {
		var n Notice
		if err := r.Decode(&n); err != nil {
			return err
		}
		return m.Send(ctx, n)
	}
}
