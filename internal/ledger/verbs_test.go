package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// verbs makes random moves of money, such as the product makes and such as it never will.
type verbs struct {
	*rand.Rand
	made int
	past []ledger.Transfer
}

var everyAccount = []ledger.Account{
	ledger.Unsettled, ledger.Available, ledger.Basic, ledger.Operation, ledger.Fees, ledger.InRefund, ledger.InWithdraw, ledger.InSettle,
	ledger.InPacket, ledger.InTransfer, ledger.Channel, ledger.Bank, ledger.FeeIncome, ledger.Suspense, ledger.Frozen("S1"), ledger.Frozen("S2"),
}

// next is a transfer of a merchant whose own account is pay.
func (v *verbs) next(merchant int64, pay ledger.Account) ledger.Transfer {
	if len(v.past) > 0 && v.IntN(12) == 0 { // one that was asked for before, perhaps otherwise
		t := v.past[v.IntN(len(v.past))]
		if v.IntN(2) == 0 {
			t.Legs = v.event(pay)
		}
		return t
	}
	v.made++
	t := ledger.Transfer{Merchant: merchant, Kind: ledger.Kind([]string{"trade", "refund", "topup", "move"}[v.IntN(4)]),
		Key: fmt.Sprint("K", v.made), BusinessNo: fmt.Sprintf("50000407%012d", v.made), Applicant: "system", Note: v.note()}
	if v.IntN(2) == 0 {
		t.VoucherNo = fmt.Sprint("V", v.made)
	}
	if v.IntN(3) == 0 {
		t.Legs = v.anything()
	} else {
		t.Legs = v.event(pay)
	}
	if len(v.past) < 5000 {
		v.past = append(v.past, t)
	} else {
		v.past[v.IntN(len(v.past))] = t
	}
	return t
}

func (v *verbs) note() string {
	return []string{"", "", "退款 原因", "a,b`c", "two\nlines\r", "\x01", strings.Repeat("长", 300)}[v.IntN(7)]
}

// event is one of the product's own events.
func (v *verbs) event(pay ledger.Account) []ledger.Leg {
	x := money.Fen(v.Int64N(20_000))
	if v.IntN(50) == 0 {
		x *= 1_000_000
	}
	part := money.Fen(0)
	if x > 0 {
		part = money.Fen(v.Int64N(int64(x)))
	}
	force := v.IntN(4) == 0
	switch v.IntN(10) {
	case 0, 1, 2:
		return []ledger.Leg{{Account: ledger.Channel, Amount: -x}, {Account: ledger.Unsettled, Amount: x, Row: ledger.RowTrade}}
	case 3: // settled, its fee taken
		return []ledger.Leg{{Account: ledger.Unsettled, Amount: -x, Row: ledger.RowSettle}, {Account: pay, Amount: x, Row: ledger.RowTrade},
			{Account: pay, Amount: -part, Row: ledger.RowTradeFee}, {Account: ledger.FeeIncome, Amount: part, Row: ledger.RowFeeCharged}}
	case 4: // refunded, its fee given back
		return []ledger.Leg{{Account: ledger.FeeIncome, Amount: -part, Row: ledger.RowFeeReturned}, {Account: pay, Amount: part, Row: ledger.RowRefundFee},
			{Account: pay, Amount: -x, Row: ledger.RowRefund, Force: force}, {Account: ledger.InRefund, Amount: x}}
	case 5:
		return []ledger.Leg{{Account: ledger.Unsettled, Amount: -x, Row: ledger.RowRefund, Force: force}, {Account: ledger.InRefund, Amount: x}}
	case 6:
		return []ledger.Leg{{Account: ledger.InRefund, Amount: -x}, {Account: ledger.Channel, Amount: x}}
	case 7:
		return []ledger.Leg{{Account: ledger.Bank, Amount: -x}, {Account: pay, Amount: x, Row: ledger.RowTopUp}}
	case 8:
		return []ledger.Leg{{Account: pay, Amount: -x, Row: ledger.RowBudgetFrozen}, {Account: ledger.Frozen(fmt.Sprint("N", v.IntN(20))), Amount: x}}
	default:
		return []ledger.Leg{{Account: pay, Amount: -x, Row: ledger.RowWithdraw}, {Account: ledger.InWithdraw, Amount: x}}
	}
}

// anything are legs between any accounts that come to nothing.
func (v *verbs) anything() (legs []ledger.Leg) {
	var sum money.Fen
	n := 1 + v.IntN(5)
	if v.IntN(100) == 0 {
		n = 1 + v.IntN(120)
	}
	for i := range n + 1 {
		x := money.Fen(v.Int64N(3000)) - 1500
		if i == n {
			x = -sum
		}
		sum += x
		l := ledger.Leg{Account: everyAccount[v.IntN(len(everyAccount))], Amount: x, Force: x < 0 && v.IntN(4) == 0}
		if rows := ledger.RowTypes(); l.Account.Shown() || l.Account == ledger.FeeIncome || v.IntN(9) == 0 {
			l.Row = rows[v.IntN(len(rows))]
		}
		legs = append(legs, l)
	}
	return legs
}
