package wechat_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/identity"
	"zhanggui/internal/wechat"
	"zhanggui/internal/wire"
)

// checker answers the person check with what the test makes of an honest answer.
func checker(t *testing.T, token string, bend func(ask, honest wire.Fields) []byte) *wechat.Client {
	t.Helper()
	return odd(t, func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "getaccesstoken") {
			_, _ = io.WriteString(rw, token)
			return
		}
		body, _ := io.ReadAll(r.Body)
		ask, err := wire.ReadXML(body)
		if err != nil || ask.Verify(testKey, wire.HMACSHA256) != nil {
			t.Errorf("the question: %v, %s", err, body)
		}
		honest := wire.Fields{
			"return_code": "SUCCESS", "result_code": "SUCCESS", "mch_id": ask["mch_id"], "appid": ask["appid"],
			"openid": ask["openid"], "access_token": ask["access_token"], "nonce_str": "n",
			"verify_openid": "V_OP_NM_MA", "verify_real_name": "V_NM_ID_MA",
		}
		_, _ = rw.Write(bend(ask, honest))
	})
}

func sealed(f wire.Fields, key string, as wire.SignType) []byte {
	body, err := f.Seal(key, as).WriteXML()
	if err != nil {
		panic(err)
	}
	return body
}

func set(f wire.Fields, name, value string) wire.Fields { f[name] = value; return f }

const goodToken = `{"retcode":0,"retmsg":"ok","access_token":"T1"}`

func TestVerdictsAreReadFromWeChatsWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[[2]string]identity.Verdict{
		{"V_OP_NM_MA", "V_NM_ID_MA"}:            identity.Match,
		{"V_OP_NM_MA;V_OP_X", "V_NM_ID_MA"}:     identity.Match,
		{"V_OP_NM_MA", "V_NM_ID_UM"}:            identity.NoMatch,
		{"V_OP_NM_MA", "V_NM_ID_TYPE_UM"}:       identity.NoMatch,
		{"V_OP_NM_MA", ""}:                      identity.NoMatch,
		{"V_OP_NM_UM", "V_NM_ID_MA"}:            identity.NoMatch,
		{"V_OP_NM_MA;V_OP_NM_UM", "V_NM_ID_MA"}: identity.NoMatch,
		{"V_OP_NA", ""}:                         identity.Unknown,
		{"V_OP_NA;V_OP_NM_MA", "V_NM_ID_MA"}:    identity.Unknown,
		{"SOMETHING_NEW", "V_NM_ID_MA"}:         identity.NoMatch,
	} {
		client := checker(t, goodToken, func(_, f wire.Fields) []byte {
			return sealed(set(set(f, "verify_openid", words[0]), "verify_real_name", words[1]), testKey, wire.HMACSHA256)
		})
		got, err := client.Compare(t.Context(), "o1", "c", identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "1"})
		if err != nil || got != want {
			t.Errorf("%v: %v, %v", words, got, err)
		}
	}
}

func TestAVerdictThatIsNotProvenIsNoVerdict(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(ask, f wire.Fields) []byte{
		"unsigned": func(_, f wire.Fields) []byte {
			body, _ := f.WriteXML()
			return body
		},
		"signed with another key": func(_, f wire.Fields) []byte { return sealed(f, strings.Repeat("x", 32), wire.HMACSHA256) },
		"signed more weakly":      func(_, f wire.Fields) []byte { return sealed(f, testKey, wire.MD5) },
		"about another person":    func(_, f wire.Fields) []byte { return sealed(set(f, "openid", "o2"), testKey, wire.HMACSHA256) },
		"an older answer":         func(_, f wire.Fields) []byte { return sealed(set(f, "access_token", "T0"), testKey, wire.HMACSHA256) },
		"for another merchant":    func(_, f wire.Fields) []byte { return sealed(set(f, "mch_id", "1"), testKey, wire.HMACSHA256) },
		"without the comparison":  func(_, f wire.Fields) []byte { return sealed(set(f, "verify_openid", ""), testKey, wire.HMACSHA256) },
		"not XML":                 func(_, _ wire.Fields) []byte { return []byte("busy") },
		"WeChat's own system error": func(_, f wire.Fields) []byte {
			return sealed(set(set(f, "result_code", "FAIL"), "err_code", "SYSTEM_ERROR"), testKey, wire.HMACSHA256)
		},
		"changed after signing": func(_, f wire.Fields) []byte {
			return []byte(strings.Replace(string(sealed(set(f, "verify_openid", "V_OP_NM_UM"), testKey, wire.HMACSHA256)), "V_OP_NM_UM", "V_OP_NM_MA", 1))
		},
	} {
		got, err := checker(t, goodToken, bend).Compare(t.Context(), "o1", "c", identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "1"})
		if !errors.Is(err, wechat.ErrUnavailable) || got != identity.Unknown {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestAMissingPermissionAndABadSignatureAreOurs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(ask, f wire.Fields) []byte
		want error
	}{
		"no permission": {func(_, f wire.Fields) []byte {
			return sealed(set(set(f, "result_code", "FAIL"), "err_code", "NO_API_AUTH"), testKey, wire.HMACSHA256)
		}, wechat.ErrNotPermitted},
		"signature": {func(_, _ wire.Fields) []byte {
			return []byte("<xml><return_code>FAIL</return_code><return_msg><![CDATA[签名错误]]></return_msg></xml>")
		}, wechat.ErrRefused},
	} {
		_, err := checker(t, goodToken, c.bend).Compare(t.Context(), "o1", "c", identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "1"})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOddAnswersToAConsentAreNoVerdict(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]error{
		`{}`:                                     wechat.ErrUnavailable,
		`{"retcode":0}`:                          wechat.ErrUnavailable,
		`{"retcode":0,"access_token":""}`:        wechat.ErrUnavailable,
		`{"retcode":"0","access_token":"T"}`:     wechat.ErrUnavailable,
		`{"retcode":0,"RETCODE":0}`:              wechat.ErrUnavailable,
		`{"retcode":-1,"retmsg":"code is used"}`: identity.ErrCodeRefused,
		`{"access_token":"T1"}`:                  wechat.ErrUnavailable,
	} {
		client := checker(t, token, func(_, f wire.Fields) []byte { return sealed(f, testKey, wire.HMACSHA256) })
		if _, err := client.Compare(t.Context(), "o1", "c", identity.Person{Name: "李", IDType: identity.IDCard, IDNumber: "1"}); !errors.Is(err, want) {
			t.Errorf("%s: %v", token, err)
		}
	}
}
