package wire

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The signatures in testdata/v3 were made by `printf … | openssl dgst -sha256 -sign`, the sealed text by
// the AESGCM of Python's cryptography; the key that signed is gone.
const (
	vectorTime  = 1554208460
	vectorSer   = "5DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"
	vectorV3Key = "0123456789abcdefghijklmnopqrstuv"
	vectorPath  = "/v3/refund/domestic/refunds?sub=%E4%B8%AD"
	vectorBody  = `{"reason":"商品已售完"}`
)

var vectorNow = time.Unix(vectorTime, 0)

func vector(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/v3/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func vectorKey(t *testing.T) *PublicKey {
	t.Helper()
	k, err := ReadPublicKey("", []byte(vector(t, "merchant.crt")))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var drawnKey = sync.OnceValue(func() *PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	k, err := NewPrivateKey("PUB_KEY_ID_0114232134912410000000000000", key)
	if err != nil {
		panic(err)
	}
	return k
})

func vectorHeader(t *testing.T) string {
	t.Helper()
	return Scheme + ` nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",signature="` + vector(t, "request.sig") +
		`",mchid="1900009191", serial_no="` + strings.ToLower(vectorSer) + `" ,timestamp="1554208460"`
}

func TestARequestSignedElsewhereVerifies(t *testing.T) {
	t.Parallel()
	a, err := ReadAuthorization(vectorHeader(t))
	if err != nil {
		t.Fatal(err)
	}
	if a.MchID != "1900009191" || vectorKey(t).KeyID() != vectorSer {
		t.Errorf("read %+v, key %s", a, vectorKey(t).KeyID())
	}
	for _, off := range []time.Duration{0, 300 * time.Second, -300 * time.Second, 300*time.Second + 999*time.Millisecond} {
		if err := a.Verify(vectorKey(t), "POST", vectorPath, []byte(vectorBody), vectorNow.Add(off)); err != nil {
			t.Errorf("%v off: %v", off, err)
		}
	}
}

func TestARequestThatDiffersInAnythingIsRefused(t *testing.T) {
	t.Parallel()
	a, err := ReadAuthorization(vectorHeader(t))
	if err != nil {
		t.Fatal(err)
	}
	k, body := vectorKey(t), []byte(vectorBody)
	changed := func(change func(*Authorization)) Authorization { b := a; change(&b); return b }
	for name, err := range map[string]error{
		"another method":      a.Verify(k, "PUT", vectorPath, body, vectorNow),
		"another query":       a.Verify(k, "POST", vectorPath+"1", body, vectorNow),
		"a decoded path":      a.Verify(k, "POST", "/v3/refund/domestic/refunds?sub=中", body, vectorNow),
		"another body":        a.Verify(k, "POST", vectorPath, append(body, ' '), vectorNow),
		"no body":             a.Verify(k, "POST", vectorPath, nil, vectorNow),
		"301 s later":         a.Verify(k, "POST", vectorPath, body, vectorNow.Add(301*time.Second)),
		"301 s earlier":       a.Verify(k, "POST", vectorPath, body, vectorNow.Add(-301*time.Second)),
		"another key":         a.Verify(drawnKey().As(vectorSer).Public(), "POST", vectorPath, body, vectorNow),
		"another serial":      changed(func(b *Authorization) { b.Serial = "00" + b.Serial[2:] }).Verify(k, "POST", vectorPath, body, vectorNow),
		"another nonce":       changed(func(b *Authorization) { b.Nonce += "0" }).Verify(k, "POST", vectorPath, body, vectorNow),
		"a time with a plus":  changed(func(b *Authorization) { b.Timestamp = "+" + b.Timestamp }).Verify(k, "POST", vectorPath, body, vectorNow),
		"a time with a zero":  changed(func(b *Authorization) { b.Timestamp = "0" + b.Timestamp }).Verify(k, "POST", vectorPath, body, vectorNow),
		"no time":             changed(func(b *Authorization) { b.Timestamp = "now" }).Verify(k, "POST", vectorPath, body, vectorNow),
		"a probe":             changed(func(b *Authorization) { b.Signature = probePrefix + b.Signature }).Verify(k, "POST", vectorPath, body, vectorNow),
		"a cut signature":     changed(func(b *Authorization) { b.Signature = b.Signature[:100] }).Verify(k, "POST", vectorPath, body, vectorNow),
		"no base64":           changed(func(b *Authorization) { b.Signature = "%%%" }).Verify(k, "POST", vectorPath, body, vectorNow),
		"the smallest number": changed(func(b *Authorization) { b.Timestamp = "-9223372036854775808" }).Verify(k, "POST", vectorPath, body, vectorNow),
	} {
		if !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAuthorizationHasFivePairsOnce(t *testing.T) {
	t.Parallel()
	good := vectorHeader(t)
	for name, header := range map[string]string{
		"nothing":          "",
		"another scheme":   strings.Replace(good, "SHA256-RSA2048", "SM2-WITH-SM3", 1),
		"no pairs":         Scheme,
		"a pair missing":   strings.Replace(good, `mchid="1900009191",`, "", 1),
		"an empty pair":    strings.Replace(good, `mchid="1900009191"`, `mchid=""`, 1),
		"a repeated pair":  good + `,mchid="1900009192"`,
		"an unknown pair":  good + `,sub_mchid="1900009192"`,
		"no quotes":        strings.Replace(good, `"1900009191"`, `1900009191`, 1),
		"a quote inside":   strings.Replace(good, `"1900009191"`, `"19"00009191"`, 1),
		"a comma at last":  good + ",",
		"5 KiB":            good + strings.Repeat(" ", 5<<10) + ` ,`,
		"a very big nonce": strings.Replace(good, "593BEC0C", strings.Repeat("5", 129), 1),
	} {
		if _, err := ReadAuthorization(header); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatWeSignVerifies(t *testing.T) {
	t.Parallel()
	k := drawnKey()
	header, err := SignRequest(k, "1800000001", "GET", "/v3/x?y=1", nil, vectorNow, "n0n0n0n0n0n0")
	if err != nil {
		t.Fatal(err)
	}
	a, err := ReadAuthorization(header)
	if err != nil || a.Verify(k.Public(), "GET", "/v3/x?y=1", nil, vectorNow) != nil {
		t.Errorf("%v, %v", err, a)
	}
	h := http.Header{}
	if err := SignAnswer(k, h, []byte("{}"), vectorNow, "n0n0n0n0n0n0"); err != nil {
		t.Fatal(err)
	}
	if err := VerifyAnswer([]*PublicKey{vectorKey(t), k.Public()}, h, []byte("{}"), vectorNow); err != nil {
		t.Error(err)
	}
}

func answerHeader(t *testing.T, signature string) http.Header {
	t.Helper()
	return http.Header{HeaderTimestamp: {strconv.Itoa(vectorTime)}, HeaderNonce: {"c5ac7061fccab6bf3e254dcf98995b8c"},
		HeaderSerial: {vectorSer}, HeaderSignature: {vector(t, signature)}}
}

const answerBody = `{"data":[{"serial_no":"5157F0"}]}`

func TestAnswersSignedElsewhereVerify(t *testing.T) {
	t.Parallel()
	keys := []*PublicKey{drawnKey().Public(), vectorKey(t)}
	if err := VerifyAnswer(keys, answerHeader(t, "answer.sig"), []byte(answerBody), vectorNow); err != nil {
		t.Error(err)
	}
	if err := VerifyAnswer(keys, answerHeader(t, "empty.sig"), nil, vectorNow); err != nil {
		t.Errorf("204: %v", err)
	}
}

func TestAnswersThatDifferInAnythingAreRefused(t *testing.T) {
	t.Parallel()
	keys := []*PublicKey{vectorKey(t)}
	with := func(name string, values ...string) error {
		h := answerHeader(t, "answer.sig")
		h[name] = values
		return VerifyAnswer(keys, h, []byte(answerBody), vectorNow)
	}
	for name, err := range map[string]error{
		"another body":       VerifyAnswer(keys, answerHeader(t, "answer.sig"), []byte("{}"), vectorNow),
		"301 s later":        VerifyAnswer(keys, answerHeader(t, "answer.sig"), []byte(answerBody), vectorNow.Add(301*time.Second)),
		"no keys":            VerifyAnswer(nil, answerHeader(t, "answer.sig"), []byte(answerBody), vectorNow),
		"no nonce":           with(HeaderNonce),
		"two nonces":         with(HeaderNonce, "c5ac7061fccab6bf3e254dcf98995b8c", "x"),
		"another serial":     with(HeaderSerial, "PUB_KEY_ID_0114232134912410000000000000"),
		"another time":       with(HeaderTimestamp, "1554208461"),
		"another type":       with(HeaderSignatureType, "WECHATPAY2-SM2-WITH-SM3"),
		"an empty signature": with(HeaderSignature, ""),
		"a probe":            with(HeaderSignature, "WECHATPAY/SIGNTEST/1cfBd2cPL"),
		"a probe alone":      with(HeaderSignature, "WECHATPAY/SIGNTEST/"),
	} {
		if !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWeakAndOtherKeysAreRefused(t *testing.T) {
	t.Parallel()
	short, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // refused for being short
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewPrivateKey("x", short); err == nil {
		t.Error("1024 bits sign")
	}
	for _, text := range []string{"", "no PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := ReadPublicKey("x", []byte(text)); err == nil {
			t.Errorf("%q is a public key", text)
		}
		if _, err := ReadPrivateKey("x", []byte(text)); err == nil {
			t.Errorf("%q is a private key", text)
		}
	}
	public, err := drawnKey().Public().PEM()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ReadPublicKey("x", []byte(public)); err != nil || !again.key.Equal(drawnKey().Public().key) {
		t.Errorf("our own PEM: %v", err)
	}
	if _, err := ReadPublicKey("", []byte(public)); err == nil {
		t.Error("a public key without a name")
	}
}

// FuzzReadAuthorization: whatever comes, it is read or refused, and what is read has no pair left out.
func FuzzReadAuthorization(f *testing.F) {
	f.Add(Scheme + ` mchid="1",nonce_str="2",signature="3",timestamp="4",serial_no="5"`)
	f.Add(Scheme + ` mchid="1",mchid="2"`)
	f.Add(Scheme + ` mchid="",nonce_str="\"",`)
	k := drawnKey().Public()
	f.Fuzz(func(t *testing.T, header string) {
		a, err := ReadAuthorization(header)
		if err != nil {
			return
		}
		if a.MchID == "" || a.Serial == "" || a.Nonce == "" || a.Timestamp == "" || a.Signature == "" {
			t.Fatalf("%q lacks a pair: %+v", header, a)
		}
		if a.Verify(k, "GET", "/", nil, vectorNow) == nil {
			t.Fatalf("%q proves something", header)
		}
	})
}
