package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
)

// Person is somebody who has a WeChat, as WeChat knows them.
type Person struct {
	ID       string // p-…, stable
	Name     string
	Nickname string // what WeChat shows; never the name
	IDType   identity.IDType
	IDNumber string
	Mobile   string
	Verified bool // at WeChat; an unverified person can be compared with nobody
	Follows  bool // the official account
}

// Phone is a person's WeChat as it stands now.
type Phone struct {
	Person
	OpenID string
}

const openIDChars = 28

// OpenID is the person's stable id for one official account: another account sees another id.
func OpenID(appid, person string) string {
	sum := sha256.Sum256([]byte(appid + "\x00" + person))
	return ("o" + base64.RawURLEncoding.EncodeToString(sum[:]))[:openIDChars]
}

// Phone is one person's WeChat, or fault.ErrNotFound.
func (w *WeChat) Phone(ctx context.Context, person string) (Phone, error) {
	p, lives := w.people[person]
	if !lives {
		return Phone{}, fault.ErrNotFound
	}
	c, err := w.store.changeOf(ctx, person)
	return w.phone(p, c), err
}

// phoneOf is the WeChat behind an openid, or fault.ErrNotFound.
func (w *WeChat) phoneOf(ctx context.Context, openid string) (Phone, error) {
	return w.Phone(ctx, w.byOpenID[openid])
}

// Phones lists everybody in the order of the cast.
func (w *WeChat) Phones(ctx context.Context) ([]Phone, error) {
	changes, err := w.store.changes(ctx)
	if err != nil {
		return nil, err
	}
	phones := make([]Phone, 0, len(w.cast))
	for _, p := range w.cast {
		i := slices.IndexFunc(changes, func(c change) bool { return c.Person == p.ID })
		if i < 0 {
			phones = append(phones, w.phone(p, change{}))
			continue
		}
		phones = append(phones, w.phone(p, changes[i]))
	}
	return phones, nil
}

func (w *WeChat) phone(p Person, c change) Phone {
	if c.Verified != nil {
		p.Verified = *c.Verified
	}
	if c.Follows != nil {
		p.Follows = *c.Follows
	}
	return Phone{Person: p, OpenID: OpenID(w.cfg.AppID, p.ID)}
}

// Follow lets the person follow the official account, or stop.
func (w *WeChat) Follow(ctx context.Context, person string, follows bool) error {
	return w.change(ctx, change{Person: person, Follows: &follows})
}

// Verify gives the person a verified identity at WeChat, or takes it.
func (w *WeChat) Verify(ctx context.Context, person string, verified bool) error {
	return w.change(ctx, change{Person: person, Verified: &verified})
}

func (w *WeChat) change(ctx context.Context, c change) error {
	if _, lives := w.people[c.Person]; !lives {
		return fault.ErrNotFound
	}
	return w.store.change(ctx, c)
}
