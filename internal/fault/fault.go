// Package fault holds the refusals that people and programs are told apart by.
// A refusal is a code with facts, never a sentence: the edge that shows it chooses the words
// (catalogue id "fault." + code). Anything that is not a fault is a mistake of ours: a 500.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Refusal says that a rule of the product refused something, and where the reason lies.
type Refusal struct {
	Code  string         // "identity.wrong_person"
	Field string         // the form field the reason belongs to; empty for the whole form
	Args  map[string]any // facts for the sentence
}

// New makes a refusal of the code.
func New(code string) *Refusal { return &Refusal{Code: code} }

// On names the field.
func (r *Refusal) On(field string) *Refusal {
	c := *r
	c.Field = field
	return &c
}

// With adds a fact.
func (r *Refusal) With(key string, value any) *Refusal {
	c := *r
	c.Args = make(map[string]any, len(r.Args)+1)
	for k, v := range r.Args {
		c.Args[k] = v
	}
	c.Args[key] = value
	return &c
}

func (r *Refusal) Error() string {
	if len(r.Args) == 0 {
		return r.Code
	}
	facts := make([]string, 0, len(r.Args))
	for k, v := range r.Args {
		facts = append(facts, fmt.Sprintf("%s=%v", k, v))
	}
	sort.Strings(facts)
	return r.Code + " (" + strings.Join(facts, ", ") + ")"
}

// Is lets errors.Is compare refusals by code alone.
func (r *Refusal) Is(target error) bool {
	var t *Refusal
	return errors.As(target, &t) && t.Code == r.Code
}

// As finds the refusal in an error's chain.
func As(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

// Is reports whether the error is a refusal of that code.
func Is(err error, code string) bool {
	r, ok := As(err)
	return ok && r.Code == code
}

// ErrNotFound is the one answer for ids that do not exist and ids that belong to others.
var ErrNotFound = New("not_found")

// ErrBusy asks to come again: the seed still runs, or a limit of waiting work is reached.
var ErrBusy = New("busy")

// Forbidden refuses for want of a named permission.
type Forbidden struct{ Permission string }

func (f Forbidden) Error() string { return "permission missing: " + f.Permission }

// Form collects the refusals of one form, so that all are shown at once.
type Form []*Refusal

// Add keeps a refusal; nil is ignored.
func (f *Form) Add(r *Refusal) {
	if r != nil {
		*f = append(*f, r)
	}
}

// Err is nil when nothing was refused.
func (f Form) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

func (f Form) Error() string {
	all := make([]string, len(f))
	for i, r := range f {
		all[i] = r.Error()
	}
	return strings.Join(all, "; ")
}

// All lists the refusals in an error, of a form or single; nil for other errors.
func All(err error) []*Refusal {
	var form Form
	if errors.As(err, &form) {
		return form
	}
	if r, ok := As(err); ok {
		return []*Refusal{r}
	}
	return nil
}
