package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/product"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/transfer"
)

// payer is a channel that pays everybody but whom it calls by another name.
type payer struct{}

func (payer) SendPayment(_ context.Context, o transfer.Order) (transfer.Answer, error) {
	if o.Name == "李明" {
		return transfer.Answer{Verdict: transfer.Refused, Code: "NAME_MISMATCH", Reason: "真实姓名不一致"}, nil
	}
	return transfer.Answer{Verdict: transfer.Paid, PaymentNo: "1000" + o.Number, Amount: o.Amount}, nil
}

func (payer) FindPayment(context.Context, string) (transfer.Answer, error) {
	return transfer.Answer{Verdict: transfer.NotFound}, nil
}

func (p *portal) transfersWith(c transfer.Channel) transfer.Deps {
	return transfer.Deps{DB: p.db, Clock: p.clock, Vault: p.parts.Vault, Gate: p.gate, Channel: c}
}

// opensPayments opens the product for a merchant.
func (p *portal) opensPayments(merchant int64) { p.opens(transfer.Product(), merchant) }

// opens opens a product for a merchant.
func (p *portal) opens(d product.Declaration, merchant int64) {
	p.t.Helper()
	_, err := p.db.PG().Exec(p.t.Context(), `INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, opened_at, version, agreement, hash)
		VALUES ($1, 9, $2, 'open', 'system', $3, $3, $4, $5, $6)`, merchant, d.Code, p.clock.Now(), d.Agreement.Version, d.Agreement.Text, d.Agreement.Hash())
	must(p.t, err)
}

// paidToday is what the limits counted of a payee.
func (p *portal) paidToday(merchant int64, openid string, amount money.Fen) {
	p.t.Helper()
	_, err := p.db.PG().Exec(p.t.Context(), `INSERT INTO enterprise_payment_limits (merchant_id, amount, count, due_at, day, openid)
		VALUES ($1, $2, 1, $3, $4::text::date, $5)`, merchant, amount, p.clock.Now(), clock.DayOf(p.clock.Now()), openid)
	must(p.t, err)
}

// paymentOf is a payment of a merchant that waits.
func (p *portal) paymentOf(merchant int64) string {
	p.t.Helper()
	_, err := p.db.PG().Exec(p.t.Context(), `INSERT INTO enterprise_payments (merchant_id, n, amount, made_at, due_at, day, state, paid_from, check_name, number, openid,
			description, address, actor)
		VALUES ($1, 7, 8800, $2, $2, $3::text::date, 'waiting', 'BASIC', 'NO_CHECK', 'B1', 'oPayee1', '报销', '203.0.113.7', 'system') ON CONFLICT DO NOTHING`,
		merchant, p.clock.Now(), clock.DayOf(p.clock.Now()))
	must(p.t, err)
	return transfer.Payment{Merchant: merchant, N: 7, Day: clock.DayOf(p.clock.Now())}.No()
}

// paymentFileOf is a file of a merchant that waits to be confirmed.
func (p *portal) paymentFileOf(merchant int64) string {
	p.t.Helper()
	id := db.NewID()
	_, err := p.db.PG().Exec(p.t.Context(), `INSERT INTO payment_files (merchant_id, id, size, row_count, fault_count, total, uploaded_at, account_id, state, actor, address, file_name, hash)
		VALUES ($1, $2, 10, 1, 0, 100, $3, $2, 'checked', 'system', '203.0.113.7', '十月.csv', repeat('a', 64))`, merchant, id, p.clock.Now())
	must(p.t, err)
	return id.String()
}

// sendsFile uploads a file of payments.
func (c *client) sendsFile(name, body, key string) *answer {
	c.t.Helper()
	return c.follow(c.uploadTo(transfer.FilesPath, name, []byte(body), key))
}

func TestBeforeTheProductIsOpenThePageSaysHowToOpenIt(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	c.get("/marketing/transfers").is(200).within(3).reads(".empty", "还没有开通企业付款").has(".empty a[href=/products/enterprise_payment]").lacks("a[href=/marketing/transfers/new]")
	c.do(http.MethodGet, "/marketing/transfers/new", nil).leads("/marketing/transfers")
}

