package views

import (
	"context"
	"net/url"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/rollout"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// RolloutChangePath is where a change is looked at before it is confirmed.
const RolloutChangePath = rollout.Path + "/change"

// RolloutForm are the questions of a change.
type RolloutForm struct {
	What       rollout.Kind
	Percentage ui.Field
	MchIDs     ui.Field
	Reason     ui.Field
	Kind       ui.Field
}

// lists tells whether the change is about named merchants.
func (f RolloutForm) lists() bool { return rollout.Change{Kind: f.What}.Lists() }

// OpsRollout is how far the upgrade is offered, to whom, and why.
type OpsRollout struct {
	rollout.State
	Asked  url.Values
	Faults []*fault.Refusal
	Rows   []rollout.Merchant // that the filter keeps, from the page's first on
	First  bool
	Size   int
	May    bool // the reader may change it
	Form   RolloutForm
}

// Page is the page's rows.
func (m OpsRollout) Page() []rollout.Merchant { return m.Rows[:min(len(m.Rows), m.Size)] }

// Next is the cursor of the page behind; empty: none.
func (m OpsRollout) Next() string {
	if len(m.Rows) <= m.Size {
		return ""
	}
	return strconv.FormatInt(m.Rows[m.Size-1].ID, 10)
}

var rolloutFields = []string{"q", "standing"}

func (m OpsRollout) filter() url.Values {
	all := kept(m.Asked, rolloutFields)
	if m.Size != OpsSizes[0] && m.Size != 0 {
		all.Set("size", strconv.Itoa(m.Size))
	}
	return all
}

func (m OpsRollout) figures(ctx context.Context) []ui.Figure {
	count, in := m.Count(), 0
	for _, one := range m.State.Merchants {
		if yes, _ := m.Includes(one.ID, one.Listed); yes {
			in++
		}
	}
	since := say(ctx, "rollout.never")
	if m.ChangedAt != nil {
		since = words.F(ctx, "rollout.since", words.Args{"By": m.ChangedBy, "Time": moment(*m.ChangedAt)})
	}
	return []ui.Figure{{Word: say(ctx, "rollout.figure.percentage"), Value: strconv.Itoa(m.Percentage) + "%", Note: since},
		{Word: say(ctx, "rollout.figure.in"), Value: strconv.Itoa(in)},
		{Word: say(ctx, "rollout.figure.offered"), Value: strconv.Itoa(count[rollout.Offered]), Href: rollout.Path + "?standing=offered"},
		{Word: say(ctx, "rollout.figure.upgraded"), Value: strconv.Itoa(count[rollout.Upgraded]), Href: rollout.Path + "?standing=upgraded"}}
}

func (m OpsRollout) bar() ui.FilterBar {
	return ui.FilterBar{Action: rollout.Path, Reset: rollout.Path, Set: len(kept(m.Asked, rolloutFields)), Open: len(m.Faults) > 0}
}

func (m OpsRollout) text(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "q", Word: say(ctx, "rollout.text"), Value: m.Asked.Get("q")}
}

func (m OpsRollout) standing(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "standing", Word: say(ctx, "rollout.col.standing"), Value: m.Asked.Get("standing"), Error: refused(ctx, m.Faults, "standing")}
	f.Options = opsChoices(ctx, rollout.Standings, f.Value, "rollout.standing.")
	return f
}

func (m OpsRollout) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "rollout.shown", words.Args{"Count": len(m.Page())}), Action: rollout.Path, Size: m.Size, Sizes: OpsSizes}
	for name, values := range kept(m.Asked, rolloutFields) {
		g.Hidden = append(g.Hidden, ui.Pair{Name: name, Value: values[0]})
	}
	if !m.First {
		g.Prev = opsHref(rollout.Path, m.filter(), "")
	}
	if next := m.Next(); next != "" {
		g.Next = opsHref(rollout.Path, m.filter(), next)
	}
	return g
}

