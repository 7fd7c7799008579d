package payout

// Step is what a verdict does to a payment.
type Step struct {
	To    State
	Paid  bool // the money left
	Back  bool // the money came back
	alarm bool // the bank contradicts what stands: nothing changes
}

// open is what a payment that the bank has, or may have, hears. A return of what was never said to be paid
// is both at once.
var open = map[Verdict]Step{Processing: {To: Sent}, BankSuccess: {To: Paid, Paid: true}, BankFailed: {To: Failed},
	BankReturned: {To: Returned, Paid: true, Back: true}}

// heard is what the bank may say when; success said late of what has come back is old.
var heard = map[State]map[Verdict]Step{
	Sending: open, Sent: open,
	Paid:     {BankSuccess: {To: Paid}, BankReturned: {To: Returned, Back: true}},
	Failed:   {BankFailed: {To: Failed}},
	Returned: {BankSuccess: {To: Returned}, BankReturned: {To: Returned}},
}

// hear is what a verdict does. That a payment is on its way is no news once more is known; whatever else is
// not in the table contradicts it.
func hear(s State, v Verdict) Step {
	if known, ok := heard[s][v]; ok {
		return known
	}
	return Step{To: s, alarm: v != Processing}
}
