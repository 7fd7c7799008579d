package wechat

import (
	"context"

	"zhanggui/internal/wire"
)

const success = "SUCCESS"

// askSigned makes an APIv2 call of fraud.mch.weixin.qq.com and proves the answer: signed as we signed,
// and about what we asked.
func (c *Client) askSigned(ctx context.Context, path string, ask wire.Fields) (wire.Fields, error) {
	body, err := ask.Seal(c.cfg.APIKey, wire.HMACSHA256).WriteXML()
	if err != nil {
		return nil, err
	}
	raw, err := c.caller.post(ctx, path, link(c.cfg.FraudBase, path), "text/xml; charset=utf-8", body)
	if err != nil {
		return nil, err
	}
	answer, err := wire.ReadXML(raw)
	if err != nil {
		return nil, unavailable(path, err)
	}
	if answer["return_code"] != success { // such answers are not signed
		return nil, refused(ErrRefused, path, answer["return_code"], answer["return_msg"])
	}
	if err := answer.VerifyAs(c.cfg.APIKey, wire.HMACSHA256); err != nil {
		return nil, unavailable(path, err)
	}
	if answer["result_code"] != success {
		return nil, businessRefusal(path, answer)
	}
	// The access token is fresh for each question, so an answer that repeats it is no older one replayed.
	for _, name := range []string{"openid", "access_token"} {
		if answer[name] != ask[name] {
			return nil, odd(path, "another "+name+" than asked")
		}
	}
	for _, name := range []string{"mch_id", "appid"} {
		if answer[name] != "" && answer[name] != ask[name] {
			return nil, odd(path, "another "+name+" than asked")
		}
	}
	return answer, nil
}

func businessRefusal(path string, answer wire.Fields) error {
	why := ErrRefused
	switch answer["err_code"] {
	case "SYSTEM_ERROR", "SYSTEMERROR":
		why = ErrUnavailable
	case "NO_API_AUTH", "NO_AUTH":
		why = ErrNotPermitted
	}
	return refused(why, path, answer["err_code"], answer["err_code_des"])
}
