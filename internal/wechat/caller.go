package wechat

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Bounds of one call. People wait for these answers on their phones.
const (
	dialTimeout    = 3 * time.Second
	headerTimeout  = 5 * time.Second
	callTimeout    = 8 * time.Second
	maxAnswerBytes = 64 << 10
	maxHeaderBytes = 16 << 10
)

// caller makes the HTTP calls: no proxy, no redirects, no cookies, bounded in time and size.
type caller struct{ http *http.Client }

func newCaller(proof *tls.Config) caller {
	dialer := &net.Dialer{Timeout: dialTimeout}
	return caller{http: &http.Client{
		Timeout:       callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil,
			TLSClientConfig:        proof,
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    dialTimeout,
			ResponseHeaderTimeout:  headerTimeout,
			MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConnsPerHost:    16,
			IdleConnTimeout:        90 * time.Second,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
		},
	}}
}

func (c caller) get(ctx context.Context, call, address string) ([]byte, error) {
	return c.do(ctx, call, http.MethodGet, address, "", nil)
}

func (c caller) post(ctx context.Context, call, address, contentType string, body []byte) ([]byte, error) {
	return c.do(ctx, call, http.MethodPost, address, contentType, body)
}

func (c caller) do(ctx context.Context, call, method, address, contentType string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, unavailable(call, withoutURL(err))
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, unavailable(call, withoutURL(err))
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, unavailable(call, fmt.Errorf("status %d", res.StatusCode))
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswerBytes+1))
	if err != nil {
		return nil, unavailable(call, withoutURL(err))
	}
	if len(answer) > maxAnswerBytes {
		return nil, odd(call, "too long")
	}
	return answer, nil
}

// withoutURL drops the address from an error of net/http: it holds our secret and the person's code.
func withoutURL(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}
