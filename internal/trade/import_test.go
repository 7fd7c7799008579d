package trade_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
)

var samples = []struct {
	name     string
	merchant int64
}{
	{"1230000001-2026-11-20", provider}, {"1900000109-2026-11-18", noodles}, {"1900000109-2026-11-19", noodles},
	{"1900000109-2026-11-20", noodles}, {"1900000208-2026-11-16-SUCCESS", store}, {"1900000208-2026-11-16-REFUND", store},
	{"1900000208-2026-11-18", store}, {"1900000208-2026-11-19", store}, {"1900000208-2026-11-20", store},
	{"1900000307-2026-11-19-empty", gym}, {"1900000307-2026-11-20", gym},
}

func TestEverySampleIsBookedAndTheSecondTimeNothingIs(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	var trades, refunds, stubs int64
	for _, s := range samples {
		p := imported(t, d, s.merchant, sample(t, s.name))
		if p.NewTrades != p.Orders || p.NewRefunds != p.Refunds || p.Own != p.File || p.FeeDifference != 0 {
			t.Errorf("%s: %+v", s.name, p)
		}
		trades, refunds, stubs = trades+p.NewTrades, refunds+p.NewRefunds, stubs+p.Stubs
	}
	if trades != 14619 || refunds != 421 || stubs != 14 {
		t.Errorf("%d orders, %d refunds, %d stubs", trades, refunds, stubs)
	}
	if n := count(t, d, "trades"); n != trades+stubs {
		t.Errorf("%d orders in the books", n)
	}
	sound(t, d)
	before := dump(t, d)
	for _, s := range samples {
		p := imported(t, d, s.merchant, sample(t, s.name))
		if p.NewTrades+p.NewRefunds+p.Stubs+p.Filled != 0 || p.KnownTrades != p.Orders || p.KnownRefunds != p.Refunds {
			t.Errorf("%s again: %+v", s.name, p)
		}
	}
	if dump(t, d) != before {
		t.Error("importing again changed the books")
	}
}

func TestTheOrderOfFilesMakesNoDifference(t *testing.T) {
	t.Parallel()
	forward, backward := dbtest.Clone(t), dbtest.Clone(t)
	cast(t, forward)
	cast(t, backward)
	var filled int64
	for i := range samples {
		last := samples[len(samples)-1-i]
		imported(t, forward, samples[i].merchant, sample(t, samples[i].name))
		filled += imported(t, backward, last.merchant, sample(t, last.name)).Filled
	}
	sound(t, backward)
	if filled == 0 {
		t.Error("no stub was filled")
	}
	if dump(t, forward) != dump(t, backward) {
		t.Error("the books differ")
	}
}

func TestAServiceProvidersFileIsBookedToItsSubMerchants(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	p := imported(t, d, provider, sample(t, "1230000001-2026-11-20"))
	if len(p.Merchants) != 3 || p.Merchants[0].Merchant != tea || p.Merchants[0].Orders+p.Merchants[0].Refunds != 515 {
		t.Errorf("by merchant: %+v", p.Merchants)
	}
	if n := count(t, d, "trades WHERE merchant_id = $1 AND sp_mchid = $2", tea, provider); n != p.Merchants[0].Orders {
		t.Errorf("%d orders with the sub-merchant", n)
	}
}

func TestARefusedFileLeavesNothingAndSaysTheLine(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	small := sample(t, "1900000307-2026-11-20")
	imported(t, d, gym, small)
	before := dump(t, d)
	sp := sample(t, "1230000001-2026-11-20")
	for name, c := range map[string]struct {
		merchant int64
		file     []byte
		want     string
	}{
		"another merchant's file":                 {noodles, small, "trade.bill_other_merchant@2"},
		"a provider's file for a direct":          {noodles, sp, "trade.bill_other_merchant@2"},
		"a direct file for a provider":            {provider, small, "trade.bill_other_merchant@2"},
		"a stranger's sub-merchant":               {provider, bytes.ReplaceAll(sp, []byte("`1230000103"), []byte("`1230000999")), "trade.bill_sub_merchant@3"},
		"the provider's file for one of its subs": {tea, sp, "trade.bill_sub_merchant@3 trade.bill_sub_merchant@6"},
		"a known order with another amount":       {gym, replace(small, "`31.55,`0.00,`\r\n", "`31.56,`0.00,`\r\n", "`1952.10", "`1952.11"), "trade.conflict_amount@2"},
		"a known order with another order number": {gym, replace(small, "030720261120093636000028", "X30720261120093636000028"), "trade.conflict_order_number@2"},
		"an order number of another order":        {gym, replace(small, "4200069489283482686204662652", "4200069489283482686204662650"), "trade.conflict_order_taken@2"},
		"a known refund with another amount":      {gym, replace(small, "`5.54,`0.00,`ORIGINAL", "`5.53,`0.00,`ORIGINAL", "`5.54,`0.00,`19.4", "`5.53,`0.00,`19.4"), "trade.conflict_refund@32"},
		"a refund number of another refund":       {gym, replace(small, "50300098472742017741815996259", "50300098472742017741815996250"), "trade.conflict_refund_taken@32"},
		"GBK":                                     {gym, []byte("\xbd\xbb\xd2\xd7\xca\xb1\xbc\xe4,\xc9\xcc\r\n"), "trade.bill_gbk@1"},
		"cut":                                     {gym, small[:4000], "trade.bill_fields@15 trade.bill_truncated@15"},
	} {
		i, err := importFile(t.Context(), d, c.merchant, c.file)
		if !fault.Is(err, "trade.file_refused") || i.State != trade.Refused {
			t.Errorf("%s: %v, %s", name, err, i.State)
		}
		if got := strings.Join(faultsOf(i), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if dump(t, d) != before {
			t.Fatalf("%s left something behind", name)
		}
		kept, err := trade.GetImport(t.Context(), d.PG(), member(c.merchant), i.ID)
		if err != nil || kept.State != trade.Refused || len(kept.Report.Faults) == 0 {
			t.Errorf("%s: the import is kept as %+v, %v", name, kept, err)
		}
	}
	if n := count(t, d, "audit_rows WHERE action = 'trade.import' AND outcome = 'refused'"); n != 12 {
		t.Errorf("%d refusals in the audit log", n)
	}
}

// replace changes a file; each old text must stand in it.
func replace(file []byte, pairs ...string) []byte {
	for i := 0; i < len(pairs); i += 2 {
		if !bytes.Contains(file, []byte(pairs[i])) {
			panic("the file has no " + pairs[i])
		}
		file = bytes.Replace(file, []byte(pairs[i]), []byte(pairs[i+1]), 1)
	}
	return file
}

func TestTwoImportsOfOneFileAtOnceBookItOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	file := sample(t, "1230000001-2026-11-20")
	var wait sync.WaitGroup
	reports := make([]trade.Report, 4)
	for n := range reports {
		wait.Go(func() {
			i, err := importFile(t.Context(), d, provider, file)
			if err != nil {
				t.Errorf("import %d: %v", n, err)
			}
			reports[n] = i.Report
		})
	}
	wait.Wait()
	var trades, refunds int64
	for _, p := range reports {
		trades, refunds = trades+p.NewTrades, refunds+p.NewRefunds
	}
	if trades != 1500 || refunds != 41 {
		t.Errorf("%d orders and %d refunds booked in all", trades, refunds)
	}
	sound(t, d)
}
