package wechat

import (
	"errors"
	"fmt"

	"zhanggui/internal/identity"
)

// What callers tell apart. Each comes with the APIError that caused it, where WeChat named one.
var (
	// ErrUnavailable: no answer, or none that can be trusted. Nothing is known; asking again is right.
	ErrUnavailable = errors.New("wechat: no answer to rely on")
	// ErrCodeInvalid: the code is unknown or too old; the person opens the link again.
	ErrCodeInvalid = fmt.Errorf("%w: unknown or too old", identity.ErrCodeRefused)
	// ErrCodeUsed: the code was exchanged before, so somebody may be replaying it.
	ErrCodeUsed = fmt.Errorf("%w: used before", identity.ErrCodeRefused)
	// ErrRefused: WeChat refuses us, not the person: a wrong key, number or setting.
	ErrRefused = errors.New("wechat: our request was refused")
	// ErrNotPermitted: WeChat has not given this merchant number the person check.
	ErrNotPermitted = errors.New("wechat: no permission for the person check")
	// ErrNotFollowing: the person does not follow the official account, so it cannot write to them.
	ErrNotFollowing = errors.New("wechat: the person does not follow the official account")
	// ErrUnknownPerson: the openid is not one of this official account.
	ErrUnknownPerson = errors.New("wechat: no such openid")
	// ErrNotThere: the channel knows nothing by the number asked for.
	ErrNotThere = errors.New("wechat: the channel knows no such thing")
	// ErrQuota: the calls of this kind are used up for now.
	ErrQuota = errors.New("wechat: too many calls")
)

// APIError is WeChat's own word for a failure; for logs, not for people.
type APIError struct {
	Call    string // the path asked
	Code    string // errcode, retcode, err_code or code
	Message string
}

func (e *APIError) Error() string {
	return fmt.Sprintf("%s answered %s: %q", e.Call, e.Code, e.Message)
}

func refused(why error, call, code, message string) error {
	return fmt.Errorf("%w: %w", why, &APIError{Call: call, Code: cut(code), Message: cut(message)})
}

func unavailable(call string, cause error) error {
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, call, cause)
}

// odd is an answer that cannot be what WeChat means.
func odd(call, what string) error {
	return fmt.Errorf("%w: %s: odd answer: %s", ErrUnavailable, call, what)
}

const maxMessageRunes = 200

// cut bounds what of an answer reaches a log.
func cut(message string) string {
	if r := []rune(message); len(r) > maxMessageRunes {
		return string(r[:maxMessageRunes])
	}
	return message
}
