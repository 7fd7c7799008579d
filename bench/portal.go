package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// browser is a client with cookies of its own, that calls from an address of its own.
type browser struct {
	base string
	http *http.Client
}

// newBrowser makes one; from may be any address of the loopback range, or empty.
func newBrowser(base, from string) *browser {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	jar, _ := cookiejar.New(nil) // without options nothing fails
	return &browser{base: base, http: &http.Client{Jar: jar, Transport: &http.Transport{
		DialContext: dialer.DialContext, MaxIdleConnsPerHost: 1, DisableCompression: true, WriteBufferSize: 1 << 10, ReadBufferSize: 1 << 10,
	}}}
}

func (b *browser) close() { b.http.CloseIdleConnections() }

// get gives a page's text after following redirects.
func (b *browser) get(ctx context.Context, path string) (text string, at *url.URL, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.absolute(path), nil)
	if err != nil {
		return "", nil, err
	}
	return b.send(req)
}

// post sends a form and tells where it led.
func (b *browser) post(ctx context.Context, path string, form url.Values) (at *url.URL, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.absolute(path), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.base)
	_, at, err = b.send(req)
	return at, err
}

func (b *browser) absolute(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return b.base + path
}

// errSlowDown says that a limit asks to come again.
var errSlowDown = errors.New("asked to come again later")

func (b *browser) send(req *http.Request) (string, *url.URL, error) {
	resp, err := b.http.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", nil, err
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		return "", nil, errSlowDown
	case resp.StatusCode >= http.StatusBadRequest:
		return "", nil, fmt.Errorf("%s %s answers %d", req.Method, req.URL.Path, resp.StatusCode)
	}
	return string(body), resp.Request.URL, nil
}

// card is the scan card of a sign-in page as a script sees it.
type card struct {
	id     string // of the ticket
	link   string // what the QR code says
	number string
	events string
}

var (
	cardLink   = regexp.MustCompile(`data-ticket-url="([^"]+)"`)
	cardNumber = regexp.MustCompile(`data-ticket-number="([^"]+)"`)
	cardEvents = regexp.MustCompile(`"(/login/tickets/([0-9a-f-]+)/events[^"]*)"`)
)

// openSignIn opens the sign-in page and reads its card.
func (b *browser) openSignIn(ctx context.Context) (card, error) {
	text, _, err := b.get(ctx, "/login")
	if err != nil {
		return card{}, err
	}
	link, number, events := cardLink.FindStringSubmatch(text), cardNumber.FindStringSubmatch(text), cardEvents.FindStringSubmatch(text)
	if link == nil || number == nil || events == nil {
		return card{}, errors.New("the sign-in page shows no scan card")
	}
	return card{id: events[2], link: unescape(link[1]), number: number[1], events: unescape(events[1])}, nil
}

func unescape(s string) string { return strings.ReplaceAll(s, "&amp;", "&") }

// person is one of the sandbox's people with a bound login account.
type person struct{ ID, MchID string }

// boundMember finds the first bound member of the merchant with the role.
func boundMember(ctx context.Context, base, mchid, role string) (person, error) {
	text, _, err := newBrowser(base, "").get(ctx, "/sandbox/api/credentials")
	if err != nil {
		return person{}, err
	}
	var all struct {
		Merchants []struct {
			MchID   string `json:"mchid"`
			Members []struct {
				Role, Person string
				Bound        bool
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return person{}, err
	}
	for _, m := range all.Merchants {
		for _, p := range m.Members {
			if m.MchID == mchid && p.Role == role && p.Bound {
				return person{p.Person, mchid}, nil
			}
		}
	}
	return person{}, fmt.Errorf("merchant %s has no bound %s", mchid, role)
}

// scan opens the card's link in the person's phone; confirm is then one post away.
func (p person) scan(ctx context.Context, base string, c card) (phone *browser, confirm func() error, err error) {
	phone = newBrowser(base, "")
	if _, _, err := phone.get(ctx, "/sandbox/wechat/as/"+p.ID); err != nil {
		return nil, nil, err
	}
	text, at, err := phone.get(ctx, c.link)
	if err != nil {
		return nil, nil, err
	}
	form := url.Values{"number": {c.number}, "decision": {"confirm"}}
	if strings.Contains(text, `name="mchid"`) {
		form.Set("mchid", p.MchID)
	}
	action := at.String()
	if m := regexp.MustCompile(`data-form="main"[^>]*action="([^"]+)"`).FindStringSubmatch(text); m != nil {
		action = unescape(m[1])
	}
	return phone, func() error {
		_, err := phone.post(ctx, action, form)
		return err
	}, nil
}

// signIn gives a signed-in desktop of the person.
func (p person) signIn(ctx context.Context, base string) (*browser, error) {
	desk := newBrowser(base, "")
	c, err := desk.openSignIn(ctx)
	if err != nil {
		return nil, err
	}
	phone, confirm, err := p.scan(ctx, base, c)
	if err != nil {
		return nil, err
	}
	defer phone.close()
	if err := confirm(); err != nil {
		return nil, err
	}
	at, err := desk.post(ctx, "/login/tickets/"+c.id+"/session", url.Values{})
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(at.Path, "/login") {
		return nil, errors.New("signing in led back to the sign-in page")
	}
	return desk, nil
}

func (b *browser) setCookie(at *url.URL, name, value string) {
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}
