package confirm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Action is something that happens only after a confirmation on the phone. Words: its name is the
// catalogue's "audit.action." + Code.
type Action struct {
	Code  string
	Needs access.Permission // looked at when asked, and again when it runs
	// Own acts concern nobody but who asks (the own WeChat, an own answer) and need no permission.
	Own bool
	// SuperOnly acts are the super admin's, whatever a role may hold.
	SuperOnly bool
	// Approvable acts can be given a rule that a second person confirms, too.
	Approvable bool
	// TwoOperators acts always wait for a second person who holds the permission as well.
	TwoOperators bool
	// Private parameters (papers, account numbers) are kept sealed.
	Private bool
	// Amount tells what the act moves, for the rules; nil for settings. Without a sum (false) every rule holds.
	Amount func(params json.RawMessage) (money.Fen, bool)
	// Describe says in words what will happen, from the parameters and what they name, masked as the
	// phone may show it. It refuses what cannot be asked for. It is called again before the act runs:
	// words that no longer are the same refuse it, so nothing may stand in them that changes by itself.
	Describe func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (Words, error)
	// Run does it. A refusal (fault) undoes everything it did. It must not write an audit row of its
	// own: the desk writes one under Code with what Result says.
	Run func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (Result, error)
}

// bySuperAlone tells whether nobody but the super admin can ask for the act.
func (a Action) bySuperAlone() bool { return a.SuperOnly || a.Needs.SuperOnly() }

// Words are what the phone shows, and therefore what runs.
type Words struct {
	Title string `json:"title"` // what will happen, as a question is asked or a heading written: 给李*分配角色
	Lines []Line `json:"lines"`
	Warn  string `json:"warn"` // what cannot be taken back; may be empty
}

// Line is a word and its value.
type Line struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Result is what came of an act.
type Result struct {
	Object string // what it was done to, for the audit log
	Link   string // path of the portal where it can be seen
	Lines  []Line // for the result page and the phone
	// Secret is shown once, to the desktop that asked and at a click: an initial password.
	Secret *Line
	// Details go into the audit row: codes and numbers, never secrets.
	Details map[string]any
}

// Registry knows the acts.
type Registry struct {
	actions map[string]Action
	order   []string // as they were added
}

// NewRegistry makes an empty one.
func NewRegistry() *Registry { return &Registry{actions: map[string]Action{}} }

// Add registers an act. What is not whole, or stands there already, is a mistake of ours.
func (r *Registry) Add(a Action) {
	switch {
	case a.Code == "" || a.Describe == nil || a.Run == nil:
		panic(fmt.Sprintf("confirm: action %q is not whole", a.Code))
	case (a.Needs == "") != a.Own:
		panic(fmt.Sprintf("confirm: action %q says neither what it needs nor that it is one's own", a.Code))
	case a.Approvable && a.TwoOperators:
		panic(fmt.Sprintf("confirm: action %q has a second person by rule and always", a.Code))
	}
	if _, twice := r.actions[a.Code]; twice {
		panic(fmt.Sprintf("confirm: action %q stands twice", a.Code))
	}
	r.actions[a.Code], r.order = a, append(r.order, a.Code)
}

// Codes lists the acts in the order of their codes.
func (r *Registry) Codes() []string {
	codes := make([]string, 0, len(r.actions))
	for code := range r.actions {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// Find gives an act by its code.
func (r *Registry) Find(code string) (Action, bool) {
	a, ok := r.actions[code]
	return a, ok
}

// Approvable lists the acts that can be given a rule, those of one feature beside each other.
func (r *Registry) Approvable() []Action {
	var all []Action
	for _, code := range r.order {
		if a := r.actions[code]; a.Approvable {
			all = append(all, a)
		}
	}
	return all
}

// Decode reads an act's parameters, every name known.
func Decode[P any](params json.RawMessage) (P, error) {
	var p P
	d := json.NewDecoder(bytes.NewReader(params))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("parameters of an action: %w", err)
	}
	return p, nil
}
