package wechat_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/wechat"
)

func TestSignInTellsWhoseWeChatItIs(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, person := range []string{"p-lisiwen", "p-chenjing"} {
		openid, err := w.client.Exchange(t.Context(), w.signIn(t, person))
		if err != nil || openid != w.openid(person) {
			t.Errorf("%s: %q, %v", person, openid, err)
		}
	}
}

func TestACodeIsGoodOnceAndForFiveMinutes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	code := w.signIn(t, "p-lisiwen")
	if _, err := w.client.Exchange(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.Exchange(t.Context(), code)
	if !errors.Is(err, wechat.ErrCodeUsed) || !errors.Is(err, identity.ErrCodeRefused) {
		t.Errorf("the second time: %v", err)
	}
	late := w.signIn(t, "p-lisiwen")
	w.wall.Advance(5 * time.Minute)
	for name, code := range map[string]string{"late": late, "made up": "nonsense", "empty": "", "of the consent page": w.consent(t, "p-lisiwen", "confirm")} {
		if _, err := w.client.Exchange(t.Context(), code); !errors.Is(err, wechat.ErrCodeInvalid) || !errors.Is(err, identity.ErrCodeRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOfManyExchangesOfOneCodeExactlyOneWins(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	code := w.signIn(t, "p-lisiwen")
	var won, used atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			switch _, err := w.client.Exchange(context.WithoutCancel(t.Context()), code); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, wechat.ErrCodeUsed):
				used.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || used.Load() != 19 {
		t.Errorf("%d won, %d were told that it is used", won.Load(), used.Load())
	}
}

func TestAWrongAccountOrSecretIsOurMistakeNotThePersons(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for name, change := range map[string]func(*wechat.Config){
		"appid":  func(c *wechat.Config) { c.AppID = "wx0000000000000000" },
		"secret": func(c *wechat.Config) { c.AppSecret = "another" },
	} {
		cfg := w.cfg
		change(&cfg)
		_, err := newClient(t, cfg).Exchange(t.Context(), w.signIn(t, "p-lisiwen"))
		if !errors.Is(err, wechat.ErrRefused) || errors.Is(err, identity.ErrCodeRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThePersonCheckComparesNameAndPaper(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	own := map[string]identity.Person{}
	for _, p := range sandbox.Persons {
		own[p.ID] = identity.Person{Name: p.Name, IDType: p.IDType, IDNumber: p.IDNumber}
	}
	li := own["p-lisiwen"]
	for name, c := range map[string]struct {
		person string
		asked  identity.Person
		want   identity.Verdict
	}{
		"the person":                   {"p-lisiwen", li, identity.Match},
		"the person, with a permit":    {"p-hejingyi", own["p-hejingyi"], identity.Match},
		"the person, with a pass":      {"p-xieanran", own["p-xieanran"], identity.Match},
		"the person, with a passport":  {"p-guoting", own["p-guoting"], identity.Match},
		"a small x in the number":      {"p-hedashan", identity.Person{Name: "何大山", IDType: identity.IDCard, IDNumber: "35029919810628198x"}, identity.Match},
		"somebody else":                {"p-hejun", li, identity.NoMatch},
		"the name with another number": {"p-lisiwen", identity.Person{Name: li.Name, IDType: li.IDType, IDNumber: own["p-chenjing"].IDNumber}, identity.NoMatch},
		"the name with another paper":  {"p-lisiwen", identity.Person{Name: li.Name, IDType: identity.Passport, IDNumber: li.IDNumber}, identity.NoMatch},
		"the number with another name": {"p-lisiwen", identity.Person{Name: "李斯文", IDType: li.IDType, IDNumber: li.IDNumber}, identity.NoMatch},
		"a WeChat that is unverified":  {"p-zhaoyi", own["p-zhaoyi"], identity.Unknown},
	} {
		got, err := w.client.Compare(t.Context(), w.openid(c.person), w.consent(t, c.person, "confirm"), c.asked)
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestThePersonCheckNeedsThePersonsOwnFreshConsent(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	li := identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "440399198705191334"}
	if code := w.consent(t, "p-lisiwen", "refuse"); code != "" {
		t.Errorf("refused, yet a code came: %q", code)
	}
	used := w.consent(t, "p-lisiwen", "confirm")
	if _, err := w.client.Compare(t.Context(), w.openid("p-lisiwen"), used, li); err != nil {
		t.Fatal(err)
	}
	late := w.consent(t, "p-lisiwen", "confirm")
	w.wall.Advance(10 * time.Minute)
	for name, code := range map[string]string{
		"none": "", "made up": "nonsense", "used": used, "late": late,
		"of the sign-in": w.signIn(t, "p-lisiwen"), "of another person": w.consent(t, "p-hejun", "confirm"),
	} {
		got, err := w.client.Compare(t.Context(), w.openid("p-lisiwen"), code, li)
		if !errors.Is(err, identity.ErrCodeRefused) || got != identity.Unknown {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	cfg := w.cfg
	cfg.APIKey = strings.Repeat("x", 32)
	if _, err := newClient(t, cfg).Compare(t.Context(), w.openid("p-lisiwen"), w.consent(t, "p-lisiwen", "confirm"), li); err == nil {
		t.Error("another key passed")
	}
	if _, err := w.client.Compare(t.Context(), w.openid("p-lisiwen"), "x", identity.Person{IDType: "library_card"}); err == nil {
		t.Error("a library card passed")
	}
}

func TestANoticeStandsInTheChatOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	n := inbox.Notice{
		OpenID: w.openid("p-lisiwen"), Template: "signin", Title: "新设备登录", Key: "signin:1",
		Fields: map[string]string{"登录账号": "admin01@1230000101", "备注": ""}, URL: "http://127.0.0.1:8080/m/x",
	}
	for range 3 {
		if err := w.client.Send(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	got, err := w.wechat.Messages(t.Context(), n.OpenID)
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	m := got[0]
	if m.Title != n.Title || m.Template != "signin" || m.URL != n.URL || len(m.Fields) != 1 || m.Fields["登录账号"] != "admin01@1230000101" {
		t.Errorf("%+v", m)
	}
}

func TestANoticeIsRefusedToStrangersAndThoseWhoDoNotFollow(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	n := inbox.Notice{OpenID: w.openid("p-qianduo"), Template: "signin", Title: "t", Key: "1"}
	if err := w.client.Send(t.Context(), n); !errors.Is(err, wechat.ErrNotFollowing) {
		t.Errorf("not a follower: %v", err)
	}
	if err := w.wechat.Follow(t.Context(), "p-qianduo", true); err != nil {
		t.Fatal(err)
	}
	if err := w.client.Send(t.Context(), n); err != nil {
		t.Errorf("following now: %v", err)
	}
	n.OpenID = "oNobody"
	if err := w.client.Send(t.Context(), n); !errors.Is(err, wechat.ErrUnknownPerson) {
		t.Errorf("a stranger: %v", err)
	}
	n.OpenID, n.Template = w.openid("p-lisiwen"), "No Such Template"
	if err := w.client.Send(t.Context(), n); !errors.Is(err, wechat.ErrRefused) {
		t.Errorf("a strange template: %v", err)
	}
}

func TestATokenThatEndedIsReplacedOnTheWay(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	n := inbox.Notice{OpenID: w.openid("p-lisiwen"), Template: "signin", Title: "t", Key: "1"}
	if err := w.client.Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	w.wall.Advance(3 * time.Hour) // at WeChat the token is over; the client's own clock has not moved
	n.Key = "2"
	if err := w.client.Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	other := newClient(t, w.cfg)
	n.Key = "3"
	if err := other.Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	n.Key = "4"
	if err := w.client.Send(t.Context(), n); err != nil {
		t.Errorf("another replica ended our token: %v", err)
	}
	if got, _ := w.wechat.Messages(t.Context(), n.OpenID); len(got) != 4 {
		t.Errorf("%d messages", len(got))
	}
}
