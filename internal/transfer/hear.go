package transfer

import (
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/ledger"
)

// The transfers of a payment; the key is its number.
const (
	KindAccepted ledger.Kind = "payment"
	KindPaid     ledger.Kind = "payment.paid"
	KindReturned ledger.Kind = "payment.returned"
)

// step is what a verdict does to a payment.
type step struct {
	to    State
	alarm bool // the channel contradicts what stands: nothing changes
}

// hear is what a verdict does to a payment that stands so. Of a payment that has ended nothing but the same
// is believed; that it is under way, or unknown, is no news.
func hear(p Payment, v Verdict, now time.Time) step {
	switch {
	case p.State.Ended():
		same := p.State == Success && v == Paid || p.State == Failed && (v == Refused || v == NotFound)
		return step{to: p.State, alarm: !same && (v == Paid || v == Refused)}
	case v == Paid:
		return step{to: Success}
	case v == Refused:
		return step{to: Failed}
	case v == NotFound && p.lost(now):
		return step{to: Failed}
	}
	return step{to: p.State}
}

// lost tells whether a payment that the channel does not know can no longer turn up there.
func (p Payment) lost(now time.Time) bool {
	return p.SentAt != nil && !now.Before(p.SentAt.Add(LostAfter)) && p.TriedAt != nil && !now.Before(p.TriedAt.Add(settledAfter))
}

// accepted is the payment in the books: out of the account that pays, on its way.
func (p Payment) accepted() ledger.Transfer {
	return ledger.Transfer{Merchant: p.Merchant, Kind: KindAccepted, Key: p.No(), BusinessNo: p.No(), VoucherNo: p.Number, Applicant: p.Actor,
		Note: p.Description, Legs: []ledger.Leg{{Account: p.PaidFrom, Amount: -p.Amount, Row: ledger.RowPayment},
			{Account: ledger.InTransfer, Amount: p.Amount}}}
}

// paid is one that arrived.
func (p Payment) paid() ledger.Transfer {
	return ledger.Transfer{Merchant: p.Merchant, Kind: KindPaid, Key: p.No(), BusinessNo: p.No(), VoucherNo: p.Number, Applicant: access.System.Name,
		Legs: []ledger.Leg{{Account: ledger.InTransfer, Amount: -p.Amount}, {Account: ledger.Channel, Amount: p.Amount}}}
}

// returned is one that did not: back to the account that paid, or to the one in its place.
func (p Payment) returned(note string) ledger.Transfer {
	return ledger.Transfer{Merchant: p.Merchant, Kind: KindReturned, Key: p.No(), BusinessNo: p.No(), VoucherNo: p.Number, Applicant: access.System.Name,
		Note: note, Legs: []ledger.Leg{{Account: ledger.InTransfer, Amount: -p.Amount},
			{Account: p.ReturnedTo, Amount: p.Amount, Row: ledger.RowPaymentBack}}}
}
