package identity

import (
	"context"
	"errors"
)

// WeChat is what identity asks of WeChat: who is behind a phone, and whether that WeChat account
// belongs to a person. It never tells a name.
type WeChat interface {
	// AuthorizeURL is where a phone's browser is sent to say who it is; WeChat sends it back to
	// redirect with a code and the state.
	AuthorizeURL(redirect, state string) string
	// Exchange turns the code, once, into the WeChat account's openid. It fails with
	// ErrCodeRefused when WeChat does not take the code.
	Exchange(ctx context.Context, code string) (openid string, err error)
	// ConsentURL is WeChat's own page on which the person agrees to the comparison.
	ConsentURL(redirect, state string) string
	// Compare asks whether the WeChat account belongs to the person. code comes from the consent
	// page, once; ErrCodeRefused as above. Every other error means that there is no verdict.
	Compare(ctx context.Context, openid, code string, p Person) (Verdict, error)
}

// ErrCodeRefused says that WeChat did not take a code: made up, used before, too old, or of another WeChat.
var ErrCodeRefused = errors.New("identity: WeChat refused the code")

// Person is whom a login account was made for.
type Person struct {
	Name     string
	IDType   IDType
	IDNumber string
}

// IDType is the kind of identity paper.
type IDType string

// The papers that are taken.
const (
	IDCard        IDType = "id_card"
	HKMacaoPermit IDType = "hk_macao_permit" // 港澳居民来往内地通行证
	TaiwanPermit  IDType = "taiwan_permit"   // 台湾居民来往大陆通行证
	Passport      IDType = "passport"
)

// Verdict is WeChat's answer to a comparison.
type Verdict int

// The verdicts. The zero value is Unknown, so that nothing matches by omission.
const (
	Unknown Verdict = iota // the person has not verified the name at WeChat
	Match                  // name and paper are those of the WeChat account
	NoMatch                // the WeChat account belongs to somebody else
)
