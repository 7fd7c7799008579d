package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"time"
	"unicode/utf8"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/wire"
)

// Message is one message of the official account in a person's chat. Its JSON is the demo's contract.
type Message struct {
	ID       string            `json:"id"`
	OpenID   string            `json:"openid"`
	Template string            `json:"template"`
	SentAt   time.Time         `json:"sent_at"`
	Title    string            `json:"title"`
	Fields   map[string]string `json:"fields"`
	URL      string            `json:"url"`
}

// Bounds of a message.
const (
	maxMessageFields = 20
	maxFieldRunes    = 200
	maxURLBytes      = 1024
	maxKeyBytes      = 64
	// MessagesShown is how many of a chat's messages are read at most.
	MessagesShown = 200
)

// fieldTitle is the keyword that carries a title; the sandbox has no template library to take it from.
const fieldTitle = "first"

var templateID = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// Topic is the signal that a person's chat has something new.
func Topic(openid string) string { return "sandbox.messages." + openid }

// Messages lists what stands in the chat of the openid, newest first.
func (w *WeChat) Messages(ctx context.Context, openid string) ([]Message, error) {
	messages, err := w.store.messages(ctx, openid, MessagesShown)
	for i := range messages {
		messages[i].SentAt = messages[i].SentAt.In(clock.Beijing).Truncate(time.Second)
	}
	return messages, err
}

type sendRequest struct {
	ToUser   string `json:"touser"`
	Template string `json:"template_id"`
	URL      string `json:"url"`
	Key      string `json:"client_msg_id"`
	Data     map[string]struct {
		Value string `json:"value"`
	} `json:"data"`
}

func (w *WeChat) serveSend(rw http.ResponseWriter, r *http.Request) {
	id, err := w.send(rw, r)
	answer(rw, r, struct {
		status
		ID int64 `json:"msgid"`
	}{okay, id}, err)
}

func (w *WeChat) send(rw http.ResponseWriter, r *http.Request) (int64, error) {
	if err := w.checkAccountToken(r); err != nil {
		return 0, err
	}
	var ask sendRequest
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBodyBytes))
	if err != nil || wire.ReadJSON(body, &ask) != nil {
		return 0, errFormat
	}
	phone, err := w.phoneOf(r.Context(), ask.ToUser)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return 0, errOpenID
	case err != nil:
		return 0, err
	case !templateID.MatchString(ask.Template):
		return 0, errTemplate
	case !phone.Follows:
		return 0, errNotFollowing
	case !ask.fits():
		return 0, errArgument
	}
	m := Message{OpenID: phone.OpenID, Template: ask.Template, URL: ask.URL, Fields: map[string]string{}, SentAt: w.cfg.Business.Now()}
	for name, value := range ask.Data {
		m.Fields[name] = value.Value
	}
	m.Title = m.Fields[fieldTitle]
	delete(m.Fields, fieldTitle)
	return w.store.addMessage(r.Context(), m, ask.Key)
}

func (s sendRequest) fits() bool {
	if len(s.Data) == 0 || len(s.Data) > maxMessageFields || len(s.URL) > maxURLBytes || len(s.Key) > maxKeyBytes {
		return false
	}
	for _, field := range s.Data {
		if field.Value == "" || utf8.RuneCountInString(field.Value) > maxFieldRunes {
			return false
		}
	}
	return true
}

func (w *WeChat) checkAccountToken(r *http.Request) error {
	value := r.URL.Query().Get("access_token")
	if value == "" {
		return errNoToken
	}
	t, err := w.store.token(r.Context(), "account", value)
	switch {
	case err != nil:
		return err
	case t.Token == "":
		return errCredential
	case !w.cfg.Now().Before(t.Expires):
		return errTokenOver
	}
	return nil
}
