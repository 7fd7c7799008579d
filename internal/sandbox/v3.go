package sandbox

import (
	"encoding/json"
	"io"
	"net/http"

	"zhanggui/internal/wire"
)

// problem is a refusal in the words of APIv3.
type problem struct {
	status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p problem) Error() string { return p.Code + ": " + p.Message }

// What the channel refuses with.
var (
	errSign   = problem{http.StatusUnauthorized, "SIGN_ERROR", "签名错误，请检查后再试"}
	errParam  = problem{http.StatusBadRequest, "PARAM_ERROR", "参数错误"}
	errNoSuch = problem{http.StatusNotFound, "RESOURCE_NOT_EXISTS", "查询的资源不存在"}
)

// v3 serves one path of APIv3: the call is proven over its raw bytes, the answer signed. A status of 0
// leaves the caller without an answer, as a line that breaks would.
func (w *WeChat) v3(serve func(r *http.Request, body []byte) (status int, answer any, err error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set(wire.HeaderRequestID, wire.RequestIDs()())
		body, err := w.proven(rw, r)
		status, answer := 0, any(nil)
		if err == nil {
			status, answer, err = serve(r, body)
		}
		switch p, refused := err.(problem); { //nolint:errorlint // refusals are values of this package, never wrapped
		case refused:
			w.signed(rw, r, p.status, p)
		case err != nil:
			fail(rw, r, err)
		case status == 0:
			panic(http.ErrAbortHandler)
		default:
			w.signed(rw, r, status, answer)
		}
	}
}

// proven reads a call that the provider signed.
func (w *WeChat) proven(rw http.ResponseWriter, r *http.Request) ([]byte, error) {
	if w.cfg.Channel == nil {
		return nil, errNoSuch
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, wire.MaxJSONBytes))
	if err != nil {
		return nil, errParam
	}
	a, err := wire.ReadAuthorization(r.Header.Get("Authorization"))
	if err == nil {
		err = a.Verify(w.cfg.Channel.Caller, r.Method, r.RequestURI, body, w.cfg.Now())
	}
	if err != nil || a.MchID != w.cfg.MchID {
		return nil, errSign
	}
	return body, nil
}

func (w *WeChat) signed(rw http.ResponseWriter, r *http.Request, status int, answer any) {
	var body []byte
	if answer != nil {
		var err error
		if body, err = json.Marshal(answer); err != nil {
			fail(rw, r, err)
			return
		}
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	if w.cfg.Channel != nil {
		if err := wire.SignAnswer(w.cfg.Channel.Key, rw.Header(), body, w.cfg.Now(), wire.Nonces(w.cfg.Random)()); err != nil {
			fail(rw, r, err)
			return
		}
	}
	rw.WriteHeader(status)
	_, _ = rw.Write(body) //nolint:gosec // JSON of our own
}

// serveTrade answers what became of an order, to those whose order it is.
func (w *WeChat) serveTrade(r *http.Request, _ []byte) (int, any, error) {
	found, err := w.store.payments(r.Context(), paidByNumber, r.PathValue("transaction"))
	if err != nil {
		return 0, nil, err
	}
	if len(found) == 0 {
		return 0, nil, errNoSuch
	}
	t, asked := found[0].transaction(), r.URL.Query()
	if t.MchID != asked.Get("mchid") || t.SPMchID != asked.Get("sp_mchid") || t.SubMchID != asked.Get("sub_mchid") {
		return 0, nil, errNoSuch
	}
	return http.StatusOK, t, nil
}
