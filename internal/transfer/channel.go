package transfer

import (
	"context"
	"time"

	"zhanggui/internal/money"
)

// Channel pays to people's WeChat. A number is paid at most once, however often it is sent.
type Channel interface {
	// SendPayment hands a payment in. An error, and Unknown, say nothing about whether the channel has it.
	SendPayment(ctx context.Context, o Order) (Answer, error)
	// FindPayment tells how a payment stands; NotFound where the channel never heard of it.
	FindPayment(ctx context.Context, number string) (Answer, error)
}

// Order is one payment as the channel is asked for it.
type Order struct {
	Number      string
	OpenID      string
	Check       CheckName
	Name        string
	Amount      money.Fen
	Description string
	Address     string
}

// Verdict is what the channel says of a payment.
type Verdict string

// The verdicts.
const (
	Unknown  Verdict = "UNKNOWN"
	Going    Verdict = "PROCESSING"
	Paid     Verdict = "SUCCESS"
	Refused  Verdict = "FAILED"    // for certain: no money left
	NotFound Verdict = "NOT_FOUND" // it never heard of the number
)

// Answer is a verdict with what belongs to it.
type Answer struct {
	Verdict   Verdict
	PaymentNo string    // the channel's number
	Amount    money.Fen // what was paid; 0 where the answer to a payment handed in does not say it
	Code      string    // the channel's, of what failed or is unknown
	Reason    string    // its words
}

// Waits between questions after a payment whose answer did not come.
const (
	askFirst = 5 * time.Second
	askLater = time.Hour
	askDaily = 60 // turns after which it is asked once a day, for as long as it takes
	askRare  = 24 * time.Hour
)

// LostAfter is how long a payment that the channel never heard of is sent again under its number. Only then
// it counts as not paid: a request of ours that was still under way has arrived or is gone by then.
const LostAfter = 24 * time.Hour

// settledAfter is how long the last try must lie back before "never heard of" ends a payment.
const settledAfter = 30 * time.Minute

// CodeLost is why a payment failed that the channel never heard of, CodeFailed why one did of which it gives no code.
const (
	CodeLost   = "NOT_FOUND"
	CodeFailed = "FAILED"
)

// wait is the time to the next question.
func wait(turns int32) time.Duration {
	if turns > askDaily {
		return askRare
	}
	return min(askFirst*time.Duration(turns*turns), askLater)
}
