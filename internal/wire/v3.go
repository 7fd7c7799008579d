package wire

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Scheme is the one signature of APIv3 that we speak.
const Scheme = "WECHATPAY2-SHA256-RSA2048"

// Headers of a signed answer or notification.
const (
	HeaderRequestID     = "Request-Id"
	HeaderNonce         = "Wechatpay-Nonce"
	HeaderTimestamp     = "Wechatpay-Timestamp"
	HeaderSerial        = "Wechatpay-Serial"
	HeaderSignature     = "Wechatpay-Signature"
	HeaderSignatureType = "Wechatpay-Signature-Type"
)

// ClockSkew is how far a signature's time may lie from ours, either way.
const ClockSkew = 300 * time.Second

// Bounds of an Authorization header.
const (
	maxAuthorizationBytes = 4 << 10
	maxNonceBytes         = 128
)

// Authorization is the header of a signed request.
type Authorization struct {
	MchID     string
	Serial    string
	Nonce     string
	Timestamp string
	Signature string
}

// SignRequest makes the Authorization header of a request. target is path and query as they go over
// the wire.
func SignRequest(k *PrivateKey, mchid, method, target string, body []byte, at time.Time, nonce string) (string, error) {
	a := Authorization{MchID: mchid, Serial: k.id, Nonce: nonce, Timestamp: strconv.FormatInt(at.Unix(), 10)}
	var err error
	if a.Signature, err = k.signText(a.signed(method, target, body)); err != nil {
		return "", err
	}
	return fmt.Sprintf(`%s mchid=%q,nonce_str=%q,timestamp=%q,serial_no=%q,signature=%q`,
		Scheme, a.MchID, a.Nonce, a.Timestamp, a.Serial, a.Signature), nil
}

func (a Authorization) signed(method, target string, body []byte) []byte {
	return append([]byte(method+"\n"+target+"\n"+a.Timestamp+"\n"+a.Nonce+"\n"), append(body[:len(body):len(body)], '\n')...)
}

// one pair of the header; values hold no quotes.
var authorizationPair = regexp.MustCompile(`^\s*([a-z_]+)="([^"\\]*)"\s*$`)

// ReadAuthorization reads the header: the five pairs in any order, each once, and nothing else.
func ReadAuthorization(header string) (Authorization, error) {
	var a Authorization
	if len(header) > maxAuthorizationBytes {
		return a, unproven("Authorization is too long")
	}
	scheme, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	if scheme != Scheme {
		return a, unproven("Authorization has another scheme")
	}
	into := map[string]*string{"mchid": &a.MchID, "serial_no": &a.Serial, "nonce_str": &a.Nonce, "timestamp": &a.Timestamp, "signature": &a.Signature}
	for pair := range strings.SplitSeq(rest, ",") {
		m := authorizationPair.FindStringSubmatch(pair)
		if m == nil {
			return a, unproven("Authorization cannot be read")
		}
		to := into[m[1]]
		if to == nil || *to != "" || m[2] == "" {
			return a, unproven("Authorization has a pair that is unknown, empty or repeated")
		}
		*to = m[2]
	}
	for name, value := range into {
		if *value == "" {
			return a, unproven("Authorization lacks " + name)
		}
	}
	if len(a.Nonce) > maxNonceBytes {
		return a, unproven("nonce_str is too long")
	}
	return a, nil
}

// Verify proves that the key's owner signed this very request, about now. target and body are the raw
// bytes received. Whether the key is the merchant's, and the nonce new, is the caller's to say.
func (a Authorization) Verify(k *PublicKey, method, target string, body []byte, now time.Time) error {
	if !k.Is(a.Serial) {
		return unproven("another serial_no than the key's")
	}
	if err := timely(a.Timestamp, now); err != nil {
		return err
	}
	return k.verifyText(a.signed(method, target, body), a.Signature)
}

// timely refuses times that are not about now. Only plain seconds are a time: what two readers could
// read in two ways is none.
func timely(timestamp string, now time.Time) error {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || timestamp != strconv.FormatInt(seconds, 10) {
		return unproven("the timestamp is no time")
	}
	far := now.Unix() - seconds
	if limit := int64(ClockSkew / time.Second); far > limit || far < -limit {
		return unproven("the timestamp is not about now")
	}
	return nil
}

func answered(timestamp, nonce string, body []byte) []byte {
	return append([]byte(timestamp+"\n"+nonce+"\n"), append(body[:len(body):len(body)], '\n')...)
}

// SignAnswer adds the headers that prove an answer or a notification.
func SignAnswer(k *PrivateKey, h http.Header, body []byte, at time.Time, nonce string) error {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signature, err := k.signText(answered(timestamp, nonce, body))
	if err != nil {
		return err
	}
	h.Set(HeaderTimestamp, timestamp)
	h.Set(HeaderNonce, nonce)
	h.Set(HeaderSerial, k.id)
	h.Set(HeaderSignature, signature)
	h.Set(HeaderSignatureType, Scheme)
	return nil
}

// VerifyAnswer proves an answer or a notification with the one of the keys that it names.
func VerifyAnswer(keys []*PublicKey, h http.Header, body []byte, now time.Time) error {
	k, err := AnswerKey(keys, h, now)
	if err != nil {
		return err
	}
	return k.verifyText(answered(h.Get(HeaderTimestamp), h.Get(HeaderNonce), body), h.Get(HeaderSignature))
}

// AnswerKey finds the key that an answer or a notification names. It refuses what no body could prove, before
// anybody reads one.
func AnswerKey(keys []*PublicKey, h http.Header, now time.Time) (*PublicKey, error) {
	for _, name := range []string{HeaderTimestamp, HeaderNonce, HeaderSerial, HeaderSignature} {
		if len(h.Values(name)) != 1 || h.Get(name) == "" {
			return nil, unproven(name + " is missing or repeated")
		}
	}
	if named := h.Get(HeaderSignatureType); named != "" && named != Scheme {
		return nil, unproven("another signature type")
	}
	if len(h.Get(HeaderNonce)) > maxNonceBytes {
		return nil, unproven("the nonce is too long")
	}
	if err := timely(h.Get(HeaderTimestamp), now); err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.Is(h.Get(HeaderSerial)) {
			return k, nil
		}
	}
	return nil, unproven("a key that is not known signed it")
}
