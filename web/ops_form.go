package web

import (
	"net/url"

	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// fields makes the questions of an operators' form: label and hint by the field's name, and what was typed.
type fields struct {
	v      *visit
	typed  url.Values
	family string // of the words
}

func (f fields) text(name string, most int) views.OpsField {
	field := ui.Field{Name: name, Label: f.v.word(f.family + name), Value: f.typed.Get(name), MaxLength: most, Required: name != "parent_mchid"}
	if id := f.family + name + "_hint"; words.Has(f.v.ctx(), id) {
		field.Hint = f.v.word(id)
	}
	return views.OpsField{Field: field}
}

// number asks for digits.
func (f fields) number(name string, most int) views.OpsField {
	field := f.text(name, most)
	field.InputMode, field.Mono = "numeric", true
	return field
}

// choice asks for one of several codes.
func (f fields) choice(name, kind, family string, codes []string) views.OpsField {
	field := f.text(name, 0)
	field.Kind = kind
	for _, code := range codes {
		field.Options = append(field.Options, ui.Option{Value: code, Word: f.v.word(family + code), Chosen: code == f.typed.Get(name)})
	}
	return field
}

// person asks for a login account and who it is for.
func (f fields) person() []views.OpsField {
	papers := []string{string(identity.IDCard), string(identity.HKMacaoPermit), string(identity.TaiwanPermit), string(identity.Passport)}
	login := f.text("login", 12)
	f.family = "ops.operator."
	return []views.OpsField{login, f.text("name", 64), f.choice("id_type", "select", "identity.paper.", papers),
		f.text("id_number", 32), f.number("mobile", 20)}
}

// faults puts what is wrong beside each question.
func (f fields) faults(wrong error, groups []views.OpsFields) []ui.Fault {
	var all []*ui.Field
	for _, g := range groups {
		for i := range g.Fields {
			all = append(all, &g.Fields[i].Field)
		}
	}
	return f.v.faults(wrong, all...)
}

func codes[C ~string](all []C) []string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = string(c)
	}
	return texts
}
