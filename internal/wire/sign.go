package wire

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // APIv2 signs with MD5; the protocol's choice, kept inside this codec
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// Fields is one flat APIv2 message: field name to raw value.
type Fields map[string]string

// SignType names an APIv2 signature by the word the protocol uses for it.
type SignType string

// The two signatures of APIv2. MD5 is what a message without sign_type means.
const (
	MD5        SignType = "MD5"
	HMACSHA256 SignType = "HMAC-SHA256"
)

const (
	fieldSign     = "sign"
	fieldSignType = "sign_type"
)

// Sign returns the signature of the message under the merchant's APIv2 key: empty values and the sign
// itself are left out, the rest sorted by name, upper-case hexadecimal. It does not look at sign_type;
// Seal sets both.
func (f Fields) Sign(key string, as SignType) string {
	text := []byte(f.signed(key))
	if as == HMACSHA256 {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(text)
		return strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
	}
	sum := md5.Sum(text) //nolint:gosec // see the import
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// Seal adds sign_type and sign to the message in place and returns it.
func (f Fields) Seal(key string, as SignType) Fields {
	f[fieldSignType] = string(as)
	f[fieldSign] = f.Sign(key, as)
	return f
}

// Verify checks a message whose sender chose the signature by its own sign_type (none means MD5).
// The choice may not fall below least: a merchant on HMAC-SHA256 is never answered for an MD5 message.
func (f Fields) Verify(key string, least SignType) error {
	as := SignType(f[fieldSignType])
	switch as {
	case "":
		as = MD5
	case MD5, HMACSHA256:
	default:
		return unproven("unknown sign_type")
	}
	if least == HMACSHA256 && as != HMACSHA256 {
		return unproven("sign_type below what is agreed")
	}
	return f.prove(key, as)
}

// VerifyAs checks an answer that must carry the signature its question was signed with. Answers may
// leave sign_type out; one that names another type is refused.
func (f Fields) VerifyAs(key string, as SignType) error {
	if named := f[fieldSignType]; named != "" && named != string(as) {
		return unproven("answer signed as another type")
	}
	return f.prove(key, as)
}

func (f Fields) prove(key string, as SignType) error {
	if key == "" {
		return unproven("no key to check with")
	}
	given := f[fieldSign]
	if given == "" {
		return unproven("sign is missing")
	}
	if subtle.ConstantTimeCompare([]byte(given), []byte(f.Sign(key, as))) != 1 {
		return unproven("sign does not match")
	}
	return nil
}

// signed is the text under the signature.
func (f Fields) signed(key string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if value := f[name]; value != "" && name != fieldSign {
			b.WriteString(name + "=" + value + "&")
		}
	}
	return b.String() + "key=" + key
}
