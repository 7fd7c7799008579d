package wire

import (
	"errors"
	"maps"
	"strings"
	"testing"
)

const testKey = "192006250b4c09247ec02edce69f6a2d"

// The first vector is the example of WeChat Pay's signing guide. All sums were computed apart from this
// code, by `printf %s "$TEXT" | openssl dgst -md5` and `… -sha256 -hmac $KEY`, and again in Python.
var signVectors = []struct {
	name   string
	fields Fields
	as     SignType
	sign   string
}{
	{"the guide's example, MD5", guide(), MD5, "9A0A8659F005D6984697E2CA0A9CF3B7"},
	{"the guide's example, HMAC", guide(), HMACSHA256, "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"},
	{"raw Chinese, emoji and markup, MD5", packet(), MD5, "068722AD97EFA65179E959D8FCBA7BDB"},
	{"raw Chinese, emoji and markup, HMAC", packet(), HMACSHA256, "F434D2D86F415959347E4BCD82B8446C1D470F0F513740D1B3F2B3D2E3C7E4D0"},
	{"sign_type is signed too", with(packet(), "sign_type", "HMAC-SHA256"), HMACSHA256, "6279E118C6F401CD8C69C53D47D4B862DDC814B8E09F6D09A5E57086E411DE0D"},
	{"empty values and an old sign do not count", with(guide(), "attach", "", "sign", "OLD"), MD5, "9A0A8659F005D6984697E2CA0A9CF3B7"},
	{"nothing but the key", Fields{}, MD5, "1526FD440C2A8E68F74374B33E8BDF73"},
}

func guide() Fields {
	return Fields{"appid": "wxd930ea5d5a258f4f", "mch_id": "10000100", "device_info": "1000", "body": "test", "nonce_str": "ibuaiVcKdpRxkhJA"}
}

func packet() Fields {
	return Fields{"act_name": "开业有礼", "mch_billno": "1230000001202611220000000001", "mch_id": "1230000001",
		"remark": `a=1&b<2>]]>"'`, "total_amount": "100", "wishing": "恭喜发财🧧"}
}

func with(f Fields, pairs ...string) Fields {
	f = maps.Clone(f)
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i]] = pairs[i+1]
	}
	return f
}

func TestSignaturesEqualThoseComputedElsewhere(t *testing.T) {
	t.Parallel()
	for _, v := range signVectors {
		if got := v.fields.Sign(testKey, v.as); got != v.sign {
			t.Errorf("%s: %s, want %s", v.name, got, v.sign)
		}
	}
}

func TestASealedMessageVerifies(t *testing.T) {
	t.Parallel()
	for _, as := range []SignType{MD5, HMACSHA256} {
		sealed := packet().Seal(testKey, as)
		if err := sealed.Verify(testKey, as); err != nil {
			t.Errorf("%s: %v", as, err)
		}
		if err := sealed.VerifyAs(testKey, as); err != nil {
			t.Errorf("%s: %v", as, err)
		}
	}
	plain := with(guide(), "sign", "9A0A8659F005D6984697E2CA0A9CF3B7")
	if err := plain.Verify(testKey, MD5); err != nil {
		t.Errorf("no sign_type means MD5: %v", err)
	}
}

func TestVerifyRefusesWhatIsNotProven(t *testing.T) {
	t.Parallel()
	strong := packet().Seal(testKey, HMACSHA256)
	weak := packet().Seal(testKey, MD5)
	cases := map[string]error{
		"another key":                   strong.Verify("x"+testKey[1:], MD5),
		"no key":                        with(Fields{}, "sign", Fields{}.Sign("", MD5)).Verify("", MD5),
		"no sign":                       guide().Verify(testKey, MD5),
		"an empty sign":                 with(strong, "sign", "").Verify(testKey, MD5),
		"a shortened sign":              with(strong, "sign", strong["sign"][:63]).Verify(testKey, MD5),
		"a lower-case sign":             with(strong, "sign", strings.ToLower(strong["sign"])).Verify(testKey, MD5),
		"a changed value":               with(strong, "total_amount", "101").Verify(testKey, MD5),
		"an added field":                with(strong, "zz", "1").Verify(testKey, MD5),
		"an unknown sign_type":          with(strong, "sign_type", "NONE").Verify(testKey, MD5),
		"sign_type in small letters":    with(strong, "sign_type", "md5").Verify(testKey, MD5),
		"MD5 below HMAC":                weak.Verify(testKey, HMACSHA256),
		"no sign_type below HMAC":       with(guide(), "sign", guide().Sign(testKey, MD5)).Verify(testKey, HMACSHA256),
		"MD5 sum under the HMAC label":  with(strong, "sign", strong.Sign(testKey, MD5)).Verify(testKey, HMACSHA256),
		"an answer of another type":     weak.VerifyAs(testKey, HMACSHA256),
		"an answer signed more weakly":  with(guide(), "sign", guide().Sign(testKey, MD5)).VerifyAs(testKey, HMACSHA256),
		"an answer without a signature": guide().VerifyAs(testKey, HMACSHA256),
	}
	for name, err := range cases {
		if !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
