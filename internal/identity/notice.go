package identity

import (
	"context"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Templates are the messages of the official account that identity sends.
var Templates = []string{"signin", "new_browser", "binding_request", "binding_done", "binding_refused", "binding_lapsed"}

// notice is a message of the official account: a template and its fields in the order of the words' ids.
type notice struct {
	template string // also names the title: "identity.notice_" + template
	fields   [][2]string
	url      string
	key      string
}

// send writes to a seat's WeChat; who has none is not written to.
func (g *Gate) send(ctx context.Context, tx db.Tx, s seat, openid string, n notice) error {
	if openid == "" {
		return nil
	}
	fields := map[string]string{}
	for _, f := range append([][2]string{{"merchant", s.ShortName}, {"login", s.login()}}, n.fields...) {
		fields[words.T(ctx, "identity.field_"+f[0])] = f[1]
	}
	return inbox.WeChat(ctx, tx, inbox.Notice{Merchant: s.MerchantID, OpenID: openid, Template: n.template,
		Title: words.T(ctx, "identity.notice_"+n.template), Fields: fields, URL: n.url, Key: n.key}, g.clock.Now())
}

// tellSignIn writes to the person after every sign-in. One from a browser that the account never
// used is also told in the portal, and to the super admin.
func (g *Gate) tellSignIn(ctx context.Context, tx db.Tx, t ticket, s seat, b Browser) error {
	now := clock.Text(g.clock.Now())
	n := notice{template: "signin", key: "signin:" + t.ID.String(), fields: [][2]string{
		{"browser", BrowserWords(ctx, b.Agent)}, {"address", b.Address}, {"time", now}}}
	if err := g.send(ctx, tx, s, s.OpenID, n); err != nil {
		return err
	}
	mark := g.vault.MAC("browser", BrowserWords(ctx, b.Agent), b.Address)
	fresh, err := markBrowser(ctx, tx, s, mark, g.wall.Now())
	if err != nil || !fresh {
		return err
	}
	return g.tellNewBrowser(ctx, tx, s, n, map[string]string{"Login": s.login(),
		"Browser": BrowserWords(ctx, b.Agent), "Address": b.Address, "Time": now})
}

func (g *Gate) tellNewBrowser(ctx context.Context, tx db.Tx, s seat, n notice, args map[string]string) error {
	m := inbox.Message{Merchant: s.MerchantID, To: s.AccountID, Kind: "new_browser",
		Args: args, Link: s.profile(), At: g.clock.Now()}
	if err := inbox.Tell(ctx, tx, m); err != nil || s.has(approverRole(s.MerchantID)) {
		return err
	}
	m.To, m.Role, m.Link = [16]byte{}, approverRole(s.MerchantID), ""
	if err := inbox.Tell(ctx, tx, m); err != nil {
		return err
	}
	n.template = "new_browser"
	return g.sendApprovers(ctx, tx, s, n)
}

// tellRequest asks the super admin for an answer.
func (g *Gate) tellRequest(ctx context.Context, tx db.Tx, s seat, r request) error {
	lapses := clock.Text(r.LapsesAt)
	err := inbox.Tell(ctx, tx, inbox.Message{Merchant: s.MerchantID, Role: approverRole(s.MerchantID),
		Kind: "binding_request", Args: map[string]string{"Login": s.login(), "Name": s.NameMasked, "Until": lapses}, Link: s.managed(), At: r.AskedAt})
	if err != nil {
		return err
	}
	return g.sendApprovers(ctx, tx, s, notice{template: "binding_request", key: "binding_request:" + r.ID.String(),
		url: g.base + "/m/bindings/" + r.ID.String(), fields: [][2]string{{"person", s.NameMasked}, {"until", lapses}}})
}

// tellAnswer tells the employee how the request ended; a yes is told by tellBound.
func (g *Gate) tellAnswer(ctx context.Context, tx db.Tx, s seat, r request, now time.Time) error {
	if r.State == RequestApproved {
		return nil
	}
	return g.send(ctx, tx, s, r.OpenID, notice{template: "binding_" + string(r.State), key: "binding_answer:" + r.ID.String(),
		fields: [][2]string{{"time", clock.Text(now)}}})
}
