package ui

import "github.com/a-h/templ"

// Field is one question of a form. Name is the wire name; ID falls back to it.
type Field struct {
	ID           string
	Name         string
	Label        string
	Value        string
	Hint         string
	Error        string // what is wrong and the way out
	Placeholder  string
	Autocomplete string // "off" when empty
	InputMode    string
	Accept       string // FileField
	MaxLength    int
	Lines        int // AreaField
	Required     bool
	Focus        bool // the page's first question
	Mono         bool // numbers of things
	Options      []Option
	Attrs        templ.Attributes
}

// Fault is one line of the error summary: the id of the field and what is wrong.
type Fault struct{ ID, Text string }

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) autocomplete() string {
	if f.Autocomplete == "" {
		return "off"
	}
	return f.Autocomplete
}

// described gives what a reader hears after the label: fault first, then hint.
func (f Field) described() templ.Attributes {
	attrs := wrong(f.id(), f.Error)
	if f.Hint != "" {
		said := f.id() + "-hint"
		if f.Error != "" {
			said = f.id() + "-err " + said
		}
		attrs["aria-describedby"] = said
	}
	for k, v := range f.Attrs {
		attrs[k] = v
	}
	return attrs
}

func (f Field) class(base string) string {
	if f.Mono {
		return base + " font-mono"
	}
	return base
}

// wrong marks a control whose fault is said in #id-err.
func wrong(id, text string) templ.Attributes {
	attrs := templ.Attributes{}
	if text != "" {
		attrs["aria-invalid"] = "true"
		attrs["aria-describedby"] = id + "-err"
	}
	return attrs
}

func spanKind(f FilterSpan) string {
	switch {
	case f.NotCalendar:
		return "text"
	case f.Seconds:
		return "datetime-local"
	}
	return "date"
}

func withoutValue(f Field) Field {
	f.Value = ""
	return f
}

func fieldKind(f FilterField) string {
	switch {
	case f.Moment:
		return "datetime-local"
	case f.Month:
		return "month"
	}
	return "text"
}
