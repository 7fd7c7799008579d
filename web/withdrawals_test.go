package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/withdrawal"
)

func TestAWithdrawalIsTypedPreviewedConfirmedAndSeen(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 2_000_000, "1")
	c := p.signedIn(storeFinance)
	c.get("/funds/withdrawals").is(200).within(3).reads(".empty", "还没有提现").has("a[href=/funds/withdrawals/new]").has("nav.side a[href=/funds/withdrawals][aria-current=page]")
	form := c.get("/funds/withdrawals/new").is(200).within(3).says("20,000.00 元", "尾号").has("input[name=account_type][value=BASIC][checked]")
	bad := c.submit(form, "amount", "1.234", "bank_memo", "货款-1", "remark", strings.Repeat("备", 57)).is(422)
	bad.has(".banner-fail a[href=#amount]").has(".banner-fail a[href=#bank_memo]").has(".banner-fail a[href=#remark]")
	if bad.value("amount") != "1.234" || bad.value("bank_memo") != "货款-1" {
		t.Error("the text is lost")
	}
	c.submit(form, "account_type", "BASIC", "amount", "20000.01").is(422).has("#amount[value=20000.01]").says("基本账户余额不足：现有 20,000.00 元，还差 0.01 元")
	if small := c.submit(form, "account_type", "BASIC", "amount", "9,999.99").is(200).reads("td.num", "10,000.01"); strings.Contains(small.body, "大写金额") {
		t.Error("in capitals below 10,000")
	}
	preview := c.submit(form, "account_type", "BASIC", "amount", "10,000", "remark", "周末", "bank_memo", "货款").is(200).within(3)
	preview.reads(".facts dd", "壹万元整").reads(".facts dd", "周末").reads(".facts dd", "货款").reads("td.num", "20,000.00").reads("td.num", "-10,000.00")
	again := c.get(attr(preview.one("form[data-form=main] a.btn"), "href")).is(200)
	if again.value("amount") != "10000.00" || again.value("bank_memo") != "货款" || again.value("remark") != "周末" {
		t.Error("to change it is to type it again")
	}
	asked := c.submit(preview).is(200).says("提现 10,000.00 元到结算银行卡", "壹万元整", "货款")
	p.confirmedBy(storeFinance, asked).is(200).reads("h1", "已确认并执行")
	w := p.oneWithdrawal(c, "")
	if w.Status != "INIT" || w.Amount != 1_000_000 || w.AccountType != "BASIC" || w.OutRequestNo != w.WithdrawID || w.Reason != "" || w.CreateTime == "" {
		t.Fatalf("%+v", w)
	}
	page := c.get("/funds/withdrawals/"+w.WithdrawID).is(200).within(3).reads(".tag", "已创建").says("10,000.00", "caiwu01@1900000208", "壹万元整").lacks("form[action=/funds/withdrawals/" + w.WithdrawID + "/closure]")
	flow := "/funds/flow/" + ledger.FlowNo(store, ledger.Basic, clock.DayOf(p.clock.Now()), 2)
	page.has("a[href=" + flow + "]")
	c.get(flow).is(200).says("提现").has("a[href=/funds/withdrawals/" + w.WithdrawID + "]")
}

// oneWithdrawal is the only one that the JSON twin lists under the query.
func (p *portal) oneWithdrawal(c *client, query string) withdrawalWire {
	p.t.Helper()
	var list listing[withdrawalWire]
	must(p.t, json.Unmarshal([]byte(c.do(http.MethodGet, "/funds/withdrawals.json"+query, nil).is(200).body), &list))
	if len(list.Rows) != 1 {
		p.t.Fatalf("%d rows: %+v", len(list.Rows), list.Rows)
	}
	return list.Rows[0]
}

func TestWithdrawalsAreFoundByWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	no := p.withdrawalOf(store, ledger.Basic)
	c := p.signedIn(storeFinance)
	for _, query := range []string{"", "?status=INIT", "?kind=manual", "?account_type=BASIC", "?no=" + no, "?from=2026-11-22&to=2026-11-22"} {
		if w := p.oneWithdrawal(c, query); w.WithdrawID != no {
			t.Errorf("%q finds %+v", query, w)
		}
		c.get("/funds/withdrawals"+query).is(200).within(3).reads("tbody td", "1.00").has("a[href=/funds/withdrawals/" + no + "]")
	}
	for _, query := range []string{"?status=SUCCESS", "?kind=automatic", "?account_type=OPERATION", "?no=1", "?to=2026-11-21"} {
		c.get("/funds/withdrawals"+query).is(200).within(3).reads(".empty", "没有找到").has(".empty a[href=/funds/withdrawals]")
	}
	bad := c.get("/funds/withdrawals?status=x&kind=y&account_type=FEE_INCOME&from=yesterday&cursor=-1").is(422).lacks("tbody")
	bad.has(".banner-fail a[href=#f-status]").has(".banner-fail a[href=#f-from]")
	c.do(http.MethodGet, "/funds/withdrawals.json?status=x", nil).is(422)
	csv := c.do(http.MethodGet, "/funds/withdrawals.csv?status=INIT", nil).is(200)
	if lines := strings.Split(strings.TrimSpace(csv.body), "\n"); len(lines) != 2 || !strings.Contains(lines[1], no) || !strings.Contains(lines[1], "手动提现") {
		t.Error(csv.body)
	}
	c.get("/search?q=" + no).is(200).at("/funds/withdrawals/" + no)
}

