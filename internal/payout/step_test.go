package payout

import "testing"

// Every verdict in every state. Money leaves at most once, comes back only after it left, and what the bank
// contradicts stays as it stands.
func TestWhatEveryVerdictDoesInEveryState(t *testing.T) {
	t.Parallel()
	stays := func(s State) Step { return Step{To: s} }
	alarm := func(s State) Step { return Step{To: s, alarm: true} }
	verdicts := []Verdict{Processing, BankSuccess, BankFailed, BankReturned, "ODD"}
	underWay := func(s State) []Step {
		return []Step{{To: Sent}, {To: Paid, Paid: true}, {To: Failed}, {To: Returned, Paid: true, Back: true}, alarm(s)}
	}
	never := func(s State) []Step { return []Step{stays(s), alarm(s), alarm(s), alarm(s), alarm(s)} }
	for s, want := range map[State][]Step{
		Waiting:   never(Waiting),
		Cancelled: never(Cancelled),
		Sending:   underWay(Sending),
		Sent:      underWay(Sent),
		Paid:      {stays(Paid), stays(Paid), alarm(Paid), {To: Returned, Back: true}, alarm(Paid)},
		Failed:    {stays(Failed), alarm(Failed), stays(Failed), alarm(Failed), alarm(Failed)},
		Returned:  {stays(Returned), stays(Returned), alarm(Returned), stays(Returned), alarm(Returned)},
	} {
		for i, v := range verdicts {
			if got := hear(s, v); got != want[i] {
				t.Errorf("%s in %s: %+v, want %+v", v, s, got, want[i])
			}
		}
	}
}

// However verdicts come, in whatever order and number, what they add up to is one of three ends.
func TestNoSequenceOfVerdictsMovesMoneyTwice(t *testing.T) {
	t.Parallel()
	const most = 5
	var walk func(s State, paid, back, depth int)
	walk = func(s State, paid, back, depth int) {
		if paid > 1 || back > paid {
			t.Fatalf("%d times paid, %d times back in %s", paid, back, s)
		}
		if out := s == Paid || s == Returned; out != (paid == 1) || (s == Returned) != (back == 1) {
			t.Fatalf("%s with %d paid and %d back", s, paid, back)
		}
		if depth == most {
			return
		}
		for _, v := range []Verdict{Processing, BankSuccess, BankFailed, BankReturned} {
			next := hear(s, v)
			p, b := paid, back
			if next.Paid {
				p++
			}
			if next.Back {
				b++
			}
			walk(next.To, p, b, depth+1)
		}
	}
	walk(Sending, 0, 0, 0)
}