func TestOnePaymentIsTypedPreviewedConfirmedAndSeen(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.opensPayments(store)
	p.topsUp(store, ledger.Basic, 500_00, "own")
	c := p.signedIn(storeFinance)
	c.get("/marketing/transfers").is(200).within(3).has("a[href=/marketing/transfers/new]").reads(".empty", "还没有付款")
	form := c.get("/marketing/transfers/new").is(200).within(3).says("张敏")
	zhang := "/marketing/transfers/new?openid=" + sandbox.OpenID(sandbox.DemoAppID, "p-zhangmin")
	form.has("a[href=" + zhang + "]")
	c.get(zhang).is(200).has("#openid[value=" + sandbox.OpenID(sandbox.DemoAppID, "p-zhangmin") + "]")
	typed := []string{"openid", "oPayee1", "check_name", "FORCE_CHECK", "re_user_name", "张敏", "amount", "88", "desc", "十月报销"}
	c.post("/marketing/transfers/preview", "openid", "o 1", "check_name", "FORCE_CHECK", "amount", "0.29", "desc", "x").is(422).
		has(".banner-fail a[href=#openid]").has(".banner-fail a[href=#re_user_name]").has(".banner-fail a[href=#amount]")
	preview := c.post("/marketing/transfers/preview", typed...).is(200).says("500.00 元", "412.00 元", "张*", "基本账户")
	c.post("/marketing/transfers/new", typed...).is(200).has("#amount[value=88]").has("#re_user_name[value=张敏]")
	short := c.post("/marketing/transfers/preview", append(typed[:7:7], "501", "desc", "x")...).is(200).says("还差 1.00 元").has(".banner-fail a[href=/funds/top-ups/new?account=BASIC]")
	c.submit(preview, "amount", "501").is(422).reads(".banner-fail b", "基本账户余额不足：现有 500.00 元，还差 1.00 元")
	short.lacks("form[data-form=main]")
	p.paidToday(store, "oPayee2", 4_999_00)
	c.post("/marketing/transfers/preview", append([]string{"openid", "oPayee2"}, typed[2:]...)...).is(422).has(".banner-fail a[href=#amount]").says("4,999.00 元")
	asked := c.submit(preview).is(200).says("向个人付款 88.00 元", "张*", "基本账户")
	p.confirmedBy(storeFinance, asked).is(200).reads("h1", "已确认并执行")
	var list listing[transferWire]
	must(t, json.Unmarshal([]byte(c.do(http.MethodGet, "/marketing/transfers.json", nil).is(200).body), &list))
	if len(list.Rows) != 1 || list.Rows[0].Status != "PROCESSING" || list.Rows[0].Amount != 88_00 || list.Rows[0].Applicant != "caiwu01@1900000208" {
		t.Fatalf("%+v", list.Rows)
	}
	no := list.Rows[0].No
	c.get("/marketing/transfers/"+no).is(200).reads(".tag", "待发送").says("十月报销", "张*")
	must(t, p.transfersWith(payer{}).Work(t.Context(), job.Run{Merchant: store}))
	page := c.get("/marketing/transfers/"+no).is(200).reads(".tag", "付款成功").says("1000" + no)
	flow := "/funds/flow/" + ledger.FlowNo(store, ledger.Basic, clock.DayOf(p.clock.Now()), 2)
	page.has("a[href=" + flow + "]")
	c.get(flow).is(200).says("企业付款")
	c.get("/marketing/transfers?no="+no).is(200).within(3).reads("td .tag", "付款成功")
	c.get("/marketing/transfers?status=failed").is(200).reads(".empty", "没有符合条件的付款")
	c.get("/marketing/transfers?status=x&from=y&cursor=z").is(422)
	c.get("/marketing/transfers/1").is(404)
	if csv := c.do(http.MethodGet, "/marketing/transfers.csv", nil).is(200); !strings.Contains(csv.body, no) || strings.Contains(csv.body, "张敏") {
		t.Error(csv.body)
	}
	p.signedIn(storeReader).get("/marketing/transfers").is(200).lacks("a[href=/marketing/transfers/new]")
	p.signedIn(storeReader).get("/marketing/transfers/new").is(403)
}

