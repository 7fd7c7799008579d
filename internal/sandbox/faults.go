package sandbox

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"time"

	"zhanggui/internal/fault"
)

// Faults says how the channel misbehaves in one operation. Its JSON is the demo's contract.
type Faults struct {
	Operation          string   `json:"operation"`
	Outcome            string   `json:"outcome"`
	Delay              Duration `json:"delay"` // business time
	TimeoutAfterEffect Chance   `json:"timeout_after_effect"`
	Duplicate          Chance   `json:"duplicate"`
	Reorder            Chance   `json:"reorder"`
	Contradict         Chance   `json:"contradict"`
	SignTest           Chance   `json:"signtest"`
	Seed               int64    `json:"seed"`
	Times              int64    `json:"times"` // for so many operations; 0: until told otherwise
}

// Duration is a time span as Go writes it: "24h".
type Duration time.Duration

// UnmarshalText reads it.
func (d *Duration) UnmarshalText(text []byte) error {
	span, err := time.ParseDuration(string(text))
	*d = Duration(span)
	return err
}

// MarshalText writes it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Chance is a probability in millionths; as JSON a number from 0 to 1.
type Chance int64

const certain Chance = 1_000_000

// chanceTextMax bounds the text of a chance: a long exponent would take for ever to expand.
const chanceTextMax = 24

// UnmarshalJSON reads it.
func (c *Chance) UnmarshalJSON(text []byte) error {
	r, ok := new(big.Rat), len(text) <= chanceTextMax && !slices.Contains(text, '/')
	if i := slices.IndexFunc(text, func(b byte) bool { return b == 'e' || b == 'E' }); ok && i >= 0 {
		ok = len(text)-i <= len("e-00")
	}
	if ok {
		_, ok = r.SetString(string(text))
	}
	if !ok || r.Sign() < 0 || r.Cmp(big.NewRat(1, 1)) > 0 {
		return fault.New("sandbox.chance").With("Text", string(text[:min(len(text), chanceTextMax)]))
	}
	r.Mul(r, big.NewRat(int64(certain), 1))
	*c = Chance(new(big.Int).Quo(r.Num(), r.Denom()).Int64())
	return nil
}

// MarshalJSON writes it.
func (c Chance) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%d.%06d", c/certain, c%certain), nil
}

// The outcomes of an operation.
const (
	OutcomeSuccess    = "success"
	OutcomeClosed     = "closed"
	OutcomeAbnormal   = "abnormal"
	OutcomeFail       = "fail"
	OutcomeBankReturn = "bank_return"
)

var (
	operations = []string{"refund", "red_packet", "transfer", "payout", "settlement", operationTrade}
	outcomes   = []string{OutcomeSuccess, OutcomeClosed, OutcomeAbnormal, OutcomeFail, OutcomeBankReturn}
)

// delayMax bounds a fault's delay: a year.
const delayMax = 365 * 24 * time.Hour

func (f Faults) check() error {
	var wrong fault.Form
	if !slices.Contains(operations, f.Operation) {
		wrong.Add(fault.New("sandbox.operation").On("operation"))
	}
	if !slices.Contains(outcomes, f.Outcome) {
		wrong.Add(fault.New("sandbox.outcome").On("outcome"))
	}
	if f.Delay < 0 || time.Duration(f.Delay) > delayMax {
		wrong.Add(fault.New("sandbox.delay").On("delay"))
	}
	if f.Times < 0 {
		wrong.Add(fault.New("sandbox.times").On("times"))
	}
	return wrong.Err()
}

// SetFaults makes the channel misbehave from now on; what was told of the operation before is over.
func (w *WeChat) SetFaults(ctx context.Context, f Faults) error {
	if f.Outcome == "" {
		f.Outcome = OutcomeSuccess
	}
	if err := f.check(); err != nil {
		return err
	}
	return w.store.setFaults(ctx, f)
}

// Fault is what was drawn for one operation.
type Fault struct {
	Outcome            string
	Delay              time.Duration // of the outcome, in business time
	Late               time.Duration // of its notification: what happens meanwhile overtakes it
	TimeoutAfterEffect bool          // the caller gets no answer, although it is done
	Duplicate          bool          // the notification comes twice
	Contradict         bool          // a second notification says the opposite
	SignTest           bool          // the first try of the notification carries a wrong signature
}

// lateMax is how far a notification is overtaken.
const lateMax = 90

// Fault draws what happens to one operation: of the same seed always the same, whatever is asked of
// other operations. Without a fault told it is an immediate success.
func (w *WeChat) Fault(ctx context.Context, operation string) (Fault, error) {
	f, drawn, err := w.store.drawFaults(ctx, operation)
	if err != nil || drawn == 0 {
		return Fault{Outcome: OutcomeSuccess}, err
	}
	return f.draw(drawn), nil
}

func (f Faults) draw(nth int64) Fault {
	dice := rand.New(rand.NewPCG(uint64(f.Seed), uint64(nth))) //nolint:gosec // faults are drawn again from their seed
	hit := func(c Chance) bool { return Chance(dice.Int64N(int64(certain))) < c }
	d := Fault{Outcome: f.Outcome, Delay: time.Duration(f.Delay)}
	d.TimeoutAfterEffect, d.Duplicate = hit(f.TimeoutAfterEffect), hit(f.Duplicate)
	late := hit(f.Reorder)
	d.Contradict, d.SignTest = hit(f.Contradict), hit(f.SignTest)
	if late {
		d.Late = time.Duration(1+dice.Int64N(lateMax)) * time.Second
	}
	return d
}
