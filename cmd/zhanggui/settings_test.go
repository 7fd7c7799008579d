package main

import (
	"bytes"
	"strings"
	"testing"
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
