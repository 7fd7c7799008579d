// Package wechat is the one client of WeChat: official-account sign-in, the check whether a WeChat
// account belongs to a person, messages to followers, and signed calls of the payment channel.
// Production and the sandbox use this same code; they differ only in base URLs and keys.
//
// It decides what WeChat's answers mean. It refuses answers that are unsigned where they must be
// signed, that speak of another person than was asked about, or that are not well-formed; and it
// never turns silence into a verdict: a time-out is ErrUnavailable. Secrets travel in URLs where
// WeChat wants them so, therefore no error of this package carries a URL.
package wechat

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/wire"
)

// Config says which WeChat to talk to, and as whom. The first two bases are opened by people's phones,
// the others by this program.
type Config struct {
	OAuthBase  string // https://open.weixin.qq.com
	PayAppBase string // https://payapp.weixin.qq.com
	APIBase    string // https://api.weixin.qq.com
	PayBase    string // https://api.mch.weixin.qq.com
	FraudBase  string // https://fraud.mch.weixin.qq.com
	CertBase   string // of calls that want our certificate on the connection; empty: PayBase

	AppID     string // the official account
	AppSecret string
	MchID     string // the service provider's merchant number, which may ask for person checks
	APIKey    string // its APIv2 key, 32 characters

	Channel *Channel // its proofs for APIv3; nil: the channel is never called

	Certificate *tls.Certificate // ours at the channel; nil: such calls are refused by it
	Roots       *x509.CertPool   // who may certify CertBase; nil: the system's

	// Templates by our kind of notice; nil: the kind is the id and labels are keywords (the sandbox).
	Templates map[string]Template

	Random io.Reader        // nil: crypto/rand
	Now    func() time.Time // wall clock; nil: clock.Wall
}

// Client talks to WeChat. It is safe for concurrent use.
// It is what identity and inbox ask of WeChat.
type Client struct {
	cfg    Config
	caller caller
	proven caller // with our certificate
	nonce  func() string
	token  *tokenCache
}

var (
	_ identity.WeChat = (*Client)(nil)
	_ inbox.Messenger = (*Client)(nil)
)

const apiKeyChars = 32

// New checks the settings and names everything that is wrong with them at once.
func New(cfg Config) (*Client, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Now == nil {
		cfg.Now = clock.Wall
	}
	if cfg.CertBase == "" {
		cfg.CertBase = cfg.PayBase
	}
	return &Client{cfg: cfg, caller: newCaller(nil), proven: newCaller(cfg.proof()), nonce: wire.Nonces(cfg.Random), token: newTokenCache()}, nil
}

// proof is what calls with our certificate are made with.
func (c Config) proof() *tls.Config {
	proof := &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
	if c.Certificate != nil {
		proof.Certificates = []tls.Certificate{*c.Certificate}
	}
	return proof
}

func (c Config) check() error {
	var wrong []error
	for name, base := range map[string]string{"OAuthBase": c.OAuthBase, "PayAppBase": c.PayAppBase} {
		wrong = append(wrong, checkBase(name, base, true))
	}
	for name, base := range map[string]string{"APIBase": c.APIBase, "PayBase": c.PayBase, "FraudBase": c.FraudBase} {
		wrong = append(wrong, checkBase(name, base, false))
	}
	if c.CertBase != "" {
		wrong = append(wrong, checkBase("CertBase", c.CertBase, false))
	}
	for name, value := range map[string]string{"AppID": c.AppID, "AppSecret": c.AppSecret, "MchID": c.MchID} {
		if value == "" {
			wrong = append(wrong, fmt.Errorf("wechat: %s is missing", name))
		}
	}
	if c.Channel != nil && (c.Channel.Key == nil || len(c.Channel.Platform) == 0) {
		wrong = append(wrong, errors.New("wechat: the channel has no key of ours, or none of its own"))
	}
	if len(c.APIKey) != apiKeyChars {
		wrong = append(wrong, fmt.Errorf("wechat: APIKey must have %d characters", apiKeyChars))
	}
	return errors.Join(wrong...)
}

// checkBase wants TLS wherever our secrets go, except to this very machine (the sandbox).
func checkBase(name, base string, opensOnPhones bool) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("wechat: %s is not a base URL", name)
	}
	if u.Scheme == "https" || u.Scheme == "http" && (opensOnPhones || isLoopback(u.Hostname())) {
		return nil
	}
	return fmt.Errorf("wechat: %s must be https", name)
}

// isLoopback is also true for 0.0.0.0, which is this machine when one dials it.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// link writes base + path and the parameters in the order given: WeChat matches the order on the
// links that people open.
func link(base, path string, pairs ...string) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(base, "/") + path)
	separator := "?"
	for pair := range slices.Chunk(pairs, 2) {
		b.WriteString(separator + pair[0] + "=" + url.QueryEscape(pair[1]))
		separator = "&"
	}
	return b.String()
}
