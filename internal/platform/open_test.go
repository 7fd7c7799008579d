package platform

import (
	"errors"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
)

func TestAMerchantOpensWithItsSuperAdminWhoCanBegin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	words, res, err := w.does("merchant.open", seat(access.PlatformAdmin), noodles())
	w.must(err)
	if res.Secret == nil || res.Link != "/ops/merchants/1900000400" || !strings.Contains(words.Title, "老王面馆") {
		t.Fatalf("the result is %+v", res)
	}
	s, _, err := w.gate.Password(t.Context(), "admin01@1900000400", res.Secret.Value, identity.Browser{Secret: "x"})
	w.must(err)
	if g, err := w.gate.Guide(t.Context(), s); err != nil || g.Step != identity.StepCard {
		t.Errorf("the super admin begins at %+v, %v", g, err)
	}
	w.must(w.gate.Card(t.Context(), s, "6222021234567890123"))
	if n := w.count("audit_rows", "merchant_id = 1900000400 AND action = 'merchant.open' AND actor = 'pingtai@ops'"); n != 1 {
		t.Errorf("%d rows in the merchant's own log", n)
	}
	d, err := w.Merchant(t.Context(), across(t, access.Service), 1900000400)
	if err != nil || d.Admin != "admin01" || d.AdminBound || len(d.History) != 1 || d.History[0].Change != merchant.Opened {
		t.Errorf("its page shows %+v, %v", d, err)
	}
	_, _, err = w.does("merchant.open", seat(access.PlatformAdmin), noodles())
	if all := fault.All(err); len(all) != 1 || all[0].Code != merchant.ErrTaken.Code {
		t.Errorf("the same number again: %v", err)
	}
}

func TestThePhoneShowsEverythingAndNobodyWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := noodles()
	words, _, err := w.does("merchant.open", seat(access.Reviewer), n)
	w.must(err)
	text := words.Title + words.Warn
	for _, l := range words.Lines {
		text += " " + l.Label + l.Value
	}
	for _, want := range []string{"1900000400", "兰州老王面馆有限公司", "0.60%", "T+1", "新资金账户", "admin01@1900000400", "王*力"} {
		if !strings.Contains(text, want) {
			t.Errorf("the phone does not show %q: %s", want, text)
		}
	}
	for _, secret := range []string{n.SettlementAccount, n.IDNumber, n.Mobile, n.Name} {
		if strings.Contains(text, secret) {
			t.Errorf("the phone shows %q", secret)
		}
	}
}

func TestAllThatIsWrongWithAnOpeningIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nothing := ParseOpening(func(string) string { return "" })
	_, _, err := w.does("merchant.open", seat(access.PlatformAdmin), nothing)
	got := map[string]bool{}
	for _, r := range fault.All(err) {
		got[r.Field] = true
	}
	for _, field := range []string{"mchid", "kind", "legal_name", "short_name", "settlement_cycle", "account_system", "fee_rate",
		"settlement_bank", "settlement_account", "appid", "login", "name", "id_number", "mobile"} {
		if !got[field] {
			t.Errorf("nothing is said beside %s: %v", field, err)
		}
	}
	for name, change := range map[string]func(*Opening){
		"parent_mchid": func(n *Opening) { n.Kind, n.Parent = merchant.SubMerchant, 1234567890 },
		"mchid":        func(n *Opening) { n.MchID = 0 }, // the platform itself
		"kind":         func(n *Opening) { n.Kind = "platform" },
		"fee_rate":     func(n *Opening) { n.FeeRate = 301 },
		"appid":        func(n *Opening) { n.AppID = "wx1" },
	} {
		n := noodles()
		change(&n)
		_, _, err := w.does("merchant.open", seat(access.PlatformAdmin), n)
		if all := fault.All(err); len(all) != 1 || all[0].Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASubMerchantBelongsToAnActiveProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	provider := noodles()
	provider.Kind = merchant.ServiceProvider
	_, _, err := w.does("merchant.open", seat(access.PlatformAdmin), provider)
	w.must(err)
	sub := noodles()
	sub.MchID, sub.Kind, sub.Parent = 1900000401, merchant.SubMerchant, provider.MchID
	_, _, err = w.does("merchant.open", seat(access.PlatformAdmin), sub)
	w.must(err)
	_, _, err = w.does("merchant.suspend", seat(access.PlatformAdmin), Suspension{MchID: provider.MchID, Reason: "核实资料"})
	w.must(err)
	sub.MchID++
	_, _, err = w.does("merchant.open", seat(access.PlatformAdmin), sub)
	if !fault.Is(err, "merchant.no_provider") && len(fault.All(err)) != 1 {
		t.Errorf("under a suspended provider: %v", err)
	}
}

func TestSuspendingEndsAtOnceAndResumingLetsInAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, res, err := w.does("merchant.open", seat(access.PlatformAdmin), noodles())
	w.must(err)
	_, secret, err := w.gate.Password(t.Context(), "admin01@1900000400", res.Secret.Value, identity.Browser{Secret: "x"})
	w.must(err)
	act := Suspension{MchID: 1900000400, Reason: "监管要求"}
	_, _, err = w.does("merchant.suspend", seat(access.Reviewer), act)
	w.must(err)
	_, err = w.gate.Session(t.Context(), secret)
	wants(t, err, identity.ErrNoSession)
	_, _, err = w.gate.Password(t.Context(), "admin01@1900000400", res.Secret.Value, identity.Browser{Secret: "x"})
	wants(t, err, identity.ErrSuspended)
	_, _, err = w.does("merchant.suspend", seat(access.Reviewer), act)
	wants(t, err, merchant.ErrState)
	_, _, err = w.does("merchant.resume", seat(access.Reviewer), Suspension{MchID: 1900000400, Reason: " "})
	wants(t, err, merchant.ErrReason)
	_, _, err = w.does("merchant.resume", seat(access.Reviewer), act)
	w.must(err)
	_, _, err = w.gate.Password(t.Context(), "admin01@1900000400", res.Secret.Value, identity.Browser{Secret: "x"})
	w.must(err)
	for _, none := range []int64{access.PlatformID, 1999999999, -1} {
		_, _, err = w.does("merchant.suspend", seat(access.PlatformAdmin), Suspension{MchID: none, Reason: "x"})
		wants(t, err, fault.ErrNotFound)
	}
	if n := w.count("audit_rows", "merchant_id = 1900000400 AND action IN ('merchant.suspend', 'merchant.resume')"); n != 2 {
		t.Errorf("%d rows in the merchant's own log", n)
	}
}

func TestActsOfOperatorsAreNoMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := access.Member(access.Seat{Merchant: 1900000109, Name: "admin01@1900000109", Roles: []access.Role{access.SuperAdmin}})
	for _, a := range w.Actions() {
		if !a.Needs.OfPlatform() || a.Own || admin.May(a.Needs) {
			t.Errorf("%s is for members, too", a.Code)
		}
	}
	if _, _, err := w.does("merchant.open", admin, noodles()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a super admin opens a merchant: %v", err)
	}
}
