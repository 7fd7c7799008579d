package web

import (
	"net/http"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/withdrawal"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// automaticWithdrawal is how the basic account goes to the bank by itself. Before the upgrade there is none.
func (s *site) automaticWithdrawal(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if typed.Get(withdrawal.FieldActive) == "" {
		return s.showAutomatic(v, http.StatusOK, "", "", nil)
	}
	return s.showAutomatic(v, http.StatusOK, typed.Get(withdrawal.FieldActive), typed.Get(withdrawal.FieldRetained), nil)
}

func (s *site) showAutomatic(v *visit, status int, active, retained string, wrong error) error {
	now := s.Clock.Now()
	o, err := withdrawal.Look(v.ctx(), s.DB.PG(), v.scope, now)
	if fault.Is(err, withdrawal.ErrLegacy.Code) {
		return fault.ErrNotFound
	}
	if err != nil {
		return err
	}
	m := views.WithdrawalAutomatic{Outlook: o, Today: clock.DayOf(now), May: v.scope.May(access.WithdrawalSettings)}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	if active == "" {
		active, retained = "off", o.Retained.Plain()
		if o.Active {
			active = "on"
		}
	}
	m.Active = ui.Field{Name: withdrawal.FieldActive, Label: v.word("withdrawal.setting"), Required: true, Options: []ui.Option{
		{Value: "on", Word: v.word("withdrawal_automatic.on"), Chosen: active == "on"}, {Value: "off", Word: v.word("withdrawal_automatic.off"), Chosen: active != "on"}}}
	m.Retained = ui.Field{Name: withdrawal.FieldRetained, Label: v.word("withdrawal_automatic.retained"), Hint: v.word("withdrawal_automatic.retained_hint"),
		Value: retained, InputMode: "decimal", MaxLength: 20}
	m.Faults = v.faults(wrong, &m.Active, &m.Retained)
	list, here := v.withdrawalFrame(v.word("withdrawal_automatic.title"))
	return v.show(status, views.WithdrawalAutomaticPage(v.fundsFrame(here.Word, list, here), m))
}

// setAutomatic asks the phone for another setting.
func (s *site) setAutomatic(v *visit) error {
	set, err := withdrawal.ParseSetting(v.form)
	if err == nil {
		err = s.ask(v, withdrawal.SettingAction, set, withdrawal.AutomaticPath)
	}
	if fault.Is(err, withdrawal.ErrLegacy.Code) {
		return fault.ErrNotFound
	}
	if v.correctable(err) {
		return s.showAutomatic(v, http.StatusUnprocessableEntity, v.form(withdrawal.FieldActive), v.form(withdrawal.FieldRetained), err)
	}
	return err
}
