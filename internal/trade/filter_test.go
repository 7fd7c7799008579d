package trade_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
)

var ctx = context.Background()

func TestFilterRefusalsNameTheirField(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                                       "",
		"from=2026-11-01&to=2026-11-22":          "",
		"from=2025-11-22&to=2026-11-22":          "",
		"from=2024-02-29":                        "",
		"no=222222&min=0&max=1,000.50":           "",
		"from=2025-11-21&to=2026-11-22":          "filter_span@to",
		"from=2026-11-23&to=2026-11-22":          "filter_days@to",
		"from=2026-02-30":                        "filter_day@from",
		"from=0001-01-01":                        "filter_day@from",
		"to=yesterday":                           "filter_day@to",
		"min=1.234":                              "filter_amount@min",
		"min=-1":                                 "filter_amount@min",
		"max=99999999999":                        "filter_amount@max",
		"min=2&max=1":                            "filter_amounts@max",
		"no=A1":                                  "",
		"no=单号单号单号":                              "filter_number@no",
		"no=" + strings.Repeat("9", 65):          "filter_number@no",
		"no=%00%00%00%00%00%00":                  "filter_number@no",
		"trade_state=" + strings.Repeat("S", 33): "filter_word@trade_state",
		"trade_type=%00":                         "filter_word@trade_type",
		"trade_type=%ff":                         "filter_word@trade_type",
		"sub_mchid=12":                           "filter_merchant@sub_mchid",
		"sub_mchid=99999999999999999999":         "filter_merchant@sub_mchid",
		"from=x&max=y":                           "filter_day@from filter_amount@max",
	} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = trade.ParseFilter(v, today)
		var got []string
		for _, r := range fault.All(err) {
			got = append(got, strings.TrimPrefix(r.Code, "trade.")+"@"+r.Field)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
}

func TestDaysLeftOutAreFilledInAndStayOutOfTheURL(t *testing.T) {
	t.Parallel()
	for query, want := range map[string][2]string{
		"":                {"2025-11-22", ""},
		"from=2026-11-01": {"2026-11-01", ""},
		"from=2025-01-31": {"2025-01-31", "2026-01-31"},
		"from=2024-02-29": {"2024-02-29", "2025-02-28"},
		"to=2026-03-31":   {"2025-03-31", "2026-03-31"},
	} {
		f := filter(t, query)
		if [2]string{f.From.String(), f.To.String()} != want {
			t.Errorf("%q means %s to %s", query, f.From, f.To)
		}
	}
	if v := filter(t, "").Values(); len(v) != 0 {
		t.Errorf("the default is written as %v", v)
	}
}

func TestHostileQueriesNeverBreakAPage(t *testing.T) {
	t.Parallel()
	fields := []string{"from", "to", "trade_state", "trade_type", "min", "max", "no", "sub_mchid", "size", "cursor"}
	rapid.Check(t, func(t *rapid.T) {
		v := url.Values{}
		for _, field := range fields {
			v.Set(field, rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9',=;-]{0,40}`)).Draw(t, field))
		}
		f, err := trade.ParseFilter(v, today)
		if err == nil {
			again, err := trade.ParseFilter(f.Values(), today)
			if err != nil || again.Values().Encode() != f.Values().Encode() {
				t.Fatalf("%v is written as %v", v, f.Values())
			}
		}
		if _, err := trade.ParsePage(v); err != nil && len(fault.All(err)) == 0 {
			t.Fatalf("a page's refusal says nothing: %v", err)
		}
	})
}
