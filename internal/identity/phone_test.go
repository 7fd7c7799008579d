package identity

import (
	"errors"
	"testing"

	"zhanggui/internal/fault"
)

func TestAPhoneGoesToWeChatAndComesBackAsWhoItIs(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	link, err := w.PhoneStart(t.Context(), phoneCookie, "/m/t/the-token")
	w.must(err)
	p, secret, next, err := w.PhoneReturn(t.Context(), phoneCookie, w.wechat.code("o-wang"), stateIn(t, link))
	if err != nil || p.OpenID != "o-wang" || next != "/m/t/the-token" {
		t.Fatalf("came back as %+v to %q, %v", p, next, err)
	}
	if openid, err := w.Phone(t.Context(), secret); err != nil || openid != "o-wang" {
		t.Errorf("the next request is of %q, %v", openid, err)
	}
	for _, guess := range []string{"", "x", phoneCookie} {
		_, err := w.Phone(t.Context(), guess)
		wants(t, err, ErrNoSession)
	}
	w.wall.Advance(phoneLife)
	_, err = w.Phone(t.Context(), secret)
	wants(t, err, ErrNoSession)
}

func TestARoundTripEndsOnceInTimeAndInItsOwnBrowser(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	state := func() string {
		link, err := w.PhoneStart(t.Context(), phoneCookie, "/m/t/x")
		w.must(err)
		return stateIn(t, link)
	}
	back := func(cookie, state string) error {
		_, secret, _, err := w.PhoneReturn(t.Context(), cookie, w.wechat.code("o-wang"), state)
		if (err == nil) != (secret != "") {
			t.Errorf("secret %q with %v", secret, err)
		}
		return err
	}
	wants(t, back(phoneCookie, "made-up"), ErrRoundTrip)
	wants(t, back(phoneCookie, ""), ErrRoundTrip)
	wants(t, back("another-phone", state()), ErrRoundTrip)
	once := state()
	w.must(back(phoneCookie, once))
	wants(t, back(phoneCookie, once), ErrRoundTrip)
	late := state()
	w.wall.Advance(stateLife)
	wants(t, back(phoneCookie, late), ErrRoundTrip)
	if _, err := w.PhoneStart(t.Context(), "", "/m/t/x"); err == nil {
		t.Error("a phone without a cookie set out")
	}
}

func TestWhatWeChatRefusesOrDoesNotSayIsToldApart(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	back := func(code string) error {
		link, err := w.PhoneStart(t.Context(), phoneCookie, "/m/t/x")
		w.must(err)
		_, _, _, err = w.PhoneReturn(t.Context(), phoneCookie, code, stateIn(t, link))
		return err
	}
	wants(t, back(""), ErrOAuthRefused)
	wants(t, back("made-up"), ErrOAuthRefused)
	used := w.wechat.code("o-wang")
	w.must(back(used))
	wants(t, back(used), ErrOAuthRefused)
	w.wechat.down = errors.New("time-out")
	wants(t, back(w.wechat.code("o-wang")), ErrWeChatSilent)
}

func TestAPhoneIsSentToOurOwnPhonePagesOnly(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	for _, bad := range []string{
		"", "/", "/trades", "//evil.example/m/", "https://evil.example/m/t/x", "/m", "/m/../trades", "/m/%2e%2e/trades",
		"/m//evil.example", `/m/\evil.example`, "/m/%5cevil", "/m/t/\r\nSet-Cookie: a=b", "/m/%0d%0a", "javascript:alert(1)", "/m/%2f/evil",
	} {
		if _, err := w.PhoneStart(t.Context(), phoneCookie, bad); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if !phonePath("/m/t/abc-DEF_123") || !phonePath("/m/bindings/0193?from=chat") {
		t.Error("our own pages are refused")
	}
}
