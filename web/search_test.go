package web

import (
	"net/url"
	"strings"
	"testing"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
)

func TestANumberOpensWhatItBelongsTo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20")
	c := p.signedIn(storeOwner)
	no := p.refundedOrder(store)
	var own, refund, ownRefund string
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT t.out_trade_no, r.refund_id, r.out_refund_no FROM trades t
		JOIN bill_refunds r USING (merchant_id, transaction_id) WHERE transaction_id = $1 ORDER BY r.refund_id LIMIT 1`, no).Scan(&own, &refund, &ownRefund))
	for _, text := range []string{no, own, " " + own + " "} {
		c.do("GET", "/search?q="+url.QueryEscape(text), nil).leads("/trades/" + no).within(3)
	}
	for _, text := range []string{refund, ownRefund} {
		c.do("GET", "/search?q="+url.QueryEscape(text), nil).leads("/trades/" + no + "#refund-" + refund)
	}
}

func TestSeveralThingsOrNoneAreAPage(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20")
	c := p.signedIn(storeOwner)
	c.get("/search").is(200).within(2).has("#search-q").lacks("tbody tr").lacks(".empty")
	c.get("/search?q=00000000000000").is(200).within(3).reads(".empty", "没有找到“00000000000000”")
	c.get("/search?q="+url.QueryEscape("<b>单号</b>")).is(200).reads(".empty", "没有找到“<b>单号</b>”").lacks("main b")
	long := strings.Repeat("9", 65)
	if a := c.get("/search?q="+long).is(422).reads(".field .err", "最多 64 个字符"); a.value("search-q") != long {
		t.Error("the typed text is lost")
	}
	no := p.refundedOrder(store)
	p.signedIn(noodlesOwner).get("/search?q="+no).is(200).reads(".empty", "没有找到")
}

func TestATopUpIsFoundByItsNumberAndTheBanks(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	no := p.topUpOf(store)
	c := p.signedIn(storeOwner)
	c.do("GET", "/search?q="+no, nil).leads("/funds/top-ups/" + no).within(3)
	var bank string
	must(t, p.db.PG().QueryRow(t.Context(), "SELECT transfer_no FROM topups WHERE merchant_id = $1 AND transfer_no <> '' LIMIT 1", int64(store)).Scan(&bank))
	c.do("GET", "/search?q="+bank, nil).leads("/funds/top-ups/" + no)
	p.signedIn(noodlesOwner).get("/search?q="+no).is(200).reads(".empty", "没有找到")
}

func TestAMerchantNumberOpensItsOrders(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	head := p.signedIn(providerHead)
	head.do("GET", "/search?q=1230000101", nil).leads("/trades?sub_mchid=1230000101").within(3)
	head.do("GET", "/search?q=1230000001", nil).leads("/")
	head.get("/search?q=1900000208").is(200).reads(".empty", "没有找到")
	p.signedIn(teaOwner).get("/search?q=1230000102").is(200).reads(".empty", "没有找到")
}

func TestAPaymentIsFoundByBothItsNumbers(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	no := p.paymentOf(store)
	c := p.signedIn(storeOwner)
	for _, text := range []string{no, "B1"} {
		c.do("GET", "/search?q="+text, nil).leads("/marketing/transfers/" + no).within(3)
		p.signedIn(noodlesOwner).get("/search?q="+text).is(200).reads(".empty", "没有找到")
	}
}

func TestAFlowNumberOpensItsTransfer(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 100, "found")
	day := clock.DayOf(p.clock.Now())
	no := ledger.FlowNo(store, ledger.Basic, day, 1)
	c := p.signedIn(storeOwner)
	c.do("GET", "/search?q="+no, nil).leads("/funds/flow/" + no).within(3)
	c.get("/search?q="+ledger.FlowNo(store, ledger.Basic, day, 2)).is(200).reads(".empty", "没有找到")
	p.signedIn(noodlesOwner).get("/search?q="+no).is(200).reads(".empty", "没有找到")
}
