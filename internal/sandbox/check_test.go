package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"zhanggui/internal/fault"
	"zhanggui/internal/wire"
)

var usualConsent = map[string]string{
	"mch_id": DemoMchID, "appid": DemoAppID, "redirect_uri": testBack, "response_type": "code", "scope": scopeIdentity, "state": "S1",
}

// consented walks a person through the consent page and returns the code.
func (w world) consented(person string) string {
	w.t.Helper()
	back, err := w.Decide(w.request(http.MethodPost, ConsentPath+query(usualConsent), person, ""), true)
	if err != nil {
		w.t.Fatal(err)
	}
	to, _ := url.Parse(back)
	return to.Query().Get("code")
}

func TestTheConsentPageShowsWhoseWeChatItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	view, err := w.Consent(w.request(http.MethodGet, ConsentPath+query(usualConsent), "p-lisiwen", ""))
	if err != nil || view.Holder.Name != "李思文" || view.Holder.OpenID != OpenID(DemoAppID, "p-lisiwen") {
		t.Errorf("%+v, %v", view, err)
	}
	back, err := w.Decide(w.request(http.MethodPost, ConsentPath+query(usualConsent), "p-lisiwen", ""), false)
	if err != nil || back != testBack+"?state=S1" {
		t.Errorf("refused: %q, %v", back, err)
	}
}

func TestTheConsentPageRefusesOtherLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		person string
		change []string
		want   *fault.Refusal
	}{
		"a browser that is no phone":    {"", nil, errNotInWeChat},
		"another merchant number":       {"p-lisiwen", []string{"mch_id", "1"}, errMchID},
		"another official account":      {"p-lisiwen", []string{"appid", "wx0"}, errAppID},
		"a host that is not registered": {"p-lisiwen", []string{"redirect_uri", "https://evil.example/"}, errRedirect},
		"the sign-in's scope":           {"p-lisiwen", []string{"scope", "snsapi_base"}, errScope},
	} {
		r := w.request(http.MethodPost, ConsentPath+query(usualConsent, c.change...), c.person, "")
		if _, err := w.Consent(r); !fault.Is(err, c.want.Code) {
			t.Errorf("%s: %v", name, err)
		}
		if back, err := w.Decide(r, true); !fault.Is(err, c.want.Code) || back != "" {
			t.Errorf("%s: %q, %v", name, back, err)
		}
	}
}

func TestAnIdentityTokenNeedsASignedQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	usual := wire.Fields{
		"mch_id": DemoMchID, "appid": DemoAppID, "openid": OpenID(DemoAppID, "p-lisiwen"), "code": w.consented("p-lisiwen"),
		"scope": scopeIdentity, "grant_type": "authorization_code",
	}
	changed := func(name, value string) wire.Fields {
		f := maps.Clone(usual)
		f[name] = value
		return f
	}
	get := func(f wire.Fields, more string) map[string]any {
		values := url.Values{}
		for name, value := range f {
			values.Set(name, value)
		}
		return w.ask(http.MethodGet, "/appauth/getaccesstoken?"+values.Encode()+more, "")
	}
	seal := func(f wire.Fields) wire.Fields { return maps.Clone(f).Seal(testKey, wire.HMACSHA256) }
	for name, answer := range map[string]map[string]any{
		"unsigned":               get(usual, ""),
		"signed by MD5":          get(maps.Clone(usual).Seal(testKey, wire.MD5), ""),
		"signed by another":      get(maps.Clone(usual).Seal(strings.Repeat("x", 32), wire.HMACSHA256), ""),
		"with a field twice":     get(seal(usual), "&openid=o2"),
		"for another merchant":   get(seal(changed("mch_id", "1")), ""),
		"with another scope":     get(seal(changed("scope", "snsapi_base")), ""),
		"for another person":     get(seal(changed("openid", OpenID(DemoAppID, "p-hejun"))), ""),
		"with an unknown code":   get(seal(changed("code", "C")), ""),
		"with a sign-in's code":  get(seal(changed("code", w.code("p-lisiwen", "snsapi_base"))), ""),
		"of another kind of ask": get(seal(changed("grant_type", "x")), ""),
	} {
		if answer["retcode"] != -1.0 || answer["access_token"] != nil {
			t.Errorf("%s: %v", name, answer)
		}
	}
	if good := get(seal(usual), ""); good["retcode"] != 0.0 || good["access_token"] == "" || good["access_token_expire_in"] != 300.0 {
		t.Errorf("the honest question after all that: %v", good)
	}
	if again := get(seal(usual), ""); again["retcode"] != -1.0 {
		t.Errorf("the same code again: %v", again)
	}
}

