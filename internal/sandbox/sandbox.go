// Package sandbox is the simulated WeChat of the demo: the official account's sign-in, the person
// check with its consent, messages, and the payment channel with a book of its own, on WeChat's own paths
// and with WeChat's own errors, so that the real client works against it unchanged. It also holds the
// demo's cast, and reads QR pictures as a phone's camera would.
//
// It decides what WeChat would answer. It refuses what WeChat refuses: other hosts than registered,
// codes twice or late, unsigned questions, messages to people who do not follow. It speaks JSON, XML
// and redirects; its pages belong to web. Only the demo mounts it.
package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// Prefix is where the simulated WeChat's paths begin.
const Prefix = "/sandbox/wechat"

// Config is what a real operator would have registered with WeChat.
type Config struct {
	AppID         string
	AppSecret     string
	MchID         string
	APIKey        string
	RedirectHosts []string // host[:port] that people may be sent back to
	Channel       *Channel // nil: nobody can pay

	Business clock.Clock      // when messages are dated
	Random   io.Reader        // nil: crypto/rand
	Now      func() time.Time // wall clock, for the life of codes and tokens; nil: clock.Wall
}

// WeChat is the simulated WeChat.
type WeChat struct {
	cfg      Config
	store    store
	cast     []Person
	people   map[string]Person // by id
	byOpenID map[string]string
	caller   *http.Client // tells the provider what happened
}

// New makes a WeChat in which the people of the cast live.
func New(d *db.DB, cast []Person, cfg Config) *WeChat {
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Now == nil {
		cfg.Now = clock.Wall
	}
	w := &WeChat{cfg: cfg, store: store{d}, cast: cast, people: map[string]Person{}, byOpenID: map[string]string{}}
	if cfg.Channel != nil {
		w.caller = newCaller(cfg.Channel.Roots)
	}
	for _, p := range cast {
		w.people[p.ID], w.byOpenID[OpenID(cfg.AppID, p.ID)] = p, p.ID
	}
	return w
}

const secretBytes = 24

// secret makes a code or token.
func (w *WeChat) secret() (string, error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(w.cfg.Random, raw); err != nil {
		return "", fmt.Errorf("sandbox: randomness: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
