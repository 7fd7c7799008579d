package views

import (
	"context"
	"net/url"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsOperators is the list of operators.
type OpsOperators struct {
	Asked url.Values
	Rows  []identity.Operator
	Next  string
	First bool
	Write bool // the reader may make and change operators
}

const opsOperatorsPath = "/ops/operators"

var operatorColours = map[identity.OperatorState]ui.State{identity.OperatorActive: ui.Done, identity.OperatorUnbound: ui.Waiting,
	identity.OperatorWaiting: ui.Needs, identity.OperatorSuspended: ui.Failed}

// OperatorState says how an operator stands.
func OperatorState(ctx context.Context, s identity.OperatorState) string {
	return say(ctx, "ops.operators.state."+string(s))
}

// actorName is who acted, as people are told: the program itself has a word.
func actorName(ctx context.Context, actor string) string { return known(ctx, "ops.actor.", actor) }

func (m OpsOperators) filter() url.Values { return kept(m.Asked, []string{"q", "role", "state"}) }

func (m OpsOperators) bar() ui.FilterBar {
	return ui.FilterBar{Action: opsOperatorsPath, Reset: opsOperatorsPath, Set: len(m.filter())}
}

func (m OpsOperators) text(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "q", Word: say(ctx, "ops.operator.login"), Value: m.Asked.Get("q"), Wide: true, Placeholder: say(ctx, "ops.operators.text_hint")}
}

func (m OpsOperators) role(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "role", Word: say(ctx, "ops.operator.role"), Options: opsChoices(ctx, access.PlatformRoles, m.Asked.Get("role"), "role.")}
}

func (m OpsOperators) state(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "state", Word: say(ctx, "ops.operator.state"),
		Options: opsChoices(ctx, identity.OperatorStates, m.Asked.Get("state"), "ops.operators.state.")}
}

func (m OpsOperators) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsHref(opsOperatorsPath, m.filter(), "")
	}
	if m.Next != "" {
		g.Next = opsHref(opsOperatorsPath, m.filter(), m.Next)
	}
	return g
}

func (m OpsOperators) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: say(ctx, "ops.operators.none_title"), Text: say(ctx, "ops.operators.none_text"),
		Act: ui.Act{Word: say(ctx, "ops.operators.all"), Href: opsOperatorsPath}}
}

// OpsOperatorHref is the address of an operator's page.
func OpsOperatorHref(name string) string { return opsOperatorsPath + "/" + url.PathEscape(name) }

// OpsOperator is one operator.
type OpsOperator struct {
	identity.Operator
	Self   bool       // it is the reader
	May    bool       // the reader may change operators
	Once   [3]ui.Pair // a key for each form: the role's, and those of acts
	Role   ui.Field
	Faults []ui.Fault
	Scan   [][]bool // the code that leads a platform admin's phone to a binding that waits
}

func (m OpsOperator) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{{Word: say(ctx, "ops.operator.login"), Text: m.Login()},
		{Word: say(ctx, "ops.operator.role"), Text: say(ctx, "role."+string(m.Operator.Role))},
		{Word: say(ctx, "ops.operator.person"), Text: m.NameMasked}, {Word: say(ctx, "ops.operator.id"), Text: m.IDMasked},
		{Word: say(ctx, "ops.operator.mobile"), Text: m.MobileMasked}, {Word: say(ctx, "ops.operator.created"), Text: moment(m.CreatedAt)}}
	if m.BoundAt != nil {
		facts = append(facts, ui.Fact{Word: say(ctx, "ops.operator.bound_at"), Text: moment(*m.BoundAt)})
	}
	if m.RequestUntil != nil {
		facts = append(facts, ui.Fact{Word: say(ctx, "ops.operator.request_until"), Text: moment(*m.RequestUntil)})
	}
	return facts
}

// operatorAct is something that can be done to an operator.
type operatorAct struct {
	ID   string // words: "ops.operator." + ID + ".what" and ".go"
	Path string
	Kind ui.Kind
}

func (m OpsOperator) acts() []operatorAct {
	at := OpsOperatorHref(m.Name)
	change := operatorAct{"suspend", at + "/suspension", ui.Danger}
	if m.Suspended {
		change = operatorAct{"resume", at + "/resumption", ui.Plain}
	}
	return []operatorAct{{"reset", at + "/reset", ui.Plain}, change}
}