// realName asks for a comparison and returns the proven answer.
func (w world) realName(ask wire.Fields) wire.Fields {
	w.t.Helper()
	body, err := ask.WriteXML()
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := wire.ReadXML(w.do(http.MethodPost, "/secsvc/realnameauth", "", string(body)).Body.Bytes())
	if err != nil {
		w.t.Fatal(err)
	}
	if answer["return_code"] == "SUCCESS" {
		if err := answer.VerifyAs(testKey, wire.HMACSHA256); err != nil {
			w.t.Errorf("the answer: %v", err)
		}
	}
	return answer
}

func TestARealNameQuestionMustBeWholeAndSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.wall.Now()
	if err := w.store.addToken(t.Context(), token{"T1", "identity", "p-lisiwen", scopeIdentity, now.Add(identityLife)}, now); err != nil {
		t.Fatal(err)
	}
	usual := wire.Fields{
		"version": "1.0", "mch_id": DemoMchID, "appid": DemoAppID, "openid": OpenID(DemoAppID, "p-lisiwen"), "real_name": "李思文",
		"cred_type": "1", "cred_id": "440399198705191334", "nonce_str": "n", "access_token": "T1",
	}
	sealed := func(pairs ...string) wire.Fields {
		f := maps.Clone(usual)
		for i := 0; i < len(pairs); i += 2 {
			f[pairs[i]] = pairs[i+1]
		}
		return f.Seal(testKey, wire.HMACSHA256)
	}
	if got := w.realName(sealed()); got["verify_openid"] != "V_OP_NM_MA" || got["verify_real_name"] != "V_NM_ID_MA" {
		t.Errorf("%v", got)
	}
	for name, f := range map[string]wire.Fields{
		"unsigned": maps.Clone(usual), "signed by MD5": maps.Clone(usual).Seal(testKey, wire.MD5),
		"signed by another": maps.Clone(usual).Seal(strings.Repeat("x", 32), wire.HMACSHA256),
	} {
		if got := w.realName(f); got["return_code"] != "FAIL" || got["verify_openid"] != "" {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, f := range map[string]wire.Fields{
		"no name": sealed("real_name", ""), "an unknown paper": sealed("cred_type", "99"), "another version": sealed("version", "2.0"),
		"another merchant": sealed("mch_id", "1"), "an unknown token": sealed("access_token", "T2"),
		"another person's token": sealed("openid", OpenID(DemoAppID, "p-hejun")),
	} {
		if got := w.realName(f); got["return_code"] != "SUCCESS" || got["result_code"] != "FAIL" || got["err_code"] == "" || got["verify_openid"] != "" {
			t.Errorf("%s: %v", name, got)
		}
	}
	w.wall.Advance(identityLife)
	if got := w.realName(sealed()); got["err_code"] != "INVALID_TOKEN" {
		t.Errorf("too late: %v", got)
	}
	if rec := w.do(http.MethodPost, "/secsvc/realnameauth", "", "<xml><a>1</a><a>2</a></xml>"); !strings.Contains(rec.Body.String(), "FAIL") {
		t.Errorf("malformed: %s", rec.Body)
	}
}
