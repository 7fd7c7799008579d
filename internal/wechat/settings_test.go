package wechat_test

import (
	"strings"
	"testing"

	"zhanggui/internal/wechat"
)

func TestSettingsThatCannotWorkAreNamedTogether(t *testing.T) {
	t.Parallel()
	_, err := wechat.New(wechat.Config{
		OAuthBase: "open.weixin.qq.com", PayAppBase: "https://payapp.weixin.qq.com", APIBase: "http://api.weixin.qq.com",
		PayBase: "https://api.mch.weixin.qq.com", FraudBase: "https://u:p@fraud.mch.weixin.qq.com", AppID: "wx1", APIKey: "short",
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"OAuthBase", "APIBase must be https", "FraudBase", "AppSecret", "MchID", "APIKey"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "PayAppBase") || strings.Contains(err.Error(), "AppID") {
		t.Errorf("names what is right: %v", err)
	}
}

func TestLinksHaveTheOrderThatWeChatExpects(t *testing.T) {
	t.Parallel()
	client := newClient(t, wechat.Config{
		OAuthBase: "https://open.weixin.qq.com", PayAppBase: "https://payapp.weixin.qq.com/", APIBase: "https://api.weixin.qq.com",
		PayBase: "https://api.mch.weixin.qq.com", FraudBase: "https://fraud.mch.weixin.qq.com",
		AppID: "wx1", AppSecret: "s", MchID: "1800000001", APIKey: testKey,
	})
	const back = "https://portal.example/m/oauth?x=1&y=2"
	want := "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fportal.example%2Fm%2Foauth%3Fx%3D1%26y%3D2" +
		"&response_type=code&scope=snsapi_base&state=S1#wechat_redirect"
	if got := client.AuthorizeURL(back, "S1"); got != want {
		t.Error(got)
	}
	want = "https://payapp.weixin.qq.com/appauth/authindex?mch_id=1800000001&appid=wx1&redirect_uri=https%3A%2F%2Fportal.example%2Fm%2Foauth%3Fx%3D1%26y%3D2" +
		"&response_type=code&scope=pay_identity&state=S1#wechat_redirect"
	if got := client.ConsentURL(back, "S1"); got != want {
		t.Error(got)
	}
}