func TestAFileWithABadRowPaysNothingAndAGoodOneIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.opensPayments(store)
	p.topsUp(store, ledger.Basic, 500_00, "own")
	c := p.signedIn(storeFinance)
	form := c.get("/marketing/transfers/batch").is(200).within(3)
	c.sendsFile("a.csv", "x\n", form.key()).is(422).has(".banner-fail a[href=#file]")
	const head = "收款人openid,收款人姓名,付款金额（元）,付款说明,商户付款单号\n"
	bad := c.sendsFile("坏.csv", head+"oPayee1,张敏,88.00,报销,\noPayee2,,0.1,报销,\n", form.key()).is(200)
	bad.reads(".tag", "有错误").says("一笔也没有付", "请填写 0.30 至").lacks("form[data-form=main]")
	c.sendsFile("换.csv", head+"oPayee1,张敏,99.00,报销,\n", form.key()).is(422).reads(".banner-fail a[href=#file]", "这张表单已经上传过另一个文件，这次的文件没有保存。请重新选择文件上传。")
	good := c.sendsFile("好.csv", head+"oPayee1,张敏,88.00,报销,\noPayee2,李明,2.00,报销,B1\n", c.get("/marketing/transfers/batch").key()).is(200)
	good.says("检查通过", "90.00 元", "410.00 元")
	asked := c.submit(good).is(200).says("按文件付款 2 笔，合计 90.00 元", "好.csv")
	p.confirmedBy(storeFinance, asked).is(200).reads("h1", "已确认并执行")
	id := p.text("SELECT id::text FROM payment_files WHERE file_name = '好.csv'")
	path := "/marketing/transfers/batch/" + id
	c.get(path).is(200).has("[data-live]").has("progress").says("受理中")
	c.post(path+"/confirmation", "_once", form.key()).is(422)
	d := p.transfersWith(payer{})
	must(t, d.PayFile(t.Context(), job.Run{Merchant: store, Payload: fmt.Appendf(nil, `{"file":%q}`, id)}))
	must(t, d.Work(t.Context(), job.Run{Merchant: store}))
	c.get(path).is(200).says("部分付款没有成功", "收款人姓名与微信实名不一致").reads(".tag", "已完成")
	if csv := c.do(http.MethodGet, path+"/rows.csv", nil).is(200); !strings.Contains(csv.body, "付款成功") || !strings.Contains(csv.body, "oPayee1") || !strings.Contains(csv.body, "姓名与微信实名不一致") {
		t.Error(csv.body)
	}
	exported := func() string {
		return p.text("SELECT count(*)::text FROM audit_rows WHERE action = 'transfer.export' AND object = '好.csv' AND actor = 'caiwu01@1900000208'")
	}
	if n := exported(); n != "1" {
		t.Errorf("%s exports of whole openids are in the log", n)
	}
	c.do(http.MethodHead, path+"/rows.csv", nil).is(200)
	if csv := p.signedIn(storeReader).do(http.MethodGet, path+"/rows.csv", nil).is(200); strings.Contains(csv.body, "oPayee1") || !strings.Contains(csv.body, "张*") {
		t.Errorf("who may not pay reads %s", csv.body)
	}
	if list := p.signedIn(storeReader).do(http.MethodGet, "/marketing/transfers.json", nil).is(200); strings.Contains(list.body, "oPayee1") {
		t.Errorf("who may not pay reads %s", list.body)
	}
	if n := exported(); n != "1" {
		t.Errorf("%s exports are in the log", n)
	}
	c.get("/marketing/transfers/batch").is(200).within(3).says("好.csv", "坏.csv")
	c.get("/inbox").says("批量付款完成")
	p.signedIn(storeReader).get(path).is(200)
	p.signedIn(noodlesOwner).get(path).is(404)
}
