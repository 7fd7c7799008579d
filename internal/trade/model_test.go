package trade_test

import (
	"maps"
	"slices"

	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

// pure is one merchant's orders and balances as they should be, told without a database.
type pure struct {
	upgraded bool
	stands   map[ledger.Account]money.Fen
	orders   map[string]*pureOrder
	refunds  map[string]*pureRefund
}

type pureOrder struct {
	told, revoked, settled bool
	brings, given          money.Fen
	rate                   money.Rate
}

type pureRefund struct {
	of, state  string
	share, fee money.Fen
	from       ledger.Account
	moved      bool
	early      bool // taken of its order before that was settled
}

func newPure(upgraded bool) *pure {
	return &pure{upgraded: upgraded, stands: map[ledger.Account]money.Fen{}, orders: map[string]*pureOrder{}, refunds: map[string]*pureRefund{}}
}

// late is the account that gives and takes what belongs to no open order.
func (p *pure) late() ledger.Account {
	if p.upgraded {
		return ledger.Basic
	}
	return ledger.Unsettled
}

// move changes an account; what a forced debit lacks is owed, and a merchant's income repays it first.
func (p *pure) move(a ledger.Account, by money.Fen) {
	p.stands[a] += by
	if a.Bounded() && p.stands[a] < 0 {
		p.stands[ledger.Due] += p.stands[a]
		p.stands[a] = 0
	}
}

// transfer is one move of the books: what it brings the merchant repays what is owed.
func (p *pure) transfer(moves func()) {
	before := p.stands[p.late()]
	moves()
	if p.stands[p.late()] <= before {
		return
	}
	back := min(-p.stands[ledger.Due], p.stands[p.late()])
	p.stands[ledger.Due] += back
	p.stands[p.late()] -= back
}

func (p *pure) order(id string) *pureOrder {
	if p.orders[id] == nil {
		p.orders[id] = &pureOrder{}
	}
	return p.orders[id]
}

// earn tells an order. One that is told again as revoked goes back unless it is settled.
func (p *pure) earn(id string, brings money.Fen, rate money.Rate, revoked bool) {
	o := p.order(id)
	if o.told {
		if revoked && !o.revoked && !o.settled {
			o.revoked = true
			p.transfer(func() { p.revoke(id, o.brings) })
		}
		return
	}
	*o = pureOrder{told: true, revoked: revoked, brings: brings, rate: rate}
	p.transfer(func() {
		p.move(ledger.Channel, -brings)
		p.move(ledger.Unsettled, brings)
	})
	if revoked {
		p.transfer(func() { p.revoke(id, brings) })
	}
}

// revoke takes back what an order's refunds took before, and gives the order back.
func (p *pure) revoke(id string, brings money.Fen) {
	var late, fees money.Fen
	for _, r := range p.refunds {
		if r.of != id || !r.moved || r.state == bill.RefundFail {
			continue
		}
		from := ledger.Channel
		if r.state != bill.RefundSuccess && r.state != bill.RefundProcessing {
			from = ledger.InRefund
		}
		p.move(from, -r.share)
		r.moved = false
		if r.early {
			p.move(ledger.Unsettled, r.share)
		} else {
			late, fees = late+r.share, fees+r.fee
		}
	}
	p.move(p.late(), late)
	p.move(p.late(), -fees)
	p.move(ledger.FeeIncome, fees)
	p.move(ledger.Unsettled, -brings)
	p.move(ledger.Channel, brings)
}

// give tells a refund. One that failed and is larger than what all of the file leaves of its open order moves nothing.
func (p *pure) give(row bill.Row, later money.Fen) {
	if p.refunds[row.RefundID] != nil {
		return
	}
	o := p.order(row.TransactionID)
	r := &pureRefund{of: row.TransactionID, state: row.RefundState, share: row.Refund}
	p.refunds[row.RefundID] = r
	if o.revoked {
		return
	}
	if o.told && !o.settled && p.upgraded && r.state == bill.RefundFail && r.share > o.brings-o.given-later {
		return
	}
	r.moved, r.from = true, ledger.Unsettled
	if r.early = o.told && !o.settled; !r.early {
		r.from, r.fee = p.late(), -row.Fee.Round()
	} else if r.state != bill.RefundFail {
		o.given += r.share
	}
	p.move(ledger.FeeIncome, -r.fee)
	p.stands[r.from] += r.fee
	p.move(r.from, -r.share)
	switch r.state {
	case bill.RefundSuccess, bill.RefundProcessing:
		p.move(ledger.Channel, r.share)
	case bill.RefundFail:
		p.transfer(func() {
			p.move(r.from, r.share-r.fee)
			p.move(ledger.FeeIncome, r.fee)
		})
	default:
		p.move(ledger.InRefund, r.share)
	}
}

// read tells a file: its orders, then its refunds.
func (p *pure) read(rows []bill.Row) {
	for _, r := range rows {
		if !r.IsRefund() {
			p.earn(r.TransactionID, r.Settlement, r.Rate, r.TradeState == bill.StateRevoked)
		}
	}
	for _, r := range rows {
		if r.IsRefund() {
			p.give(r, p.later(r, rows))
		}
	}
}

// later is what a file's refunds of the order take that are not told yet.
func (p *pure) later(row bill.Row, rows []bill.Row) (sum money.Fen) {
	seen := map[string]bool{}
	for _, r := range rows {
		if r.IsRefund() && r.TransactionID == row.TransactionID && r.RefundState != bill.RefundFail && p.refunds[r.RefundID] == nil && !seen[r.RefundID] {
			seen[r.RefundID], sum = true, sum+r.Refund
		}
	}
	return sum
}

// settle settles every open order.
func (p *pure) settle() {
	var fees money.Fen
	var open []*pureOrder
	for _, o := range p.orders {
		if o.told && !o.revoked && !o.settled {
			open, fees = append(open, o), fees+o.rate.Of(o.brings-o.given)
		}
	}
	if !p.upgraded && p.stands[ledger.Unsettled] < fees {
		return
	}
	for _, o := range open {
		o.settled = true
		if rest := o.brings - o.given; p.upgraded && rest > 0 {
			p.transfer(func() {
				p.move(ledger.Unsettled, -rest)
				p.move(ledger.Basic, rest-o.rate.Of(rest))
				p.move(ledger.FeeIncome, o.rate.Of(rest))
			})
		}
	}
	if !p.upgraded && len(open) > 0 {
		p.move(ledger.InSettle, p.stands[ledger.Unsettled]-fees)
		p.move(ledger.FeeIncome, fees)
		p.stands[ledger.Unsettled] = 0
	}
}

// equal compares with the books.
func (p *pure) equal(books map[ledger.Account]money.Fen) bool {
	nothing := func(_ ledger.Account, f money.Fen) bool { return f == 0 }
	mine, theirs := maps.Clone(p.stands), maps.Clone(books)
	maps.DeleteFunc(mine, nothing)
	maps.DeleteFunc(theirs, nothing)
	return maps.Equal(mine, theirs)
}

// notice is the channel's word of an order of a bill.
func notice(merchant int64, r bill.Row) trade.Paid {
	return trade.Paid{MerchantID: merchant, TransactionID: r.TransactionID, OutTradeNo: r.OutTradeNo, Total: r.Total, SettlementTotal: r.Settlement,
		Coupon: r.Coupon, SuccessTime: r.Time, TradeType: r.TradeType}
}

// deal gives rows to n files, some of them twice.
func (g *dice) deal(rows []bill.Row, n int) [][]bill.Row {
	files := make([][]bill.Row, n)
	for _, r := range rows {
		for range 1 + g.IntN(6)/5 {
			f := g.IntN(n)
			files[f] = append(files[f], r)
		}
	}
	for _, f := range files {
		g.Shuffle(len(f), func(i, j int) { f[i], f[j] = f[j], f[i] })
	}
	return slices.DeleteFunc(files, func(f []bill.Row) bool { return len(f) == 0 })
}