func (m OpsRollout) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: say(ctx, "rollout.none_title"), Text: say(ctx, "rollout.none_text")}
}

func rolloutGrid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "rollout.merchants"), Rows: true,
		Columns: columnsOf(ctx, "rollout.col.", "merchant", "system", "in", "why", "standing")}
}

var standingColours = map[rollout.Standing]ui.State{rollout.Offered: ui.Moving, rollout.Outside: ui.Waiting, rollout.Paused: ui.Needs,
	rollout.Weekly: ui.Waiting, rollout.Suspended: ui.Waiting, rollout.Upgraded: ui.Done, rollout.Born: ui.Waiting}

func (m OpsRollout) inWord(ctx context.Context, one rollout.Merchant) string {
	if yes, _ := m.Includes(one.ID, one.Listed); yes {
		return say(ctx, "rollout.in")
	}
	return say(ctx, "rollout.out")
}

func systemWord(ctx context.Context, one rollout.Merchant) string {
	text := say(ctx, "rollout.system."+string(one.System)) + " " + string(one.Cycle)
	if one.UpgradedAt != nil {
		text += " " + words.F(ctx, "rollout.upgraded_at", words.Args{"Time": moment(*one.UpgradedAt)})
	}
	return text
}

// OpsRolloutChange is a change with what it would do.
type OpsRolloutChange struct {
	rollout.Change
	rollout.Effect
	State  rollout.State
	Form   RolloutForm
	Ready  bool // it can be confirmed
	Once   ui.Pair
	Faults []ui.Fault
}

func (m OpsRolloutChange) hidden() []ui.Pair {
	all := []ui.Pair{m.Once, {Name: "change", Value: string(m.Form.What)}}
	if m.Form.What == rollout.SetPercentage {
		all = append(all, ui.Pair{Name: "percentage", Value: m.Form.Percentage.Value})
	}
	if m.Form.lists() {
		all = append(all, ui.Pair{Name: "mchids", Value: m.Form.MchIDs.Value}, ui.Pair{Name: "reason", Value: m.Form.Reason.Value})
	}
	return all
}

func (m OpsRolloutChange) figures(ctx context.Context) []ui.Figure {
	counted := func(before, after int) string { return strconv.Itoa(before) + " → " + strconv.Itoa(after) }
	all := []ui.Figure{{Word: say(ctx, "rollout.line.in"), Value: counted(m.Before, m.After)},
		{Word: say(ctx, "rollout.line.offered"), Value: counted(m.OfferedBefore, m.OfferedNow)}}
	if m.Kind == rollout.SetPercentage {
		all = append([]ui.Figure{{Word: say(ctx, "rollout.line.percentage"), Value: counted(m.State.Percentage, m.Percentage)}}, all...)
	}
	return all
}

// effectMax is how many merchants the page names of each side.
const effectMax = 100

func (m OpsRolloutChange) sides(ctx context.Context) (all []side) {
	for id, merchants := range map[string][]rollout.Merchant{"appears": m.Appears, "vanishes": m.Vanishes} {
		if len(merchants) > 0 {
			all = append(all, side{say(ctx, "rollout.line."+id), merchants, id})
		}
	}
	if len(all) == 2 && all[0].id != "appears" {
		all[0], all[1] = all[1], all[0]
	}
	return all
}

// side are merchants to whom the entry appears, or from whom it is taken.
type side struct {
	word      string
	merchants []rollout.Merchant
	id        string
}

func (s side) named() []rollout.Merchant { return s.merchants[:min(len(s.merchants), effectMax)] }

func (s side) note(ctx context.Context) string {
	return words.F(ctx, "rollout.shown", words.Args{"Count": len(s.merchants)})
}

// rolloutKind says what a change does; what is none has no name.
func rolloutKind(ctx context.Context, k rollout.Kind) string {
	return known(ctx, "rollout.kind.", string(k))
}
