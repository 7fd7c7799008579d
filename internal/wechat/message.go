package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"zhanggui/internal/inbox"
	"zhanggui/internal/job"
	"zhanggui/internal/wire"
)

const pathSend = "/cgi-bin/message/template/send"

// Template is what the operator registered with WeChat for a kind of notice.
type Template struct {
	ID       string
	Keywords map[string]string // our label → the template's keyword, such as thing1
}

// fieldTitle is the keyword of a title. WeChat ignores it since titles became the template's own.
const fieldTitle = "first"

// staleToken are the errcodes of an access token that is wrong or over.
var staleToken = map[string]bool{"40001": true, "40014": true, "42001": true}

// Send hands a notice to WeChat; the same key again does no harm. What trying again cannot mend (nobody
// there, not a follower, no such template) ends the job that sends it; ErrQuota, ErrRefused and
// ErrUnavailable leave it due.
func (c *Client) Send(ctx context.Context, n inbox.Notice) error {
	ask, err := c.wording(n)
	if err != nil {
		return job.Discard(err)
	}
	err = c.sendWithToken(ctx, ask)
	if errors.Is(err, ErrNotFollowing) || errors.Is(err, ErrUnknownPerson) {
		return job.Discard(err)
	}
	return err
}

// sendWithToken sends with the token at hand, and once more with a fresh one if WeChat calls it stale.
func (c *Client) sendWithToken(ctx context.Context, ask []byte) error {
	token, err := c.accessToken(ctx, "")
	if err != nil {
		return err
	}
	err = c.send(ctx, token, ask)
	var answered *APIError
	if !errors.As(err, &answered) || !staleToken[answered.Code] {
		return err
	}
	if token, err = c.accessToken(ctx, token); err != nil {
		return err
	}
	return c.send(ctx, token, ask)
}

// wording is the notice as JSON, in the keywords of the operator's template.
func (c *Client) wording(n inbox.Notice) ([]byte, error) {
	template := Template{ID: n.Template}
	if c.cfg.Templates != nil {
		var known bool
		if template, known = c.cfg.Templates[n.Template]; !known {
			return nil, fmt.Errorf("wechat: no template for notices of kind %q", n.Template)
		}
	}
	type value struct {
		Value string `json:"value"`
	}
	data := map[string]value{fieldTitle: {n.Title}}
	for label, text := range n.Fields {
		if keyword, named := template.Keywords[label]; named {
			label = keyword
		}
		if text != "" { // WeChat refuses a message with an empty place
			data[label] = value{cut(text)}
		}
	}
	return json.Marshal(map[string]any{
		"touser": n.OpenID, "template_id": template.ID, "url": n.URL, "client_msg_id": messageID(n.Key), "data": data,
	})
}

const messageIDChars = 32

// messageID fits a key of any length into WeChat's field against sending twice.
func messageID(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])[:messageIDChars]
}

func (c *Client) send(ctx context.Context, token string, ask []byte) error {
	body, err := c.caller.post(ctx, pathSend, link(c.cfg.APIBase, pathSend, "access_token", token), "application/json", ask)
	if err != nil {
		return err
	}
	var answer status
	if err := wire.ReadJSON(body, &answer); err != nil {
		return unavailable(pathSend, err)
	}
	if answer.ErrCode == nil {
		return odd(pathSend, "no errcode")
	}
	return answer.refusal(pathSend)
}
