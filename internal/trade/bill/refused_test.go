package bill_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhanggui/internal/fault"
	"zhanggui/internal/trade/bill"
)

const small = "tradebill-1900000307-2026-11-20.csv"

// refused reads the file and returns its faults as "code@line".
func refused(t testing.TB, raw []byte) []string {
	t.Helper()
	_, r := read(t, raw)
	faults, _ := r.Refused()
	return codes(faults)
}

func codes(faults fault.Form) []string {
	var all []string
	for _, f := range faults {
		all = append(all, fmt.Sprintf("%s@%v", strings.TrimPrefix(f.Code, "trade.bill_"), f.Args["Line"]))
	}
	return all
}

// broken are files with what they are refused for.
type broken map[string]struct{ file, want string }

func (b broken) check(t *testing.T) {
	t.Helper()
	for name, c := range b {
		if got := strings.Join(refused(t, []byte(c.file)), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// smallLines is the small sample, line by line, and a way to change one of them.
func smallLines(t *testing.T) (lines []string, edit func(n int, was, now string) string) {
	t.Helper()
	lines = strings.SplitAfter(string(sample(t, small)), "\r\n")
	return lines, func(n int, was, now string) string {
		changed := append([]string(nil), lines...)
		if !strings.Contains(changed[n-1], was) {
			t.Fatalf("line %d has no %q", n, was)
		}
		changed[n-1] = strings.Replace(changed[n-1], was, now, 1)
		return strings.Join(changed, "")
	}
}

func TestFilesThatAreNotOneWholeBillAreRefused(t *testing.T) {
	t.Parallel()
	whole := string(sample(t, small))
	lines, edit := smallLines(t)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(whole)
	if err != nil {
		t.Fatal(err)
	}
	broken{
		"nothing at all":         {"", "empty_file@0"},
		"a web page":             {"<html>\n</html>\n", "not_a_bill@1"},
		"a fund flow bill":       {"记账时间,微信支付业务单号\r\n", "fund_flow@1"},
		"GBK":                    {gbk, "gbk@1"},
		"UTF-16":                 {"\xff\xfe\x00`", "not_utf8@1"},
		"broken text in a row":   {edit(2, "私教课", "私\xe6\x95"), "not_utf8@2"},
		"a NUL in a name":        {edit(2, "私教课", "私\x00课"), "not_utf8@2"},
		"cut after the rows":     {strings.Join(lines[:20], ""), "truncated@20"},
		"cut inside a row":       {strings.Join(lines[:20], "") + lines[20][:60], "fields@21 truncated@21"},
		"cut before the sums":    {strings.Join(lines[:43], ""), "truncated@43"},
		"cut inside the sums":    {whole[:len(whole)-30], "truncated@44"},
		"two files joined":       {whole + whole, "two_files@45"},
		"two heads, one summary": {strings.Join(lines[:10], "") + whole, "two_files@11"},
		"rows after the summary": {whole + lines[1], "two_files@45"},
		"text after the summary": {whole + "thanks\r\n", "after_summary@45"},
		"a column missing":       {edit(1, "微信订单号", "订单"), "column_missing@1"},
		"a column twice":         {edit(1, "付款银行", "手续费"), "column_twice@1"},
	}.check(t)
}

func TestRowsAndSumsThatCannotBeAreRefusedWithTheirLine(t *testing.T) {
	t.Parallel()
	lines, edit := smallLines(t)
	broken{
		"a row without back-tick":         {edit(5, "`2026", "2026"), "line@5"},
		"a field too few":                 {edit(5, ",`CNY", ""), "fields@5"},
		"another money":                   {edit(5, "`CNY", "`USD"), "currency@5"},
		"no such day":                     {edit(5, "2026-11-20", "2026-11-31"), "time@5"},
		"a spreadsheet's time":            {edit(5, "2026-11-20 ", "2026/11/20 "), "time@5"},
		"three decimals":                  {edit(2, "`31.55,`0.00,`\r\n", "`31.555,`0.00,`\r\n"), "amount@2"},
		"a negative amount":               {edit(2, "`31.55,`0.00,`0", "`-31.55,`0.00,`0"), "amount@2"},
		"more than a hundred million":     {edit(2, "`31.55,`0.00,`\r\n", "`100000000.01,`0.00,`\r\n"), "amount@2"},
		"settled above the order":         {edit(2, "`31.55,`0.00,`\r\n", "`31.54,`0.00,`\r\n"), "settlement_above_total@2"},
		"a fee in letters":                {edit(2, "`0.32000", "`free"), "fee@2"},
		"a rate without percent":          {edit(2, "`1.00%", "`1.00"), "rate@2"},
		"a merchant in letters":           {edit(2, "1900000307", "190000030a"), "merchant@2"},
		"an empty order number":           {edit(2, "4200069489283482686204662652", ""), "number@2"},
		"an empty state":                  {edit(2, "`SUCCESS", "`"), "word@2"},
		"a refund without number":         {edit(2, "`SUCCESS", "`REFUND"), "refund_number@2"},
		"an order with a fee given back":  {edit(2, "`0.32000", "`-0.32000"), "fee_sign@2"},
		"a fee without a rate":            {edit(2, "`1.00%", "`"), "rate_missing@2"},
		"a fee at a rate of nothing":      {edit(2, "`1.00%", "`0.00%"), "rate_missing@2"},
		"a wrong sum":                     {edit(44, "1944.10", "1944.11"), "sum@44"},
		"a wrong count":                   {edit(44, "`41,", "`40,"), "sum@44"},
		"a wrong fee sum":                 {edit(44, "19.40000", "19.41000"), "sum@44"},
		"a row taken out":                 {strings.Join(append(append([]string(nil), lines[:4]...), lines[5:]...), ""), "sum@43 sum@43 sum@43 sum@43"},
		"an amount changed":               {edit(2, "`31.55,`0.00,`\r\n", "`31.56,`0.00,`\r\n"), "sum@44"},
		"a sum that is no number":         {edit(44, "1944.10", "many"), "summary@44"},
		"a line of five thousand letters": {edit(2, "私教课", strings.Repeat("长", 1700)), "line_long@2"},
		"a name of three thousand bytes":  {edit(2, "私教课", strings.Repeat("长", 1000)), "text_long@2"},
	}.check(t)
}

func TestOnlyTheFirstFaultsAreKeptAndAllAreCounted(t *testing.T) {
	t.Parallel()
	raw := bytes.ReplaceAll(sample(t, small), []byte("`CNY"), []byte("`HKD"))
	_, r := read(t, raw)
	if faults, n := r.Refused(); len(faults) != bill.FaultsMax || n != 41 {
		t.Errorf("%d faults kept of %d", len(faults), n)
	}
}

// grown is a file of rows orders, larger than fits in memory tests: it is made while it is read.
type grown struct {
	head, row, rest []byte
	rows            int
}

func (g *grown) Read(p []byte) (int, error) {
	for len(g.rest) == 0 {
		switch {
		case g.head != nil:
			g.rest, g.head = g.head, nil
		case g.rows == 0:
			return 0, fmt.Errorf("the reader went past the limit")
		default:
			g.rest = g.row
			g.rows--
		}
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

func TestAFileAboveTheLimitsEndsAtTheLimit(t *testing.T) {
	t.Parallel()
	lines := bytes.SplitAfter(sample(t, small), []byte("\r\n"))
	short := bytes.Replace(lines[1], []byte("wxd678efh567hg6787"), nil, 1)
	short = bytes.Replace(short, []byte("omYY8_S62D_4cFm4UAM1wp6T6mdB"), nil, 1)
	wide := bytes.Replace(lines[1], []byte("桌号12"), bytes.Repeat([]byte("x"), 2000), 1)
	for name, c := range map[string]struct {
		row  []byte
		want string
	}{
		"rows":  {short, fmt.Sprintf("rows@%d", bill.RowsMax+2)},
		"bytes": {wide, "too_large@"},
	} {
		r := bill.NewReader(&grown{head: lines[0], row: c.row, rows: bill.RowsMax + 10})
		for r.Next() {
			continue
		}
		faults, _ := r.Refused()
		if got := codes(faults); r.Err() != nil || len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s: %v %v", name, got, r.Err())
		}
	}
}
