package web

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

// readCSV reads an export without its byte order mark.
func readCSV(t *testing.T, a *answer) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(a.body, "\ufeff")
	if !marked {
		t.Error("the file has no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	must(t, err)
	return rows
}

func TestTheFileHoldsTheRowsThatTheListShows(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(gym, "1900000307-2026-11-20")
	c := p.signedIn("p-sunqian")
	list := c.get("/trades?size=100&trade_state=SUCCESS").is(200)
	a := c.do("GET", "/trades.csv?trade_state=SUCCESS", nil).is(200)
	if got := a.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("the file is %s", got)
	}
	if got := a.header.Get("Content-Disposition"); !strings.Contains(got, "1900000307-2026-11-22.csv") {
		t.Errorf("the file is called %s", got)
	}
	rows := readCSV(t, a)
	shown := find(list.doc, "tbody tr")
	if len(rows)-1 != len(shown) {
		t.Fatalf("the file has %d rows, the list %d", len(rows)-1, len(shown))
	}
	column := map[string]int{}
	for i, head := range rows[0] {
		column[head] = i
	}
	for i, tr := range shown {
		row := rows[i+1]
		if want := attr(find(tr, "th .id")[0], "title"); row[column["商户订单号"]] != want {
			t.Fatalf("row %d is %s, the list shows %s", i, row[column["商户订单号"]], want)
		}
		if !strings.Contains(textOf(tr), row[column["交易时间"]]) || !strings.Contains(textOf(tr), row[column["交易状态"]]) {
			t.Errorf("row %d differs from the list: %q", i, row)
		}
	}
}

func TestNoExportRunsAFormula(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20")
	seen := 0
	for _, row := range readCSV(t, p.signedIn(storeOwner).do("GET", "/trades.csv", nil).is(200)) {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("a cell begins like a formula: %q", cell)
			}
			if strings.HasPrefix(cell, "'=") || strings.HasPrefix(cell, "'@") {
				seen++
			}
		}
	}
	if seen == 0 {
		t.Error("the sample has no formula names to guard against")
	}
}

// wireNames are what programs rely on, in their order.
const wireNames = "transaction_id out_trade_no mchid sub_mchid openid trade_type trade_state total settlement_total coupon fee refunded success_time settled_at"

func TestTheJSONTwinKeepsItsShape(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(provider, "1230000001-2026-11-20")
	c := p.signedIn(providerHead)
	a := c.do("GET", "/trades.json?size=50&sub_mchid=1230000101", nil).is(200).within(3)
	var page struct {
		Rows []map[string]any `json:"rows"`
		Next string           `json:"next"`
	}
	dec := json.NewDecoder(strings.NewReader(a.body))
	dec.DisallowUnknownFields()
	must(t, dec.Decode(&page))
	if len(page.Rows) != 50 || page.Next == "" {
		t.Fatalf("%d rows, next %q", len(page.Rows), page.Next)
	}
	for _, name := range strings.Fields(wireNames) {
		if _, ok := page.Rows[0][name]; !ok || len(page.Rows[0]) != 14 {
			t.Errorf("a row lacks %s or holds more: %v", name, page.Rows[0])
		}
	}
	first := page.Rows[0]
	if first["mchid"] != "1230000001" || first["sub_mchid"] != "1230000101" || first["settled_at"] != nil ||
		!strings.HasSuffix(first["success_time"].(string), "+08:00") || first["total"] != float64(int64(first["total"].(float64))) {
		t.Errorf("a row is %v", first)
	}
	next := c.do("GET", "/trades.json?size=50&sub_mchid=1230000101&cursor="+page.Next, nil).is(200)
	if strings.Contains(next.body, first["transaction_id"].(string)) {
		t.Error("the next page begins again")
	}
	empty := p.signedIn(storeOwner).do("GET", "/trades.json", nil).is(200)
	if empty.body != `{"rows":[],"next":""}`+"\n" {
		t.Errorf("nothing is %s", empty.body)
	}
}
