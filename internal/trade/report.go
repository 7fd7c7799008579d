package trade

import (
	"cmp"
	"slices"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// Report is what came of one file. It is kept with the import as it is.
type Report struct {
	Layout        bill.Layout      `json:"layout"`
	Rows          int64            `json:"rows"`
	Orders        int64            `json:"orders"` // rows that are orders
	Refunds       int64            `json:"refunds"`
	NewTrades     int64            `json:"new_trades"`
	KnownTrades   int64            `json:"known_trades"` // told before, by this file or another source
	NewRefunds    int64            `json:"new_refunds"`
	KnownRefunds  int64            `json:"known_refunds"`
	Stubs         int64            `json:"stubs"`  // orders opened by a refund alone
	Filled        int64            `json:"filled"` // stubs whose own row came
	Revoked       int64            `json:"revoked"`
	OtherState    int64            `json:"other_state"` // known rows whose state in the books is another and stays; an open order goes over to REVOKED
	RefundStates  map[string]int64 `json:"refund_states,omitempty"`
	Unknown       bill.Unknown     `json:"unknown,omitempty"`
	OtherColumns  []string         `json:"other_columns,omitempty"`
	Own           Sums             `json:"own"`
	File          Sums             `json:"file"`
	FeeDifference bill.Fee         `json:"fee_difference"`  // booked fees less the file's own sum
	Lines         []Line           `json:"lines,omitempty"` // between the file's summary and the books
	Merchants     []MerchantRows   `json:"merchants,omitempty"`
	Faults        []Fault          `json:"faults,omitempty"`
	FaultLines    int64            `json:"fault_lines"`
}

// Sums are a file's sums in fen; Fee as the file writes it, in millionths of a yuan.
type Sums struct {
	Count        int64     `json:"count"`
	Settlement   money.Fen `json:"settlement"`
	Refund       money.Fen `json:"refund"`
	CouponRefund money.Fen `json:"coupon_refund"`
	Fee          bill.Fee  `json:"fee"`
	Total        money.Fen `json:"total"`
	RefundAsked  money.Fen `json:"refund_asked"`
}

// MerchantRows counts a service provider's file by sub-merchant.
type MerchantRows struct {
	Merchant int64     `json:"merchant"`
	Orders   int64     `json:"orders"`
	Refunds  int64     `json:"refunds"`
	Total    money.Fen `json:"total"`
}

// Fault is one thing wrong with a file. Args always name the line; the words are "fault." + Code.
type Fault struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Refusal is the fault as the edges show refusals.
func (f Fault) Refusal() *fault.Refusal {
	r := fault.New(f.Code)
	for k, v := range f.Args {
		r = r.With(k, v)
	}
	return r
}

// take fills in what the reader knows.
func (p *Report) take(r *bill.Reader) {
	p.Layout = r.Layout()
	p.Rows = r.Own().Count
	p.Own, p.File = Sums(r.Own()), Sums(r.Summary())
	p.FeeDifference = r.FeeDifference()
	p.Unknown, p.OtherColumns = r.Unknown(), r.OtherColumns()
	faults, lines := r.Refused()
	p.FaultLines = int64(lines)
	for _, f := range faults {
		p.Faults = append(p.Faults, keep(f))
	}
}

func keep(f *fault.Refusal) Fault {
	k := Fault{Code: f.Code, Args: make(map[string]string, len(f.Args))}
	for name, v := range f.Args {
		if s, ok := v.(string); ok {
			k.Args[name] = s
		}
	}
	return k
}

// refuse adds faults found in the books; lines is how many rows they stand for.
func (p *Report) refuse(faults []Fault, lines int64) {
	p.FaultLines += lines
	room := max(bill.FaultsMax-len(p.Faults), 0)
	p.Faults = append(p.Faults, faults[:min(room, len(faults))]...)
}

// tally counts rows while they pass.
type tally struct {
	orders, refunds, revoked int64
	states                   map[string]int64
	merchants                map[int64]*MerchantRows
}

func newTally() *tally {
	return &tally{states: map[string]int64{}, merchants: map[int64]*MerchantRows{}}
}

func (t *tally) add(owner int64, r *bill.Row) {
	m := t.merchants[owner]
	if m == nil {
		m = &MerchantRows{Merchant: owner}
		t.merchants[owner] = m
	}
	if r.TradeState == bill.StateRevoked {
		t.revoked++
	}
	if !r.IsRefund() {
		t.orders++
		m.Orders++
		m.Total += r.Total
		return
	}
	t.refunds++
	m.Refunds++
	if _, known := t.states[r.RefundState]; known || len(t.states) < bill.FaultsMax {
		t.states[r.RefundState]++
	}
}

// sorted lists the merchants by number, which is also the order in which they are locked.
func (t *tally) sorted() []MerchantRows {
	all := make([]MerchantRows, 0, len(t.merchants))
	for _, m := range t.merchants {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b MerchantRows) int { return cmp.Compare(a.Merchant, b.Merchant) })
	return all
}
