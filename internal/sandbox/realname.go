package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/wire"
)

// credTypes are the papers by WeChat's numbers.
var credTypes = map[string]identity.IDType{
	"1": identity.IDCard, "2": identity.Passport, "5": identity.HKMacaoPermit, "9": identity.TaiwanPermit,
}

// serveRealName compares a name and a paper with the person behind an openid. It never tells either.
func (w *WeChat) serveRealName(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, wire.MaxXMLBytes))
	var ask wire.Fields
	if err == nil {
		ask, err = wire.ReadXML(body)
	}
	if err != nil {
		w.writeXML(rw, r, transportFailure("XML格式错误"))
		return
	}
	if ask.Verify(w.cfg.APIKey, wire.HMACSHA256) != nil {
		w.writeXML(rw, r, transportFailure("签名错误"))
		return
	}
	result, err := w.compare(r.Context(), ask)
	if err != nil {
		fail(rw, r, err)
		return
	}
	nonce := wire.Nonces(w.cfg.Random)
	answer := wire.Fields{"return_code": "SUCCESS", "return_msg": "OK", "mch_id": ask["mch_id"], "appid": ask["appid"], "nonce_str": nonce()}
	for name, value := range result {
		answer[name] = value
	}
	w.writeXML(rw, r, answer.Seal(w.cfg.APIKey, wire.HMACSHA256))
}

func transportFailure(msg string) wire.Fields {
	return wire.Fields{"return_code": "FAIL", "return_msg": msg}
}

func businessFailure(code, text string) wire.Fields {
	return wire.Fields{"result_code": "FAIL", "err_code": code, "err_code_des": text}
}

// mandatory fields of the question.
var mandatory = []string{"version", "mch_id", "appid", "openid", "real_name", "cred_type", "cred_id", "nonce_str", "access_token"}

func (w *WeChat) compare(ctx context.Context, ask wire.Fields) (wire.Fields, error) {
	for _, name := range mandatory {
		if ask[name] == "" {
			return businessFailure("PARAM_ERROR", name+" missing"), nil
		}
	}
	if ask["mch_id"] != w.cfg.MchID || ask["appid"] != w.cfg.AppID {
		return businessFailure("NO_AUTH", "appid and mch_id do not belong together"), nil
	}
	if _, known := credTypes[ask["cred_type"]]; !known || ask["version"] != "1.0" && ask["version"] != "1.1" {
		return businessFailure("PARAM_ERROR", "cred_type or version"), nil
	}
	t, err := w.store.token(ctx, "identity", ask["access_token"])
	if err != nil {
		return nil, err
	}
	if t.Token == "" || !w.cfg.Now().Before(t.Expires) || OpenID(w.cfg.AppID, t.Person) != ask["openid"] {
		return businessFailure("INVALID_TOKEN", "access_token invalid or over"), nil
	}
	phone, err := w.Phone(ctx, t.Person)
	if errors.Is(err, fault.ErrNotFound) {
		return businessFailure("INVALID_TOKEN", "access_token invalid or over"), nil
	}
	if err != nil {
		return nil, err
	}
	result := likeness(phone.Person, ask)
	result["result_code"], result["openid"], result["access_token"] = "SUCCESS", ask["openid"], ask["access_token"]
	return result, nil
}

// likeness is the verdict in WeChat's words: the papers are looked at only where the name matches.
func likeness(p Person, ask wire.Fields) wire.Fields {
	switch {
	case !p.Verified:
		return wire.Fields{"verify_openid": "V_OP_NA"}
	case p.Name != ask["real_name"]:
		return wire.Fields{"verify_openid": "V_OP_NM_UM"}
	case p.IDType != credTypes[ask["cred_type"]]:
		return wire.Fields{"verify_openid": "V_OP_NM_MA", "verify_real_name": "V_NM_ID_TYPE_UM"}
	case !strings.EqualFold(p.IDNumber, ask["cred_id"]):
		return wire.Fields{"verify_openid": "V_OP_NM_MA", "verify_real_name": "V_NM_ID_UM"}
	}
	return wire.Fields{"verify_openid": "V_OP_NM_MA", "verify_real_name": "V_NM_ID_MA", "bind_bankcard": "YES"}
}

func (w *WeChat) writeXML(rw http.ResponseWriter, r *http.Request, answer wire.Fields) {
	body, err := answer.WriteXML()
	if err != nil {
		fail(rw, r, err)
		return
	}
	rw.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = rw.Write(body)
}
