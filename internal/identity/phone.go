package identity

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"zhanggui/internal/fault"
)

// PhoneSession is a phone's in-app browser, known as one WeChat.
type PhoneSession struct {
	OpenID    string
	ExpiresAt time.Time
}

// phoneSession is a row of phone_sessions.
type phoneSession struct {
	IDHash    []byte `gorm:"primaryKey"`
	OpenID    string `gorm:"column:openid"`
	MadeAt    time.Time
	ExpiresAt time.Time
}

// PhoneStart sends a phone to WeChat to say who it is, and then on to next, a path under /m/.
// cookie is the random value that only this phone's browser holds.
func (g *Gate) PhoneStart(ctx context.Context, cookie, next string) (redirect string, err error) {
	if !phonePath(next) {
		return "", fault.ErrNotFound
	}
	state, err := g.setOut(ctx, g.db.PG(), cookie, roundTrip{Purpose: sayWho}, next)
	if err != nil {
		return "", err
	}
	return g.wechat.AuthorizeURL(g.base+pathOAuth, state), nil
}

// PhoneReturn takes a phone back from WeChat: state once, and only by the browser that set out. It
// refuses with ErrRoundTrip, ErrOAuthRefused (WeChat does not take the code, or the person said no)
// and ErrWeChatSilent. What WeChat said is not repeated to anyone.
func (g *Gate) PhoneReturn(ctx context.Context, cookie, code, state string) (p PhoneSession, secret, next string, err error) {
	_, next, err = g.comeBack(ctx, cookie, state, sayWho)
	if err != nil {
		return PhoneSession{}, "", "", err
	}
	if code == "" {
		return PhoneSession{}, "", "", ErrOAuthRefused
	}
	openid, err := g.wechat.Exchange(ctx, code)
	if err != nil {
		return PhoneSession{}, "", "", silence(ctx, "exchange", err, ErrOAuthRefused, ErrWeChatSilent)
	}
	secret, err = g.secret()
	if err != nil {
		return PhoneSession{}, "", "", err
	}
	now := g.wall.Now()
	row := phoneSession{IDHash: hashed(secret), OpenID: openid, MadeAt: now, ExpiresAt: now.Add(phoneLife)}
	if err := insertPhone(ctx, g.db, row); err != nil {
		return PhoneSession{}, "", "", err
	}
	return PhoneSession{OpenID: openid, ExpiresAt: row.ExpiresAt}, secret, next, nil
}

// Phone tells whose WeChat a phone's browser is; ErrNoSession when it has to say so again.
func (g *Gate) Phone(ctx context.Context, secret string) (openid string, err error) {
	if secret == "" {
		return "", ErrNoSession
	}
	p, err := readPhone(ctx, g.db, hashed(secret), g.wall.Now())
	return p.OpenID, err
}

// silence turns WeChat's failures into refusals: a code it does not take, or no answer. The cause is
// for the log alone.
func silence(ctx context.Context, call string, err, noCode, noAnswer error) error {
	if errors.Is(err, ErrCodeRefused) {
		return noCode
	}
	slog.WarnContext(ctx, "WeChat gave no answer", "call", call, "error", err)
	return noAnswer
}
