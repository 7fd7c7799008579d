package main

import (
	"bytes"
	"strings"
	"testing"

	"zhanggui/internal/identity"
)

// serve runs the command and returns its exit code and what it said.
func serve(t *testing.T) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"serve"}, &out, &errs)
	return code, errs.String()
}

func TestServeNamesEverySettingThatIsMissing(t *testing.T) {
	for _, name := range []string{"DATABASE_URL", "ZHANGGUI_MASTER_KEY", "ZHANGGUI_TRUSTED_PROXIES", "ZHANGGUI_LOG"} {
		t.Setenv(name, "")
	}
	code, said := serve(t)
	for _, name := range []string{"DATABASE_URL", "ZHANGGUI_MASTER_KEY", "ZHANGGUI_PLATFORM_KEY_FILE", "ZHANGGUI_BASE_URL", "ZHANGGUI_TLS_CERT", "ZHANGGUI_WECHAT_APPID",
		"ZHANGGUI_WECHAT_APPSECRET", "ZHANGGUI_WECHAT_MCHID", "ZHANGGUI_WECHAT_API_KEY", "ZHANGGUI_WECHAT_TEMPLATES",
		"ZHANGGUI_API_TLS_CERT", "ZHANGGUI_WECHAT_CERT", "ZHANGGUI_WECHAT_V3_KEY", "ZHANGGUI_WECHAT_PLATFORM"} {
		if !strings.Contains(said, name) {
			t.Errorf("%s is not named in:\n%s", name, said)
		}
	}
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
}

func TestAValueThatCannotBeReadHidesNothingElse(t *testing.T) {
	t.Setenv("ZHANGGUI_TRUSTED_PROXIES", "everybody")
	t.Setenv("ZHANGGUI_LOG", "LOUD")
	t.Setenv("ZHANGGUI_MASTER_KEY", strings.Repeat("00", 32))
	code, said := serve(t)
	for _, part := range []string{"ZHANGGUI_TRUSTED_PROXIES cannot be read", "ZHANGGUI_LOG cannot be read", "ZHANGGUI_MASTER_KEY is weak", "DATABASE_URL is missing"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not in:\n%s", part, said)
		}
	}
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"verify"}, &out, &errs); code != 2 || !strings.Contains(errs.String(), "ZHANGGUI_LOG") {
		t.Errorf("another command ends with %d: %s", code, errs.String())
	}
}

func TestRatesAreSettings(t *testing.T) {
	usual, err := loadSettings()
	if err != nil {
		t.Fatal(err)
	}
	want := identity.DefaultLimits
	want.TicketsPerSecond = 0 // not a setting
	if usual.limits() != want {
		t.Errorf("without settings %+v, the gate's own are %+v", usual.limits(), want)
	}
	t.Setenv("ZHANGGUI_TICKETS_PER_MINUTE", "7")
	t.Setenv("ZHANGGUI_PASSWORD_TRIES", "0")
	set, err := loadSettings()
	if err == nil || !strings.Contains(err.Error(), "ZHANGGUI_PASSWORD_TRIES cannot be read") {
		t.Errorf("no tries at all: %v", err)
	}
	if set.limits().TicketsPerMinute != 7 {
		t.Errorf("7 a minute became %+v", set.limits())
	}
	var shown bytes.Buffer
	explain(&shown, set)
	for line := range strings.Lines(shown.String()) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "ZHANGGUI_TICKETS_PER_MINUTE" && f[1] == "7" {
			return
		}
	}
	t.Errorf("doctor does not show it:\n%s", shown.String())
}
