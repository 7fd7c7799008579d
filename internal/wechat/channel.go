package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"zhanggui/internal/wire"
)

// Channel is what calls of APIv3 are proven with, both ways.
type Channel struct {
	Key      *wire.PrivateKey  // ours, named by our certificate's serial
	Platform []*wire.PublicKey // the channel's own; the first encrypts
}

// errNoChannel is a mistake of whoever put the program together.
var errNoChannel = errors.New("wechat: no channel is set up")

// maxV3Bytes bounds an answer of APIv3.
const maxV3Bytes = wire.MaxJSONBytes

// Call asks the payment channel: method, path with query, what to send (nil: no body), and what to read
// the answer into (nil: the answer does not matter). It returns once a 2xx answer's signature was checked.
//
// ErrUnavailable says that nothing is known: ask again with the same numbers. ErrNotThere says that the
// channel has nothing by that number; ErrRefused, with an APIError, that it will not. Refusals are not
// signed by the channel, so none of them may end a payment that was asked for: query it.
func (c *Client) Call(ctx context.Context, method, path string, ask, into any) error {
	if c.cfg.Channel == nil {
		return errNoChannel
	}
	body, err := written(ask)
	if err != nil {
		return fmt.Errorf("wechat: %s: %w", called(path), err)
	}
	req, err := c.signed(ctx, method, path, body)
	if err != nil {
		return err
	}
	res, err := c.caller.http.Do(req)
	if err != nil {
		return unavailable(called(path), withoutURL(err))
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxV3Bytes+1))
	switch {
	case err != nil:
		return unavailable(called(path), withoutURL(err))
	case len(answer) > maxV3Bytes:
		return odd(called(path), "too long")
	case res.StatusCode/100 != 2:
		return channelRefusal(called(path), res.StatusCode, answer)
	}
	if err := wire.VerifyAnswer(c.cfg.Channel.Platform, res.Header, answer, c.cfg.Now()); err != nil {
		return unavailable(called(path), err)
	}
	if into == nil {
		return nil
	}
	if err := wire.ReadJSON(answer, into); err != nil {
		return unavailable(called(path), err)
	}
	return nil
}

// Encrypt hides a field from all but the channel, as bank accounts and names want it.
func (c *Client) Encrypt(field string) (string, error) {
	if c.cfg.Channel == nil {
		return "", errNoChannel
	}
	return c.cfg.Channel.Platform[0].Encrypt(field)
}

// signed is the request with its proof. The signature is over path and query as they go out.
func (c *Client) signed(ctx context.Context, method, path string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.cfg.PayBase, "/")+path, strings.NewReader(string(body)))
	if err != nil {
		return nil, unavailable(called(path), withoutURL(err))
	}
	proof, err := wire.SignRequest(c.cfg.Channel.Key, c.cfg.MchID, method, req.URL.RequestURI(), body, c.cfg.Now(), c.nonce())
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", proof)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set(wire.HeaderSerial, c.cfg.Channel.Platform[0].KeyID())
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

const userAgent = "zhanggui"

func written(ask any) ([]byte, error) {
	if ask == nil {
		return nil, nil
	}
	return json.Marshal(ask)
}

// called names a call in errors: queries may hold names of people.
func called(path string) string {
	bare, _, _ := strings.Cut(path, "?")
	return bare
}

// channelRefusal reads an error of APIv3.
func channelRefusal(call string, status int, body []byte) error {
	var said struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if wire.ReadJSON(body, &said) != nil || said.Code == "" {
		return unavailable(call, fmt.Errorf("status %d", status))
	}
	why := ErrRefused
	switch {
	case status >= http.StatusInternalServerError || said.Code == "SYSTEM_ERROR":
		why = ErrUnavailable
	case status == http.StatusTooManyRequests:
		why = ErrQuota
	case status == http.StatusNotFound:
		why = ErrNotThere
	case said.Code == "NO_AUTH":
		why = ErrNotPermitted
	}
	return refused(why, call, said.Code, said.Message)
}
