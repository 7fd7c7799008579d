package wechat

import (
	"context"
	"net/netip"
	"strconv"

	"zhanggui/internal/money"
	"zhanggui/internal/transfer"
	"zhanggui/internal/wire"
)

// Paths of payments to people. Both want our certificate on the connection; their answers are not signed, and
// are as good as the connection.
const (
	pathTransfer     = "/mmpaymkttransfers/promotion/transfers"
	pathTransferInfo = "/mmpaymkttransfers/gettransferinfo"
)

var _ transfer.Channel = (*Client)(nil)

// refusedForGood are the codes with which WeChat says for certain that a payment was not made and will not be.
// With any other the payment may stand there: it is asked after.
var refusedForGood = map[string]bool{"NAME_MISMATCH": true, "V2_ACCOUNT_SIMPLE_BAN": true, "OPENID_ERROR": true, "MONEY_LIMIT": true,
	"AMOUNT_LIMIT": true, "SENDNUM_LIMIT": true}

// SendPayment hands a payment in. Any error, and what is not in the list of certain refusals, leaves open whether
// WeChat has it.
func (c *Client) SendPayment(ctx context.Context, o transfer.Order) (transfer.Answer, error) {
	ask := wire.Fields{"mch_appid": c.cfg.AppID, "mchid": c.cfg.MchID, "nonce_str": c.nonce(), "partner_trade_no": o.Number, "openid": o.OpenID,
		"check_name": string(o.Check), "re_user_name": o.Name, "amount": strconv.FormatInt(int64(o.Amount), 10), "desc": o.Description,
		"spbill_create_ip": callerIP(o.Address)}
	answer, err := c.certified(ctx, pathTransfer, ask)
	if err != nil {
		return transfer.Answer{}, err
	}
	a := transfer.Answer{Verdict: transfer.Unknown, Code: answer["err_code"], Reason: answer["err_code_des"]}
	switch {
	case answer["return_code"] != success:
		a.Code, a.Reason = transfer.CodeCall, answer["return_msg"]
	case answer["result_code"] == success && answer["partner_trade_no"] == o.Number && answer["payment_no"] != "":
		a = transfer.Answer{Verdict: transfer.Paid, PaymentNo: answer["payment_no"]}
	case answer["result_code"] == "FAIL" && refusedForGood[a.Code]:
		a.Verdict = transfer.Refused
	}
	return a, nil
}

// callerMax is the size of spbill_create_ip; long IPv6 addresses do not fit. nobodysIP stands for those: it is of
// a range that belongs to nobody (RFC 5737), for no address may name somebody else.
const (
	callerMax = 32
	nobodysIP = "192.0.2.1"
)

// callerIP is an address as spbill_create_ip can carry it.
func callerIP(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return nobodysIP
	}
	if text := ip.Unmap().WithZone("").String(); len(text) <= callerMax {
		return text
	}
	return nobodysIP
}

// FindPayment tells how a payment stands at WeChat.
func (c *Client) FindPayment(ctx context.Context, number string) (transfer.Answer, error) {
	ask := wire.Fields{"nonce_str": c.nonce(), "partner_trade_no": number, "mch_id": c.cfg.MchID, "appid": c.cfg.AppID}
	answer, err := c.certified(ctx, pathTransferInfo, ask)
	if err != nil {
		return transfer.Answer{}, err
	}
	a := transfer.Answer{Verdict: transfer.Unknown, Code: answer["err_code"], Reason: answer["err_code_des"]}
	switch {
	case answer["return_code"] != success:
		a.Code, a.Reason = transfer.CodeCall, answer["return_msg"]
	case answer["result_code"] == "FAIL" && a.Code == "NOT_FOUND":
		a.Verdict = transfer.NotFound
	case answer["result_code"] == success && answer["partner_trade_no"] == number:
		return found(answer)
	}
	return a, nil
}

// found reads how a payment that WeChat knows stands there.
func found(answer wire.Fields) (transfer.Answer, error) {
	amount, err := strconv.ParseInt(answer["payment_amount"], 10, 64)
	if err != nil {
		return transfer.Answer{}, odd(pathTransferInfo, "no amount")
	}
	a := transfer.Answer{PaymentNo: answer["detail_id"], Amount: money.Fen(amount), Reason: answer["reason"], Code: answer["err_code"]}
	switch answer["status"] {
	case "SUCCESS":
		a.Verdict = transfer.Paid
	case "FAILED":
		a.Verdict = transfer.Refused
		if a.Code == "" || a.Code == success {
			a.Code = transfer.CodeFailed
		}
	case "PROCESSING":
		a.Verdict = transfer.Going
	default:
		return a, odd(pathTransferInfo, "no status")
	}
	return a, nil
}

// certified makes an APIv2 call with our certificate on the connection. Its answer proves nothing by itself.
func (c *Client) certified(ctx context.Context, path string, ask wire.Fields) (wire.Fields, error) {
	ask["sign"] = ask.Sign(c.cfg.APIKey, wire.MD5)
	body, err := ask.WriteXML()
	if err != nil {
		return nil, err
	}
	raw, err := c.proven.post(ctx, path, link(c.cfg.CertBase, path), "text/xml; charset=utf-8", body)
	if err != nil {
		return nil, err
	}
	answer, err := wire.ReadXML(raw)
	if err != nil {
		return nil, unavailable(path, err)
	}
	return answer, nil
}
