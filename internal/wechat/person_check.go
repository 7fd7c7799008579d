package wechat

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"zhanggui/internal/identity"
	"zhanggui/internal/wire"
)

const (
	pathConsent       = "/appauth/authindex"
	pathIdentityToken = "/appauth/getaccesstoken" //nolint:gosec // a path, not a token
	pathRealName      = "/secsvc/realnameauth"

	scopeIdentity   = "pay_identity"
	realNameVersion = "1.0"
)

// credTypes are WeChat's numbers for the papers we know.
var credTypes = map[identity.IDType]string{
	identity.IDCard: "1", identity.Passport: "2", identity.HKMacaoPermit: "5", identity.TaiwanPermit: "9",
}

// ConsentURL is WeChat's own page on which the person allows the comparison (scope pay_identity). It
// sends the phone back to redirect with ?code=&state=, or without a code if the person refused.
func (c *Client) ConsentURL(redirect, state string) string {
	return link(c.cfg.PayAppBase, pathConsent,
		"mch_id", c.cfg.MchID, "appid", c.cfg.AppID, "redirect_uri", redirect, "response_type", "code",
		"scope", scopeIdentity, "state", state) + "#wechat_redirect"
}

// Compare asks WeChat whether the openid belongs to the person, with the code of the consent page,
// which it uses up. WeChat never tells a name; it only compares. Unknown means that the account is not
// verified at WeChat yet; an error means that there is no verdict.
//
// This is the check of WeChat's 实名验证 interface (secsvc). Merchant numbers without its permission get
// ErrNotPermitted.
func (c *Client) Compare(ctx context.Context, openid, code string, person identity.Person) (identity.Verdict, error) {
	credType, known := credTypes[person.IDType]
	if !known {
		return identity.Unknown, fmt.Errorf("wechat: no number for the paper %q", person.IDType)
	}
	token, err := c.identityToken(ctx, openid, code)
	if err != nil {
		return identity.Unknown, err
	}
	ask := wire.Fields{
		"version": realNameVersion, "mch_id": c.cfg.MchID, "appid": c.cfg.AppID, "openid": openid,
		"real_name": strings.TrimSpace(person.Name), "cred_type": credType,
		"cred_id":   strings.ToUpper(strings.TrimSpace(person.IDNumber)),
		"nonce_str": c.nonce(), "access_token": token,
	}
	answer, err := c.askSigned(ctx, pathRealName, ask)
	if err != nil {
		return identity.Unknown, err
	}
	return verdict(answer)
}

// identityToken trades the consent for the right to compare once.
func (c *Client) identityToken(ctx context.Context, openid, code string) (string, error) {
	ask := wire.Fields{
		"mch_id": c.cfg.MchID, "appid": c.cfg.AppID, "openid": openid, "code": code,
		"scope": scopeIdentity, "grant_type": "authorization_code",
	}.Seal(c.cfg.APIKey, wire.HMACSHA256)
	pairs := make([]string, 0, 2*len(ask))
	for name, value := range ask {
		pairs = append(pairs, name, value)
	}
	body, err := c.caller.get(ctx, pathIdentityToken, link(c.cfg.PayBase, pathIdentityToken, pairs...))
	if err != nil {
		return "", err
	}
	var answer struct {
		RetCode *int64 `json:"retcode"`
		RetMsg  string `json:"retmsg"`
		Token   string `json:"access_token"`
	}
	if err := wire.ReadJSON(body, &answer); err != nil {
		return "", unavailable(pathIdentityToken, err)
	}
	switch {
	case answer.RetCode == nil:
		return "", odd(pathIdentityToken, "no retcode")
	case *answer.RetCode != 0:
		return "", refused(ErrCodeInvalid, pathIdentityToken, strconv.FormatInt(*answer.RetCode, 10), answer.RetMsg)
	case answer.Token == "":
		return "", odd(pathIdentityToken, "no access_token")
	}
	return answer.Token, nil
}

// verdict reads the two comparisons: of the name, and, where that matched, of the papers.
func verdict(answer wire.Fields) (identity.Verdict, error) {
	byName := strings.Split(answer["verify_openid"], ";")
	has := func(word string) bool {
		for _, w := range byName {
			if strings.TrimSpace(w) == word {
				return true
			}
		}
		return false
	}
	switch {
	case answer["verify_openid"] == "":
		return identity.Unknown, odd(pathRealName, "no verify_openid")
	case has("V_OP_NM_UM"):
		return identity.NoMatch, nil
	case has("V_OP_NA"):
		return identity.Unknown, nil
	case has("V_OP_NM_MA") && answer["verify_real_name"] == "V_NM_ID_MA":
		return identity.Match, nil
	}
	return identity.NoMatch, nil
}
