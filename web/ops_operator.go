package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/platform"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// operatorFields are the fields of a new operator.
const operatorFields = "login name id_type id_number mobile role _once"

// newOperator asks who becomes an operator.
func (s *site) newOperator(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = url.Values{"id_type": {string(identity.IDCard)}, "role": {string(access.ReadOnly)}}
	}
	return s.operatorForm(v, http.StatusOK, typed, nil)
}

// addOperator asks the platform admin's phone whether the operator is made.
func (s *site) addOperator(v *visit) error {
	r := platform.Recruit{Login: v.form("login"), Name: v.form("name"), IDType: identity.IDType(v.form("id_type")),
		IDNumber: v.form("id_number"), Mobile: v.form("mobile"), Role: access.Role(v.form("role"))}
	err := s.ask(v, "operator.create", r, "/ops/operators/new")
	if v.correctable(err) {
		return s.operatorForm(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}

func (s *site) operatorForm(v *visit, status int, typed url.Values, wrong error) error {
	once, err := v.once()
	if err != nil {
		return err
	}
	f := fields{v: v, typed: typed, family: "ops.operator."}
	title := v.word("ops.operators.new")
	m := views.OpsForm{Head: ui.Head{Title: title, Lead: v.word("ops.operators.new_lead")}, Action: "/ops/operators", Once: once,
		Groups: []views.OpsFields{{ID: "person", Title: v.word("ops.operator.who"), Fields: f.person()},
			{ID: "role", Title: v.word("ops.operator.role"), Fields: []views.OpsField{f.choice("role", "radio", "role.", codes(access.PlatformRoles))}}},
		Go: v.word("ops.ask_phone"), Back: ui.Act{Word: v.word("ops.open.back"), Href: "/ops/operators"},
		Note: ui.Note{Text: v.word("ops.operators.new_note")}}
	m.Faults = f.faults(wrong, m.Groups)
	frame := v.frame(title, v.opsCrumbs(ui.Crumb{Word: v.word("ops.operators.title"), Href: "/ops/operators"}, ui.Crumb{Word: title})...)
	return v.show(status, views.OpsFormPage(frame, m))
}

// opsOperator is one operator.
func (s *site) opsOperator(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	return s.operatorPage(v, http.StatusOK, typed.Get("role"), nil)
}

func (s *site) operatorPage(v *visit, status int, role string, wrong error) error {
	name, err := v.path("login")
	if err != nil {
		return err
	}
	p, err := v.operator()
	if err != nil {
		return err
	}
	m := views.OpsOperator{May: v.scope.May(access.OpsOperatorsWrite)}
	if m.Operator, err = s.Gate.Operator(v.ctx(), s.DB.PG(), p, name); err != nil {
		return err
	}
	m.Self = m.ID == v.session.Seat.Account
	if role == "" {
		role = string(m.Operator.Role)
	}
	m.Role = fields{v: v, typed: url.Values{"role": {role}}, family: "ops.operator."}.choice("role", "radio", "role.", codes(access.PlatformRoles)).Field
	m.Faults = v.faults(wrong, &m.Role)
	for i := range m.Once {
		if m.Once[i], err = v.once(); err != nil {
			return err
		}
	}
	if m.Request != nil {
		if m.Scan, err = qrModules(s.Base.String() + "/m/bindings/" + m.Request.String()); err != nil {
			return err
		}
	}
	frame := v.frame(m.Login(), v.opsCrumbs(ui.Crumb{Word: v.word("ops.operators.title"), Href: "/ops/operators"}, ui.Crumb{Word: m.Login()})...)
	return v.show(status, views.OpsOperatorPage(frame, m))
}

func (s *site) suspendOperator(v *visit) error {
	return s.changeOperator(v, "operator.suspend", platform.Posting{})
}

func (s *site) resumeOperator(v *visit) error {
	return s.changeOperator(v, "operator.resume", platform.Posting{})
}

func (s *site) resetOperator(v *visit) error {
	return s.changeOperator(v, "operator.reset", platform.Posting{})
}

func (s *site) giveOperatorRole(v *visit) error {
	return s.changeOperator(v, "operator.role", platform.Posting{Role: access.Role(v.form("role"))})
}

// changeOperator asks the platform admin's phone for a change of another operator.
func (s *site) changeOperator(v *visit, action string, n platform.Posting) error {
	name, err := v.path("login")
	if err != nil {
		return err
	}
	n.Login = name
	err = s.ask(v, action, n, views.OpsOperatorHref(name))
	if v.correctable(err) {
		return s.operatorPage(v, http.StatusUnprocessableEntity, string(n.Role), err)
	}
	return err
}
