package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"

	"zhanggui/internal/audit"
	"zhanggui/internal/identity"
	"zhanggui/internal/vault"
	"zhanggui/internal/wechat"
)

// settings are the program's environment. about is what doctor says; secret values are never shown.
type settings struct {
	DatabaseURL    string         `env:"DATABASE_URL" about:"PostgreSQL; absent: a private one below ZHANGGUI_DATA" secret:"yes"`
	Data           string         `env:"ZHANGGUI_DATA" envDefault:"./var" about:"folder of the private PostgreSQL and of the demo's keys"`
	Listen         string         `env:"ZHANGGUI_LISTEN" envDefault:"127.0.0.1:8080" about:"where the portal listens"`
	APIListen      string         `env:"ZHANGGUI_API_LISTEN" envDefault:"127.0.0.1:8443" about:"where the machine API listens, with TLS"`
	APICert        string         `env:"ZHANGGUI_API_TLS_CERT" about:"certificate file of the machine API; demo: of its own CA"`
	APIKeyFile     string         `env:"ZHANGGUI_API_TLS_KEY" about:"key file of the machine API"`
	BaseURL        string         `env:"ZHANGGUI_BASE_URL" about:"the portal's address as browsers and phones see it; demo: http:// and ZHANGGUI_LISTEN"`
	MetricsListen  string         `env:"ZHANGGUI_METRICS_LISTEN" about:"listener of its own for /metrics; absent: /metrics answers loopback only"`
	TLSCert        string         `env:"ZHANGGUI_TLS_CERT" about:"certificate file of the portal"`
	TLSKey         string         `env:"ZHANGGUI_TLS_KEY" about:"key file of the portal"`
	TrustedProxies []netip.Prefix `env:"ZHANGGUI_TRUSTED_PROXIES" about:"networks whose X-Forwarded-For and -Proto are believed, such as 10.0.0.0/8"`
	MasterKey      string         `env:"ZHANGGUI_MASTER_KEY" about:"32 bytes in hex or base64 that seal personal data; demo: made at the first start" secret:"yes"`
	MasterKeyFile  string         `env:"ZHANGGUI_MASTER_KEY_FILE" about:"file with the master key"`
	PlatformKey    string         `env:"ZHANGGUI_PLATFORM_KEY_FILE" about:"RSA key (PEM) the platform signs with; demo: made at the first start"`
	AuditAnchor    string         `env:"ZHANGGUI_AUDIT_ANCHOR" about:"file outside the database that remembers the audit log's newest head; demo: in ZHANGGUI_DATA"`
	AppID          string         `env:"ZHANGGUI_WECHAT_APPID" about:"the official account people sign in with"`
	AppSecret      string         `env:"ZHANGGUI_WECHAT_APPSECRET" about:"its secret" secret:"yes"`
	MchID          string         `env:"ZHANGGUI_WECHAT_MCHID" about:"our merchant number at WeChat Pay: the service provider whose key, certificate and APIv3 key follow; it also asks whether an account belongs to a person"`
	APIKey         string         `env:"ZHANGGUI_WECHAT_API_KEY" about:"its APIv2 key, 32 characters" secret:"yes"`
	V3Key          string         `env:"ZHANGGUI_WECHAT_V3_KEY" about:"its APIv3 key, 32 characters" secret:"yes"`
	MchCert        string         `env:"ZHANGGUI_WECHAT_CERT" about:"its API certificate file (apiclient_cert.pem)"`
	MchKey         string         `env:"ZHANGGUI_WECHAT_KEY" about:"its private key file (apiclient_key.pem)"`
	WeChatKey      string         `env:"ZHANGGUI_WECHAT_PLATFORM" about:"WeChat Pay's own public key file (pub_key.pem), or its platform certificate"`
	WeChatKeyID    string         `env:"ZHANGGUI_WECHAT_PLATFORM_ID" about:"id of that public key, PUB_KEY_ID_…; a certificate has its serial"`
	PayURL         string         `env:"ZHANGGUI_WECHAT_PAY_URL" envDefault:"https://api.mch.weixin.qq.com" about:"base address of WeChat Pay's API"`
	Templates      string         `env:"ZHANGGUI_WECHAT_TEMPLATES" about:"message templates as JSON: {\"signin\": {\"id\": \"…\", \"keywords\": {\"时间\": \"time1\"}}, …}"`
	PayTo          string         `env:"ZHANGGUI_TOPUP_ACCOUNT" about:"bank account that merchants transfer to: name|bank|number; demo: one of its own"`
	DemoDays       int            `env:"ZHANGGUI_DEMO_DAYS" envDefault:"365" about:"days of business that a new demo begins with, 125 to 365"`
	PerMinute      rate           `env:"ZHANGGUI_TICKETS_PER_MINUTE" envDefault:"30" about:"sign-in codes a minute from one address"`
	Waiting        rate           `env:"ZHANGGUI_TICKETS_WAITING" envDefault:"20" about:"sign-in codes waiting at once from one address"`
	PasswordTries  rate           `env:"ZHANGGUI_PASSWORD_TRIES" envDefault:"10" about:"password tries per login account in 15 minutes"`
	PGBin          string         `env:"PGBIN" about:"folder of initdb and postgres; absent: the newest installed"`
	LogLevel       slog.Level     `env:"ZHANGGUI_LOG" envDefault:"INFO" about:"DEBUG, INFO, WARN or ERROR"`
}

