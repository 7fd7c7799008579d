package bill

import (
	"strconv"
	"strings"

	"zhanggui/internal/money"
)

// Totals are a file's sums. Every row counts in every sum with what its columns say: orders,
// revoked orders and refunds in whatever state, failed ones too. Fees of refunds are negative.
type Totals struct {
	Count        int64
	Settlement   money.Fen
	Refund       money.Fen
	CouponRefund money.Fen
	Fee          Fee
	Total        money.Fen
	RefundAsked  money.Fen
}

// Add counts a row in. RowsMax rows of AmountMax stay far inside int64.
func (t *Totals) Add(r *Row) {
	t.Count++
	t.Settlement += r.Settlement
	t.Refund += r.Refund
	t.CouponRefund += r.CouponRefund
	t.Fee += r.Fee
	t.Total += r.Total
	t.RefundAsked += r.RefundAsked
}

type sum int

const (
	sumCount sum = iota
	sumSettlement
	sumRefund
	sumCouponRefund
	sumFee
	sumTotal
	sumRefundAsked
	sumKinds
)

// sumNames as columnNames: present first, then earlier years'.
var sumNames = [sumKinds][]string{
	sumCount:        {"总交易单数"},
	sumSettlement:   {"应结订单总金额", "总交易额"},
	sumRefund:       {"退款总金额", "总退款金额"},
	sumCouponRefund: {"充值券退款总金额", "总代金券或立减优惠退款金额", "总企业红包退款金额"},
	sumFee:          {"手续费总金额"},
	sumTotal:        {"订单总金额"},
	sumRefundAsked:  {"申请退款总金额"},
}

var sumByName = func() map[string]sum {
	all := map[string]sum{}
	for s, names := range sumNames {
		for _, name := range names {
			all[name] = sum(s)
		}
	}
	return all
}()

func (t *Totals) text(s sum) string {
	return [...]string{
		sumCount:        strconv.FormatInt(t.Count, 10),
		sumSettlement:   t.Settlement.Plain(),
		sumRefund:       t.Refund.Plain(),
		sumCouponRefund: t.CouponRefund.Plain(),
		sumFee:          t.Fee.String(),
		sumTotal:        t.Total.Plain(),
		sumRefundAsked:  t.RefundAsked.Plain(),
	}[s]
}

// summary is the file's own last line.
type summary struct {
	Totals
	has [sumKinds]bool
}

// isSummary tells the summary's header from a row.
func isSummary(line string) bool { return strings.HasPrefix(line, sumNames[sumCount][0]) }

// readSummary reads the last line under its header. bad names a column that cannot be read.
func readSummary(head []string, fields []string) (s summary, bad string) {
	for i, name := range head {
		kind, known := sumByName[strings.Trim(strings.TrimSpace(name), "`")]
		if !known {
			continue
		}
		if i >= len(fields) || !s.set(kind, fields[i]) {
			return s, name
		}
		s.has[kind] = true
	}
	if !s.has[sumCount] || !s.has[sumFee] {
		return s, sumNames[sumCount][0]
	}
	return s, ""
}

func (s *summary) set(kind sum, text string) bool {
	var err error
	switch kind {
	case sumCount:
		count, _, _ := strings.Cut(text, ".") // some years write 17.0
		var n money.Fen
		n, err = money.Parse(count)
		s.Count = int64(n) / 100
	case sumFee:
		s.Fee, err = parseFee(text, feeSumMax)
	default:
		*s.amount(kind), err = money.Parse(text)
	}
	return err == nil
}

func (s *summary) amount(kind sum) *money.Fen {
	return [...]*money.Fen{sumSettlement: &s.Settlement, sumRefund: &s.Refund,
		sumCouponRefund: &s.CouponRefund, sumTotal: &s.Total, sumRefundAsked: &s.RefundAsked, sumKinds: nil}[kind]
}

// differences lists the sums on which file and rows disagree. Where rows carry fees finer than fen,
// the file may have rounded each of them: up to half a fen a row is shown, not refused.
func (s *summary) differences(own *Totals, finerRows int64) []sum {
	var differ []sum
	for kind := range sumKinds {
		if !s.has[kind] || own.text(kind) == s.text(kind) {
			continue
		}
		if kind == sumFee && max(own.Fee-s.Fee, s.Fee-own.Fee) <= Fee(finerRows)*perFen/2 {
			continue
		}
		differ = append(differ, kind)
	}
	return differ
}
