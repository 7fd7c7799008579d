package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/operations"
)

// opensOperation opens the store's operations account as the product centre does.
func (p *portal) opensOperation() {
	p.t.Helper()
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		return ledger.OpenAccount(p.t.Context(), tx, store, ledger.Operation, p.clock.Now())
	}))
}

func TestAMemberMovesMoneyAndThePreviewSaysHowTheAccountsWillStand(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	c.get("/funds/transfers/new").is(200).within(3).reads(".empty", "运营账户还没有开通")
	c.get("/products/operation_account/account").is(200).at("/products/operation_account")
	p.opensOperation()
	p.topsUp(store, ledger.Basic, 1_000_000, "1")
	c.get("/funds/transfers").is(200).within(3).reads(".empty", "还没有划拨过").has("nav.side a[href=/funds/transfers][aria-current=page]")
	c.get("/funds/transfers/new?direction=to_basic").is(200).has("input[name=direction][value=to_basic][checked]").reads(".facts dd", "10,000.00 元")
	c.get("/funds/transfers/preview").is(200).at("/funds/transfers/new")
	bad := c.get("/funds/transfers/preview?direction=x&amount=1.234").is(422).has(".banner-fail a[href=#direction]").has("#amount[aria-invalid=true]")
	if bad.value("amount") != "1.234" {
		t.Error("the text is lost")
	}
	preview := c.get("/funds/transfers/preview?direction=to_operation&amount=6,000.00&note=备用").is(200).within(3)
	preview.reads("td.num", "4,000.00").says("6,000.00", "备用", "还没有扣款")
	asked := c.submit(preview).is(200).says("基本账户划入运营账户", "6,000.00 元", "备用")
	p.confirmedBy(storeFinance, asked).is(200).reads("h1", "已确认并执行")
	var list listing[moveWire]
	must(t, json.Unmarshal([]byte(c.do(http.MethodGet, "/funds/transfers.json", nil).is(200).body), &list))
	if len(list.Rows) != 1 || list.Rows[0].Amount != 600_000 || list.Rows[0].From != "BASIC" || list.Rows[0].To != "OPERATION" || list.Rows[0].FromFlowNo == "" {
		t.Fatalf("%+v", list.Rows)
	}
	no := list.Rows[0].No
	page := c.get("/funds/transfers/"+no).is(200).within(3).reads(".tag", "已完成").has(".copy").says("6,000.00", "caiwu01@1900000208")
	page.has("a[href=/funds/flow/" + list.Rows[0].FromFlowNo + "]").has("a[href=/funds/flow/" + list.Rows[0].ToFlowNo + "]")
	c.get("/funds/flow/" + list.Rows[0].FromFlowNo).is(200).has("a[href=/funds/transfers/" + no + "]")
	c.get("/search?q=" + no).is(200).at("/funds/transfers/" + no)
	c.get("/funds/transfers?no="+no+"&direction=to_operation").is(200).within(3).reads("tbody td", "6,000.00")
	c.get("/funds/transfers?direction=to_basic").is(200).reads(".empty", "没有符合条件的划拨")
	c.get("/funds/transfers?from=x&direction=y&cursor=z").is(422)
	if csv := c.do(http.MethodGet, "/funds/transfers.csv", nil).is(200); !strings.Contains(csv.body, no) || !strings.Contains(csv.body, "6000.00") {
		t.Error(csv.body)
	}
	p.signedIn(storeReader).get("/funds/transfers").is(200).lacks("a[href=/funds/transfers/new]")
	p.signedIn(storeReader).get("/funds/transfers/new").is(403)
	p.signedIn(noodlesOwner).get("/funds").is(200).lacks("nav.side a[href=/funds/transfers]")
}

func TestAShortAccountIsNamedWithTheWaysOut(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.opensOperation()
	p.topsUp(store, ledger.Basic, 100_000, "1")
	c := p.signedIn(storeFinance)
	short := c.get("/funds/transfers/preview?direction=to_basic&amount=5").is(422)
	short.reads(".banner-fail b", "运营账户余额不足：现有 0.00 元，还差 5.00 元").has(".banner-fail a[href=/funds/top-ups/new?account=OPERATION]").says("没有划拨。可以少划一些，或先充值")
	c.get("/funds/transfers/preview?direction=to_operation&amount=1000.01").is(422).reads(".banner-fail b", "基本账户余额不足：现有 1,000.00 元，还差 0.01 元")
	c.get("/funds/top-ups/new?account=OPERATION").is(200).has("input[name=account][value=OPERATION][checked]")
}

func TestTheOperationsAccountShowsWhatWasSpent(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.opensOperation()
	p.topsUp(store, ledger.Basic, 100_000, "1")
	p.topsUp(store, ledger.Operation, 500_000, "2")
	p.books(ledger.Transfer{Merchant: store, Kind: "payment", Key: "1", BusinessNo: "1", Applicant: "x", Legs: []ledger.Leg{
		{Account: ledger.Operation, Amount: -123_400, Row: ledger.RowPayment}, {Account: ledger.InTransfer, Amount: 123_400}}})
	page := p.signedIn(storeFinance).get("/products/operation_account/account").is(200).within(3)
	page.reads("h1", "运营账户").reads(".figures .main", "3,766.00").reads("tbody th", "企业付款").reads("tbody td", "1,234.00").says("不会动用基本账户").
		has("a[href=/funds/transfers/new?direction=to_operation]").has("a[href=/funds/top-ups/new?account=OPERATION]").
		has("nav.side a[href=" + operations.AccountPath + "][aria-current=page]")
	p.signedIn(storeReader).get(operations.AccountPath).is(200).lacks("a[href=/funds/transfers/new?direction=to_operation]")
}