func TestAWithdrawalIsItsMerchantsAndItsReadersAlone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	no := p.withdrawalOf(store, ledger.Basic)
	p.signedIn(noodlesOwner).get("/funds/withdrawals/" + no).is(404)
	p.signedIn(noodlesOwner).get("/funds/withdrawals").is(200).lacks("a[href=/funds/withdrawals/" + no + "]").lacks("a[href=" + withdrawal.AutomaticPath + "]")
	p.signedIn(noodlesOwner).get(withdrawal.AutomaticPath).is(404)
	reader := p.signedIn(storeReader)
	reader.get("/funds/withdrawals/" + no).is(200)
	reader.get("/funds/withdrawals").is(200).lacks("a[href=/funds/withdrawals/new]")
	reader.get("/funds/withdrawals/new").is(403)
	p.opens(p.withdrawals().Product(), store)
	reader.get(withdrawal.AutomaticPath).is(200).lacks("form[data-form=main]").says("没有修改自动提现的权限")
	if a := reader.do(http.MethodPost, "/funds/withdrawals", values("account_type", "BASIC", "amount", "1")); a.status != 403 {
		t.Errorf("a reader withdraws: %d", a.status)
	}
}

func TestWhileTheCardRestsAWithdrawalCanBeTakenBack(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	must(t, p.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := tx.PG().Exec(t.Context(), "UPDATE merchants SET payouts_from = $2 WHERE merchant_id = $1", store, p.clock.Now().Add(24*time.Hour))
		return err
	}))
	no := p.withdrawalOf(store, ledger.Basic)
	c := p.signedIn(storeFinance)
	c.get("/funds/withdrawals/new").is(200).reads(".banner", "刚更换结算银行卡")
	closure := "form[action=/funds/withdrawals/" + no + "/closure]"
	page := c.get("/funds/withdrawals/"+no).is(200).reads(".banner", "刚更换结算银行卡")
	c.post("/funds/withdrawals/"+no+"/closure", "_once", attr(page.one(closure+" input[name=_once]"), "value")).is(200).at("/funds/withdrawals/"+no).reads(".tag", "关单").says("资金已退回基本账户")
	c.post("/funds/withdrawals/"+no+"/closure", "_once", c.get("/funds/withdrawals/new").key()).is(200).lacks(closure)
	if w := p.oneWithdrawal(c, "?status=CLOSE"); w.WithdrawID != no || w.Reason != "商户撤销" {
		t.Errorf("%+v", w)
	}
}

func TestTheMorningsSettingIsConfirmedAndSaysWhatComesOfIt(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 1_000_000, "1")
	c := p.signedIn(storeFinance)
	c.get(withdrawal.AutomaticPath).is(200).within(3).lacks("form[data-form=main]").has("main a[href=/products/auto_withdrawal]").says("还没有开通")
	c.post(withdrawal.AutomaticPath, "status", "on", "retain_amt", "4000", "_once", c.get("/funds/withdrawals/new").key()).is(422).says("请超级管理员先在产品中心开通")
	p.opens(p.withdrawals().Product(), store)
	form := c.get(withdrawal.AutomaticPath).is(200).within(3)
	bad := c.submit(form, "status", "on", "retain_amt", "-1").is(422).has(".banner-fail a[href=#retain_amt]").has("input[name=status][value=on][checked]")
	if bad.value("retain_amt") != "-1" {
		t.Error("the text is lost")
	}
	asked := c.submit(form, "status", "on", "retain_amt", "4000").is(200).says("设置自动提现", "4,000.00 元")
	p.confirmedBy(storeFinance, asked).is(200).reads("h1", "已确认并执行")
	c.get(withdrawal.AutomaticPath).is(200).within(3).has("input[name=status][value=on][checked]").has("#retain_amt[value=4000.00]").
		says("6,000.00", "明天 11-23", "caiwu01@1900000208")
}