// rate is how often something may be done; at least once.
type rate int

// UnmarshalText reads the number.
func (r *rate) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 32)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a number from 1", text)
	}
	*r = rate(n)
	return nil
}

// limits are the gate's rates.
func (s settings) limits() identity.Limits {
	return identity.Limits{TicketsPerMinute: int(s.PerMinute), TicketsWaiting: int(s.Waiting), PasswordTries: int(s.PasswordTries)}
}

// loadSettings reads the environment. What cannot be read is named in the error, one line a setting, and
// left out; the rest is there.
func loadSettings() (settings, error) {
	s, err := env.ParseAs[settings]()
	var all env.AggregateError
	if err == nil || !errors.As(err, &all) {
		return s, err
	}
	unread := make([]error, len(all.Errors))
	for i, each := range all.Errors {
		unread[i] = each
		var wrong env.ParseError
		if errors.As(each, &wrong) {
			field, _ := reflect.TypeFor[settings]().FieldByName(wrong.Name)
			unread[i] = fmt.Errorf("%s cannot be read: %w", field.Tag.Get("env"), wrong.Err)
		}
	}
	return s, errors.Join(unread...)
}

// anchor is where the audit log's newest head is remembered outside the database.
func (s settings) anchor() audit.Anchor {
	if s.AuditAnchor == "" && s.DatabaseURL == "" {
		return audit.Anchor(filepath.Join(s.Data, "audit.head"))
	}
	return audit.Anchor(s.AuditAnchor)
}

// masterKey reads the key from the variable or the file.
func (s settings) masterKey() ([]byte, error) {
	text := s.MasterKey
	if text == "" && s.MasterKeyFile != "" {
		raw, err := os.ReadFile(s.MasterKeyFile)
		if err != nil {
			return nil, fmt.Errorf("ZHANGGUI_MASTER_KEY_FILE: %w", err)
		}
		text = strings.TrimSpace(string(raw))
	}
	return decodeKey(text)
}

func decodeKey(text string) ([]byte, error) {
	if text == "" {
		return nil, errors.New("ZHANGGUI_MASTER_KEY (or _FILE) is missing")
	}
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString} {
		if key, err := decode(text); err == nil && len(key) == vault.KeySize {
			if weak(key) {
				return nil, errors.New("ZHANGGUI_MASTER_KEY is weak: make one with `openssl rand -hex 32`")
			}
			return key, nil
		}
	}
	return nil, errors.New("ZHANGGUI_MASTER_KEY is not 32 bytes in hex or base64")
}

// weak recognises keys that nobody drew at random: fewer than 12 different bytes.
func weak(key []byte) bool {
	seen := map[byte]bool{}
	for _, b := range key {
		seen[b] = true
	}
	return len(seen) < 12
}

// production lists everything that stands in the way of serve.
func (s settings) production() error {
	var wrong []error
	missing := func(name, value string) {
		if value == "" {
			wrong = append(wrong, errors.New(name+" is missing"))
		}
	}
	missing("DATABASE_URL", s.DatabaseURL)
	if _, err := s.masterKey(); err != nil {
		wrong = append(wrong, err)
	}
	if _, err := s.platformKey(); err != nil {
		wrong = append(wrong, err)
	}
	wrong = append(wrong, s.checkBaseURL(), s.checkTransport(), s.checkChannel())
	missing("ZHANGGUI_WECHAT_APPID", s.AppID)
	missing("ZHANGGUI_WECHAT_APPSECRET", s.AppSecret)
	missing("ZHANGGUI_WECHAT_MCHID", s.MchID)
	if len(s.APIKey) != 32 {
		wrong = append(wrong, errors.New("ZHANGGUI_WECHAT_API_KEY is missing or not 32 characters"))
	}
	if _, err := s.templates(); err != nil {
		wrong = append(wrong, err)
	}
	if _, err := s.payTo(); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

func (s settings) checkBaseURL() error {
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Scheme != "https" || u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return errors.New("ZHANGGUI_BASE_URL is missing or not https://host[:port]")
	}
	return nil
}

// checkTransport wants TLS of our own, or proxies that are trusted to have it.
func (s settings) checkTransport() error {
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return errors.New("ZHANGGUI_TLS_CERT and ZHANGGUI_TLS_KEY belong together")
	}
	if s.TLSCert == "" && len(s.TrustedProxies) == 0 {
		return errors.New("the portal has neither TLS (ZHANGGUI_TLS_CERT, ZHANGGUI_TLS_KEY) nor ZHANGGUI_TRUSTED_PROXIES in front")
	}
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("ZHANGGUI_LISTEN: %w", err)
	}
	return nil
}

// templates are the official account's message templates: kind → id, and our labels → its keywords.
func (s settings) templates() (map[string]wechat.Template, error) {
	if s.Templates == "" {
		return nil, errors.New("ZHANGGUI_WECHAT_TEMPLATES is missing")
	}
	var all map[string]wechat.Template
	d := json.NewDecoder(strings.NewReader(s.Templates))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("ZHANGGUI_WECHAT_TEMPLATES: %w", err)
	}
	return all, nil
}
