package web

import (
	"bytes"
	"strings"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/trade/bill"
)

func TestABillIsTakenAndToldOf(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	form := c.get("/trades/imports").is(200).within(2).reads(".empty", "还没有导入记录").reads(".hint", "不超过 64 MiB、300,000 行")
	once := attr(form.one("form[data-form=main] input[name=_once]"), "value")
	name, raw := "tradebill-1900000208-2026-11-20.csv", sampleBill(t, "1900000208-2026-11-20")
	at := c.upload(name, raw, once).is(303).header.Get("Location")
	c.get(at).is(200).within(3).reads("h1", name).reads("h1 .tag", "等待导入").says(`http-equiv="refresh"`).has("[data-live]")
	p.runsImports()
	done := c.get(at).is(200).within(3).reads("h1 .tag", "已导入").reads(".banner-done", "账单已导入").lacks("noscript").lacks("[data-live]")
	done.reads(".figures dt", "新增订单").reads("th", "文件汇总").reads("th", "逐行合计").reads(".facts dt", "退款状态")
	done.reads("th", "减：撤销订单").reads("th", "减：退款失败").reads("th", "其中：等待中的退款异常").reads(".num", "-623.34").reads(".num", "0.93").reads("h2", "文件与账簿").reads("th", "结算后账簿")
	c.get("/trades/imports").is(200).within(2).reads("tbody th a", name).reads("tbody .tag", "已导入").has("tbody a[href=" + at + "]")
}

func TestASecondUploadOfTheSameFileSaysThatAllIsKnown(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(gym, "1900000307-2026-11-20")
	c := p.signedIn("p-sunqian")
	at := c.upload("again.csv", sampleBill(t, "1900000307-2026-11-20"), "").is(303).header.Get("Location")
	p.runsImports()
	c.get(at).reads(".banner-done", "内容已经全部在册").reads(".banner-done", "没有新增，也没有改动")
}

func TestADoubleClickIsOneImport(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	raw := sampleBill(t, "1900000307-2026-11-20")
	c := p.signedIn("p-sunqian")
	first := c.upload("a.csv", raw, "one-form").is(303).header.Get("Location")
	c.upload("a.csv", raw, "one-form").leads(first)
	p.runsImports()
	c.upload("a.csv", raw, "one-form").leads(first)
	if n := p.count("trade_imports"); n != 1 {
		t.Errorf("%d imports of one form", n)
	}
	if other := p.signedIn("p-dingyi"); other.upload("a.csv", raw, "one-form").status != 403 {
		t.Error("who may not import is not refused")
	}
}

func TestAnImportWhoseProcessWasKilledSaysSo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := db.NewID().String()
	_, err := p.db.PG().Exec(t.Context(), `INSERT INTO trade_imports (merchant_id, id, file_name, size, state, actor, queued_at, started_at)
		VALUES ($1, $2, 'cut off.csv', 9000, 'running', 'system', $3, $3)`, int64(gym), id, p.clock.Now())
	must(t, err)
	c := p.signedIn("p-sunqian")
	c.get("/trades/imports").is(200).reads("tbody .tag", "导入中断").reads("tbody td", "系统")
	c.get("/trades/imports/"+id).is(200).reads("h1 .tag", "导入中断").reads(".banner-fail", "没有保存其中任何订单").lacks("[data-live]")
	c.get("/trades/imports.json").is(200).says(`"state":"interrupted"`)
	c.get("/trades/imports.csv").is(200).says("导入中断")
}

