package web

import (
	"errors"
	"net/http"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/staff"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// askPermission asks the super admin for the permission that a page was refused for.
func (s *site) askPermission(v *visit) error {
	kind, id := ui.Done, "permission_asked"
	err := s.Staff.AskPermission(v.ctx(), v.scope, access.Permission(v.form("permission")), v.from())
	switch {
	case errors.Is(err, staff.ErrRequestHeld):
		id = "permission_held"
	case errors.Is(err, staff.ErrRequestSuper):
		kind, id = ui.Needs, "permission_super"
	case errors.Is(err, staff.ErrRequestTwice):
		kind, id = ui.Needs, "permission_twice"
	case err != nil:
		return err
	}
	v.flash(kind, id)
	return v.seeOther("/")
}

// wanted ticks the role by which the reader could give the permission that the address names, and says so.
func (v *visit) wanted(m identity.Member, chosen []access.Role, custom []access.CustomRole) (*ui.Note, []access.Role, error) {
	p := access.Permission(v.query("want"))
	if p == "" {
		return nil, chosen, nil
	}
	if !slices.Contains(access.Listed(access.Permissions), p) {
		return nil, nil, fault.ErrNotFound
	}
	args := words.Args{"Name": m.NameMasked, "Permission": v.word("permission." + string(p))}
	note := &ui.Note{Kind: ui.Needs, Strong: v.wordf("members.want", args)}
	choices := staff.Choices(v.ctx(), v.scope, m, custom, p)
	switch {
	case slices.Contains(access.Sum(m.Merchant, m.Roles, custom), p):
		note.Kind, note.Text = ui.Done, v.word("members.want_held")
		return note, chosen, nil
	case len(choices) == 0:
		note.Text = v.wordf("members.want_none", args)
		if v.scope.May(access.RoleWrite) && p.Givable() {
			note.Acts = []ui.Act{{Word: v.word("members.want_new"), Href: views.RolesPath + "/new?permission=" + string(p)}}
		}
		return note, chosen, nil
	}
	args["Role"] = choices[0].Name
	note.Text = v.wordf("members.want_text", args)
	return note, append(slices.Clone(chosen), choices[0].Role), nil
}

// showPermissionRequest asks the super admin's phone which role to add; with role, whether to.
func (s *site) showPermissionRequest(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	a, err := s.Staff.Asked(v.ctx(), id, v.openid)
	if err != nil {
		return err
	}
	args := words.Args{"Name": a.Member.NameMasked, "Login": a.Member.Login(), "Permission": v.word("permission." + string(a.Permission))}
	switch role := access.Role(v.query("role")); {
	case a.Held:
		return v.told(ui.Done, "phone.permission_done", "phone.permission_done_text", args)
	case len(a.Choices) == 0:
		return v.told(ui.Needs, "phone.permission_none", "phone.permission_none_text", args)
	case role != "":
		return s.showGiving(v, http.StatusOK, a, role, "")
	case len(a.Choices) == 1:
		return s.showGiving(v, http.StatusOK, a, a.Choices[0].Role, "")
	}
	told := views.Told{State: ui.Needs, Title: v.wordf("phone.permission_title", args), Text: v.word("phone.permission_line"), Facts: []ui.Fact{
		{Word: v.word("phone.permission_what"), Text: v.word("permission." + string(a.Permission))},
		{Word: v.word("phone.fact_account"), Text: a.Member.Login()},
		{Word: v.word("phone.fact_roles"), Text: v.roleWords(a.Member.Roles, a.Member.Custom)}}}
	for i, c := range a.Choices {
		act := ui.Act{Word: v.wordf("phone.permission_gives", words.Args{"Role": c.Name, "Gives": access.PermissionWords(v.ctx(), c.Gives)}),
			Href: "/m/permissions/" + id.String() + "?role=" + string(c.Role)}
		if i == 0 {
			act.Kind = ui.Primary
		}
		told.Next = append(told.Next, act)
	}
	return v.show(http.StatusOK, views.PhoneTold(v.frame(told.Title), told))
}

// showGiving asks the phone itself to confirm the role: its own form is the confirmation.
func (s *site) showGiving(v *visit, status int, a staff.Asked, role access.Role, wrong string) error {
	given, err := a.Giving(role)
	if err != nil {
		return err
	}
	sheet, err := s.Desk.Show(v.ctx(), a.Merchant, v.openid, staff.GiveRoles, given)
	if err != nil {
		return s.confirmRefused(v, err)
	}
	q := views.Ask{Action: "/m/permissions/" + a.ID.String(), Title: sheet.Words.Title,
		Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}, {Name: "hash", Value: sheet.Hash}, {Name: "role", Value: string(role)}},
		Lines:  []string{v.wordf("phone.merchant_choice", words.Args{"Merchant": sheet.ShortName, "Account": sheet.Login})},
		Facts:  factsOf(sheet.Words.Lines), Confirm: v.word("phone.permission_yes"), Refuse: v.word("phone.permission_no")}
	if sheet.Words.Warn != "" {
		q.Sections = []views.AskSection{{Lines: []ui.PhoneLine{{Text: sheet.Words.Warn}}}}
	}
	return s.showQuestion(v, status, q, wrong)
}

// answerPermissionRequest adds the role, or leaves everything as it is.
func (s *site) answerPermissionRequest(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	if v.otherWeChat() {
		return s.reopen(v)
	}
	a, err := s.Staff.Asked(v.ctx(), id, v.openid)
	if err != nil {
		return err
	}
	switch identity.Decision(v.form("decision")) {
	case identity.Confirm:
	case identity.Refuse:
		return v.told(ui.Waiting, "phone.permission_later", "phone.permission_later_text",
			words.Args{"Name": a.Member.NameMasked, "Login": a.Member.Login()})
	default:
		return s.showGiving(v, http.StatusUnprocessableEntity, a, access.Role(v.form("role")), v.wrongWords(identity.ErrDecide))
	}
	given, err := a.Giving(access.Role(v.form("role")))
	if err != nil {
		return err
	}
	sheet, err := s.Desk.OnPhone(v.ctx(), a.Merchant, v.openid, staff.GiveRoles, given, v.form("hash"))
	if err != nil {
		return s.confirmRefused(v, err)
	}
	told := v.toldSheet(sheet)
	return v.show(http.StatusOK, views.PhoneTold(v.frame(told.Title), told))
}

// told ends a phone page with a word and a sentence.
func (v *visit) told(state ui.State, title, text string, args words.Args) error {
	t := views.Told{State: state, Title: v.word(title), Text: v.wordf(text, args)}
	return v.show(http.StatusOK, views.PhoneTold(v.frame(t.Title), t))
}
