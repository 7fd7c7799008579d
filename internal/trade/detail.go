package trade

import (
	"slices"
	"time"

	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// Detail is one order with its refunds, oldest first, and what happened to it.
type Detail struct {
	Trade
	SubName string
	File    string // the bill it came by, where the reader imported that itself
	Refunds []BillRefund
}

// Numbers are the business numbers under which the order and its refunds moved money.
func (d Detail) Numbers() []string {
	all := []string{d.TransactionID}
	for _, r := range d.Refunds {
		all = append(all, r.RefundID)
	}
	return all
}

// Event is one thing that happened to an order. Words: catalogue id "trade.event." + Kind.
type Event struct {
	At     time.Time
	Kind   string
	Number string    // refund number, where it is about one
	Amount money.Fen // of what happened
	Bad    bool
}

// The kinds of events.
const (
	EventPaid       = "paid"
	EventRevoked    = "revoked"
	EventRefund     = "refund"      // asked for, under way
	EventRefundDone = "refund_done" // the payer has it
	EventRefundFail = "refund_fail"
	EventRefundWait = "refund_wait" // neither here nor there: abnormal
	EventRecorded   = "recorded"
	EventStub       = "stub" // opened by a refund alone
)

// Timeline lists what happened, newest first.
func (d Detail) Timeline() []Event {
	var all []Event
	if d.Stub {
		all = append(all, Event{At: d.RecordedAt, Kind: EventStub})
	} else {
		all = append(all, Event{At: d.SuccessTime, Kind: EventPaid, Amount: d.Total},
			Event{At: d.RecordedAt, Kind: EventRecorded})
	}
	if d.TradeState == bill.StateRevoked {
		all = append(all, Event{At: d.SuccessTime, Kind: EventRevoked, Amount: d.Total, Bad: true})
	}
	for _, r := range d.Refunds {
		all = append(all, r.events()...)
	}
	slices.SortStableFunc(all, func(a, b Event) int { return b.At.Compare(a.At) })
	return all
}

func (r BillRefund) events() []Event {
	e := Event{At: r.CreateTime, Kind: EventRefund, Number: r.RefundID, Amount: r.Refund}
	switch {
	case r.Status == bill.RefundFail:
		e.Kind, e.Bad = EventRefundFail, true
	case r.Status == bill.RefundChange:
		e.Kind, e.Bad = EventRefundWait, true
	case r.Status == bill.RefundSuccess && r.SuccessTime == nil:
		e.Kind = EventRefundDone
	}
	if r.SuccessTime == nil {
		return []Event{e}
	}
	return []Event{e, {At: *r.SuccessTime, Kind: EventRefundDone, Number: r.RefundID, Amount: r.Refund}}
}