func (p *portal) count(table string) (n int) {
	p.t.Helper()
	must(p.t, p.db.PG().QueryRow(p.t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestARefusedFileSaysWhyAndKeepsNothing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	whole := sampleBill(t, "1900000208-2026-11-18")
	for name, f := range map[string]struct {
		raw  []byte
		says string
	}{
		"cut":        {whole[:len(whole)/2], "中断"},
		"of another": {sampleBill(t, "1900000109-2026-11-18"), "属于商户号 1900000109"},
		"two in one": {append(bytes.Clone(whole), whole...), "另一份账单"},
		"in GBK":     {[]byte{0xbd, 0xbb, 0xd2, 0xd7, 0xca, 0xb1, 0xbc, 0xe4, ',', 0xb9, 0xab}, "GBK"},
		"not a bill": {[]byte("a,b\n1,2\n"), "不是交易账单"},
	} {
		at := c.upload(name+".csv", f.raw, "").is(303).header.Get("Location")
		p.runsImports()
		c.get(at).is(200).reads("h1 .tag", "未通过").reads(".banner-fail", "一笔也没有保存").reads(".todo li", f.says)
	}
	if n := p.count("trades"); n != 0 {
		t.Errorf("%d orders of refused files", n)
	}
}

func TestAnUploadWithoutAFileIsRefusedOnThePage(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	c.upload("", nil, "k").is(422).reads(".field .err", "请选择要导入的账单文件").has(".banner-fail a[href=#file]")
	c.upload("empty.csv", nil, "k").is(422).reads(".field .err", "是空的")
	c.do("POST", "/trades/imports", values("file", "x")).is(415)
	large := make([]byte, bill.FileMax+1)
	c.upload("large.csv", large, "").is(422).reads(".field .err", "超过 64 MiB")
	c.upload("larger.csv", append(large, make([]byte, 2<<20)...), "").is(422).reads(".field .err", "超过 64 MiB")
	if n := p.count("trade_imports"); n != 0 {
		t.Errorf("%d imports of refused uploads", n)
	}
}

func TestOnlyWhoMayImportSeesImports(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	finance, reader := p.signedIn(storeFinance), p.signedIn(storeReader)
	at := finance.upload("a.csv", sampleBill(t, "1900000208-2026-11-16-REFUND"), "").is(303).header.Get("Location")
	finance.get("/trades").has("main a[href=/trades/imports]").has("nav.side a[href=/trades/imports]")
	reader.get("/trades").is(200).lacks("a[href=/trades/imports]")
	for _, path := range []string{"/trades/imports", at} {
		finance.get(path).is(200)
		reader.get(path).is(403).says("导入交易账单", "超级管理员")
	}
	for _, path := range []string{"/trades/imports.json", "/trades/imports.csv", at + "/events"} {
		reader.do("GET", path, nil).is(403)
	}
	p.signedIn(noodlesOwner).get(at).is(404)
	finance.get("/trades/imports/01900000-0000-7000-8000-000000000009").is(404)
	finance.get("/trades/imports/nonsense").is(404)
}

func TestTheStreamOfAnEndedImportBringsItsOutcomeAndEnds(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn("p-sunqian")
	at := c.upload("a.csv", sampleBill(t, "1900000307-2026-11-20"), "").is(303).header.Get("Location")
	p.runsImports()
	a := c.do("GET", at+"/events", nil).is(200)
	if a.header.Get("Content-Type") != "text/event-stream; charset=utf-8" || !strings.Contains(a.body, "账单已导入") ||
		!strings.HasSuffix(a.body, "event: end\ndata: end\n\n") {
		t.Errorf("the stream is %q", a.body)
	}
}

func TestTheListOfImportsHasItsTwins(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(gym, "1900000307-2026-11-19-empty")
	p.takes(gym, "1900000307-2026-11-20")
	c := p.signedIn("p-sunqian")
	a := c.do("GET", "/trades/imports.json", nil).is(200)
	if !strings.HasPrefix(a.body, `{"rows":[{"id":"`) || !strings.HasSuffix(a.body, `"next":""}`+"\n") || strings.Count(a.body, `"state":"done"`) != 2 {
		t.Errorf("the twin is %s", a.body)
	}
	rows := readCSV(t, c.do("GET", "/trades/imports.csv", nil).is(200))
	if len(rows) != 3 || rows[0][1] != "文件" || rows[1][7] != "已导入" {
		t.Errorf("the file is %q", rows)
	}
	p.takes(store, "1900000208-2026-11-20")
	other := p.signedIn(storeOwner)
	other.do("GET", "/trades/imports.json", nil).is(200).says(`"lines":[{"kind":"revoked","count":`)
	if rows := readCSV(t, other.do("GET", "/trades/imports.csv", nil).is(200)); !strings.HasPrefix(rows[1][8], "撤销订单 ") {
		t.Errorf("the file is %q", rows)
	}
	c.do("GET", "/trades/imports.json?cursor=x", nil).is(422)
	c.get("/trades/imports?cursor=x").is(422)
}
