package sandbox

import (
	"context"
	"io"
	"net/http"

	"zhanggui/internal/wire"
)

// v2 serves one path of APIv2 that wants the caller's certificate on the connection. Its answers are not
// signed, as WeChat's are not. No answer at all leaves the caller without one, as a line that breaks would.
func (w *WeChat) v2(serve func(ctx context.Context, ask wire.Fields) (wire.Fields, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, wire.MaxXMLBytes))
		var ask wire.Fields
		if err == nil {
			ask, err = wire.ReadXML(body)
		}
		switch {
		case err != nil:
			w.writeXML(rw, r, transportFailure("XML格式错误"))
			return
		case ask.Verify(w.cfg.APIKey, wire.MD5) != nil:
			w.writeXML(rw, r, transportFailure("签名错误"))
			return
		case !w.certified(r):
			w.writeXML(rw, r, answered(businessFailure("CA_ERROR", "请求未携带证书，或证书不是本商户的证书")))
			return
		}
		answer, err := serve(r.Context(), ask)
		switch {
		case err != nil:
			fail(rw, r, err)
		case answer == nil:
			panic(http.ErrAbortHandler)
		default:
			w.writeXML(rw, r, answered(answer))
		}
	}
}

// answered is an answer that was understood, whatever it says.
func answered(answer wire.Fields) wire.Fields {
	answer["return_code"] = "SUCCESS"
	return answer
}

// certified tells whether the connection carries the certificate that the channel gave its caller.
func (w *WeChat) certified(r *http.Request) bool {
	c := w.cfg.Channel
	return c != nil && c.Certificate != nil && r.TLS != nil && len(r.TLS.PeerCertificates) > 0 && r.TLS.PeerCertificates[0].Equal(c.Certificate)
}
