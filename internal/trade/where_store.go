package trade

import (
	"fmt"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/trade/bill"
)

// clause is a WHERE under construction. Its parts are fixed texts of this package; values only ever
// become parameters.
type clause struct {
	parts []string
	args  []any
}

func (c *clause) arg(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d", len(c.args))
}

// and adds a part; each ? becomes the next value's parameter.
func (c *clause) and(part string, values ...any) {
	for _, v := range values {
		part = strings.Replace(part, "?", c.arg(v), 1)
	}
	c.parts = append(c.parts, part)
}

func (c *clause) String() string { return strings.Join(c.parts, " AND ") }

// whose limits rows of the table to those the scope may read: a merchant's own, or the orders a
// service provider placed for its sub-merchants (sub narrows them to one).
func (c *clause) whose(table string, s access.Scope, sub int64) {
	switch {
	case !s.Provider():
		c.and(table+".merchant_id = ?", s.Merchant())
		if sub != 0 && sub != s.Merchant() {
			c.and("false")
		}
	case sub != 0:
		c.and(table+".merchant_id = ?", sub)
		c.and(table+".sp_mchid = ?", s.Merchant())
	default:
		c.and(table+".sp_mchid = ?", s.Merchant())
		c.and(table + ".sp_mchid <> 0") // the index is of these rows only, whatever the parameter is
	}
}

// filtered limits trades to the filter.
func filtered(s access.Scope, f Filter) *clause {
	c := &clause{}
	c.whose("t", s, f.SubMchID)
	if f.From != "" {
		c.and("t.success_time >= ?", f.From.Start())
	}
	if f.To != "" {
		c.and("t.success_time < ?", f.To.Next().Start())
	}
	switch f.State {
	case "":
	case PaidState:
		c.and(isPaid)
	case StubState:
		c.and("t.stub")
	case bill.StateSuccess:
		c.and("t.trade_state = 'SUCCESS' AND NOT t.stub")
	default:
		c.and("t.trade_state = ? AND t.trade_state <> 'SUCCESS' AND NOT t.stub", f.State) // as the index says it
	}
	if f.Type != "" {
		c.and("t.trade_type = ?", f.Type)
	}
	if f.Min != nil {
		c.and("t.total >= ?", int64(*f.Min))
	}
	if f.Max != nil {
		c.and("t.total <= ?", int64(*f.Max))
	}
	if f.Number != "" {
		c.and("(t.merchant_id, t.transaction_id) IN (" + c.numbered(s, f.Number) + ")")
	}
	return c
}

// numbered finds orders by any of their numbers, each through its own index. A service provider's
// orders lie with its sub-merchants, so their numbers lead.
func (c *clause) numbered(s access.Scope, number string) string {
	owner := "= "
	if s.Provider() {
		owner = "IN (SELECT merchant_id FROM merchants WHERE parent_mchid <> 0 AND parent_mchid = "
	}
	owner += c.arg(s.Merchant())
	if s.Provider() {
		owner += ")"
	}
	is := c.named(number)
	part := func(table, column string) string {
		return "SELECT merchant_id, transaction_id FROM " + table + " WHERE merchant_id " + owner + " AND " + is(column)
	}
	return strings.Join([]string{part("trades", "transaction_id"), part("trades", "out_trade_no"),
		part("bill_refunds", "refund_id"), part("bill_refunds", "out_refund_no")}, " UNION ")
}

// named says in SQL that a column is the number or ends with it; one too short to be an end must be whole.
func (c *clause) named(number string) func(column string) string {
	whole := c.arg(number)
	if len(number) < TailMin {
		return func(column string) string { return column + " = " + whole }
	}
	tail, length := c.arg(number[len(number)-TailMin:]), c.arg(len(number))
	return func(column string) string {
		return fmt.Sprintf("right(%[1]s, %[2]d) = %[3]s AND right(%[1]s, %[4]s) = %[5]s", column, TailMin, tail, length, whole)
	}
}
