package trade

import (
	"strconv"

	"zhanggui/internal/merchant"
	"zhanggui/internal/trade/bill"
)

// target is the merchant a file is imported for, and whose rows it may hold.
type target struct {
	merchant int64
	provider int64          // set when rows stand under a service provider's number
	subs     map[int64]bool // a service provider's own
}

// aim decides what rows a merchant's file may hold: a direct merchant's its own; a service provider's
// those of its sub-merchants; a sub-merchant's those its provider placed for it.
func aim(m merchant.Merchant, children []merchant.Merchant) target {
	t := target{merchant: m.ID}
	switch m.Kind {
	case merchant.ServiceProvider:
		t.provider = m.ID
		t.subs = make(map[int64]bool, len(children))
		for _, c := range children {
			t.subs[c.ID] = true
		}
	case merchant.SubMerchant:
		t.provider = m.Parent
		t.subs = map[int64]bool{m.ID: true}
	}
	return t
}

// place says whose order the row is. code is why it is nobody's here, subject the number at fault.
func (t *target) place(r *bill.Row) (owner, provider int64, code, subject string) {
	switch {
	case t.provider == 0 && r.MchID == t.merchant && r.SubMchID == 0:
		return t.merchant, 0, "", ""
	case t.provider == 0 && r.MchID == t.merchant:
		return 0, 0, "trade.bill_sub_merchant", strconv.FormatInt(r.SubMchID, 10)
	case t.provider != 0 && r.MchID == t.provider && t.subs[r.SubMchID]:
		return r.SubMchID, t.provider, "", ""
	case t.provider != 0 && r.MchID == t.provider:
		return 0, 0, "trade.bill_sub_merchant", strconv.FormatInt(r.SubMchID, 10)
	default:
		return 0, 0, "trade.bill_other_merchant", strconv.FormatInt(r.MchID, 10)
	}
}
