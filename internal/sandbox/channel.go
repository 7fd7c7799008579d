package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"zhanggui/internal/wire"
)

// Channel is what the simulated payment channel and its service provider know of each other.
type Channel struct {
	Key    *wire.PrivateKey // the channel's own, which signs answers and notifications
	Caller *wire.PublicKey  // the provider's, which proves its calls
	V3Key  string
	// Certificate is the provider's, which calls of APIv2 that move money must carry; nil: they are refused.
	Certificate *x509.Certificate
	Notify      string         // base URL of the provider's API listener
	Roots       *x509.CertPool // who may certify that listener
}

// notifyMax is how long the channel waits for an answer to a notification.
const notifyMax = 5 * time.Second

func newCaller(roots *x509.CertPool) *http.Client {
	return &http.Client{
		Timeout:       notifyMax,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			MaxIdleConnsPerHost: sendersMax, MaxConnsPerHost: sendersMax, IdleConnTimeout: time.Minute, DisableCompression: true},
	}
}

// post sends one notification, signed now, and tells why it was not accepted.
func (w *WeChat) post(ctx context.Context, e event, probe bool) error {
	nonce := wire.Nonces(w.cfg.Random)()
	body, err := wire.Event{ID: e.ID, At: e.CreatedAt, Type: e.EventType, OriginalType: originalType(e.EventType),
		Summary: summaries[e.EventType], Resource: e.Resource}.Seal(w.cfg.Channel.V3Key, nonce)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.cfg.Channel.Notify+"/channel/notify/"+e.Kind, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderRequestID, wire.RequestIDs()())
	if err := wire.SignAnswer(w.cfg.Channel.Key, req.Header, body, w.cfg.Now(), nonce); err != nil {
		return err
	}
	if probe {
		req.Header.Set(wire.HeaderSignature, "WECHATPAY/SIGNTEST/"+req.Header.Get(wire.HeaderSignature))
	}
	res, err := w.caller.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(res.Body, maxErrorBytes))
	if err != nil || res.StatusCode == http.StatusOK || res.StatusCode == http.StatusNoContent {
		return err
	}
	return fmt.Errorf("answered %d %s", res.StatusCode, said)
}

const maxErrorBytes = 200

// originalType is the class of what is sealed: of TRANSACTION.SUCCESS it is transaction.
func originalType(eventType string) string {
	class, _, _ := strings.Cut(strings.ToLower(eventType), ".")
	return class
}

// summaries are the channel's words for events.
var summaries = map[string]string{
	"TRANSACTION.SUCCESS": "支付成功", "REFUND.SUCCESS": "退款成功", "REFUND.ABNORMAL": "退款异常", "REFUND.CLOSED": "退款关闭",
	"SETTLEMENT.SUCCESS": "结算成功", "SETTLEMENT.FAILED": "结算失败", "SETTLEMENT.RETURNED": "结算退票",
	"TRANSFER.SUCCESS": "付款成功", "TRANSFER.FAILED": "付款失败",
	"PAYOUT.SUCCESS": "付款成功", "PAYOUT.FAILED": "付款失败", "PAYOUT.RETURNED": "付款退票", "TOPUP.SUCCESS": "充值到账",
}
