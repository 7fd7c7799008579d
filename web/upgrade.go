package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/rollout"
	"zhanggui/internal/upgrade"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// offered lets a visit pass whose merchant is offered what the route is about, or has taken it. To all others
// the address leads nowhere.
func (s *site) offered(v *visit) error {
	if v.scope.Merchant() == 0 || !v.signedIn() {
		return nil // led to the sign-in, as from everywhere
	}
	_, standing, err := rollout.Of(v.ctx(), s.DB.PG(), v.scope.Merchant())
	switch {
	case err != nil:
		return err
	case standing != rollout.Offered && standing != rollout.Upgraded:
		v.route = route{}
		return echo.ErrNotFound
	}
	v.entry, v.upgraded = standing == rollout.Offered, standing == rollout.Upgraded
	return nil
}

// upgrade is the guide, and afterwards what became of it.
func (s *site) upgrade(v *visit) error {
	if v.upgraded {
		return s.upgradeDone(v)
	}
	typed, err := v.again()
	if err != nil {
		return err
	}
	for _, name := range []string{"automatic", "retain_amt"} {
		if text := v.query(name); text != "" {
			typed.Set(name, text)
		}
	}
	step := views.UpgradeStep(v.query("step"))
	if step.After(views.UpgradePayout) {
		if _, wrong := upgrade.ParseChoice(typed.Get("automatic"), typed.Get("retain_amt")); wrong != nil {
			return s.showUpgrade(v, http.StatusUnprocessableEntity, views.UpgradePayout, typed, wrong)
		}
	}
	return s.showUpgrade(v, http.StatusOK, step, typed, nil)
}

// showUpgrade shows a step of the guide with what was typed in all of them.
func (s *site) showUpgrade(v *visit, status int, step views.UpgradeStep, typed url.Values, wrong error) error {
	m := views.Upgrade{Step: step, Mode: typed.Get("automatic"), Retained: typed.Get("retain_amt"), Agreement: upgrade.Current}
	if !step.Known() {
		m.Step = views.UpgradeChanges
	}
	if m.Mode != upgrade.ModeManual {
		m.Mode = upgrade.ModeAutomatic
	}
	if m.Retained == "" {
		m.Retained = "0"
	}
	var err error
	switch m.Step {
	case views.UpgradeFlight:
		m.Flight, err = upgrade.InFlight(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now())
	case views.UpgradeAgreement:
		m.Once, err = v.once()
		m.Choice, _ = upgrade.ParseChoice(m.Mode, m.Retained) // right, or this step is not shown
		m.Also = s.Upgrade.Also(m.Choice.Automatic)
	}
	if err != nil {
		return err
	}
	v.upgradeFields(&m)
	m.Faults = v.faults(wrong, &m.ModeField, &m.RetainedField, &m.Consent)
	return v.show(status, views.UpgradePage(v.upgradeFrame(), m))
}

func (v *visit) upgradeFields(m *views.Upgrade) {
	m.ModeField = ui.Field{Name: "automatic", Label: v.word("upgrade.mode"), Required: true}
	for _, mode := range []string{upgrade.ModeAutomatic, upgrade.ModeManual} {
		word := map[string]string{upgrade.ModeAutomatic: "upgrade.automatic", upgrade.ModeManual: "upgrade.manual_stays"}[mode]
		m.ModeField.Options = append(m.ModeField.Options, ui.Option{Value: mode, Word: v.word(word), Chosen: m.Mode == mode})
	}
	m.RetainedField = ui.Field{Name: "retain_amt", Label: v.word("upgrade.retained"), Value: m.Retained, InputMode: "decimal", MaxLength: 20,
		Hint: v.wordf("upgrade.retained_hint", map[string]any{"Max": upgrade.RetainedMax.String()})}
	m.Consent = ui.Field{Name: "consent", Required: true, Label: v.wordf("upgrade.agree", map[string]any{"Title": m.Agreement.Title()})}
	if m.Also != nil {
		m.Consent.Label = v.wordf("upgrade.agree_both", map[string]any{"Title": m.Agreement.Title(), "Also": m.Also.Title()})
	}
}

// upgradeFrame stands below the first page.
func (v *visit) upgradeFrame() layout.Page {
	title := v.word("menu.upgrade")
	return v.frame(title, ui.Crumb{Word: v.word("menu.home"), Href: "/"}, ui.Crumb{Word: title})
}

// askUpgrade asks the phone. Whose upgrade has happened is shown that.
func (s *site) askUpgrade(v *visit) error {
	if v.upgraded {
		return v.seeOther(upgrade.Path)
	}
	c, err := upgrade.ParseChoice(v.form("automatic"), v.form("retain_amt"))
	if err != nil {
		return s.showUpgrade(v, http.StatusUnprocessableEntity, views.UpgradePayout, v.posted, err)
	}
	p, err := s.Upgrade.Signing(c, v.form("consent"), v.form("version"), v.form("hash"), v.form("also_hash"))
	if err == nil {
		err = s.ask(v, upgrade.Action, p, upgrade.Path+"?step="+string(views.UpgradeAgreement))
	}
	if v.correctable(err) {
		return s.showUpgrade(v, http.StatusUnprocessableEntity, views.UpgradeAgreement, v.posted, err)
	}
	return err
}

func (s *site) upgradeDone(v *visit) error {
	d, err := upgrade.Read(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	m := views.UpgradeDone{Done: d, Open: v.maySee(views.UpgradeUnlocked()...)}
	return v.show(http.StatusOK, views.UpgradeDonePage(v.upgradeFrame(), m))
}

// upgradeLetter is the agreement as it was signed, as one file that needs nothing else.
func (s *site) upgradeLetter(v *visit) error {
	d, err := upgrade.Read(v.ctx(), s.DB.PG(), v.scope)
	if errors.Is(err, fault.ErrNotFound) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	m, err := merchant.Get(v.ctx(), s.DB.PG(), v.scope.Merchant())
	if err != nil {
		return err
	}
	_, err = io.WriteString(v.download("text/html; charset=utf-8", d.Agreement.Title()+"-"+d.No()+".html"), views.UpgradeLetter(v.ctx(), d, m))
	return err
}
