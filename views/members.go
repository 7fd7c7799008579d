package views

import (
	"context"
	"net/url"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Members is the list of a merchant's members.
type Members struct {
	Asked url.Values // the filter, as the address has it
	Rows  []identity.Member
	Board identity.MemberBoard
	Size  int
	Prev  string // cursors of the neighbours
	Next  string

	Create bool      // the reader may make members
	Answer bool      // the reader answers bindings
	Hand   bool      // the reader may hand over
	Once   []ui.Pair // a key for each binding that waits
}

// MembersPath is where members are listed.
const MembersPath = "/account/members"

// MemberSizes are the sizes of a page.
var MemberSizes = []int{20, 50, 100}

// memberFields are the fields of the filter.
var memberFields = []string{"q", "role", "state"}

// MemberHref is the address of a member's page, by the login's name.
func MemberHref(name string) string { return MembersPath + "/" + url.PathEscape(name) }

var memberColours = map[identity.MemberState]ui.State{identity.MemberActive: ui.Done, identity.MemberUnbound: ui.Waiting,
	identity.MemberWaiting: ui.Needs, identity.MemberSuspended: ui.Failed}

// MemberState says how a member stands.
func MemberState(ctx context.Context, s identity.MemberState) string {
	return say(ctx, "members.state."+string(s))
}

func (m Members) filter() url.Values { return kept(m.Asked, memberFields) }

func (m Members) href(path, cursor string) string {
	q := m.filter()
	if m.Size != MemberSizes[0] {
		q.Set("size", strconv.Itoa(m.Size))
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (m Members) bar() ui.FilterBar {
	b := ui.FilterBar{Action: MembersPath, Reset: MembersPath, Set: len(m.filter())}
	if m.Size != MemberSizes[0] {
		b.Hidden = []ui.Pair{{Name: "size", Value: strconv.Itoa(m.Size)}}
	}
	return b
}

func (m Members) login(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: "q", Word: say(ctx, "members.filter_login"), Value: m.Asked.Get("q"), Placeholder: say(ctx, "members.filter_login_hint")}
}

func (m Members) role(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "role", Word: say(ctx, "members.filter_role"), Options: []ui.Option{{Word: say(ctx, "members.filter_any")}}}
	all := access.Roles
	for _, c := range m.Board.Custom {
		all = append(all[:len(all):len(all)], c.Code)
	}
	for _, r := range all {
		f.Options = append(f.Options, ui.Option{Value: string(r), Word: access.RoleWord(ctx, r, m.Board.Custom), Chosen: m.Asked.Get("role") == string(r)})
	}
	return f
}

func (m Members) state(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "state", Word: say(ctx, "members.filter_state"), Options: []ui.Option{{Word: say(ctx, "members.filter_any")}}}
	for _, s := range identity.MemberStates {
		f.Options = append(f.Options, ui.Option{Value: string(s), Word: MemberState(ctx, s), Chosen: m.Asked.Get("state") == string(s)})
	}
	return f
}

func (m Members) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "members.shown", words.Args{"Count": len(m.Rows)}), Action: MembersPath, Size: m.Size, Sizes: MemberSizes}
	for _, name := range memberFields {
		if text := m.Asked.Get(name); text != "" {
			g.Hidden = append(g.Hidden, ui.Pair{Name: name, Value: text})
		}
	}
	if m.Prev != "" {
		g.Prev = m.href(MembersPath, m.Prev)
	}
	if m.Next != "" {
		g.Next = m.href(MembersPath, m.Next)
	}
	return g
}

func (m Members) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: m.href(MembersPath+".csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: m.href(MembersPath+".json", "")}}
}

func (m Members) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: say(ctx, "members.none_title"), Text: say(ctx, "members.none_text"),
		Act: ui.Act{Word: say(ctx, "members.none_reset"), Href: MembersPath}}
}

// handover says that a handover waits for the other phone.
func handoverNote(ctx context.Context, h identity.Handover) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: say(ctx, "members.handover_waiting"), Text: words.F(ctx, "members.handover_waiting_text", words.Args{
		"From": h.FromLogin, "To": h.ToLogin, "ToName": h.ToName, "Until": clock.Text(h.LapsesAt)})}
}

func (m Members) bindingLine(ctx context.Context, b identity.WaitingBinding) string {
	return words.F(ctx, "members.binding_line", words.Args{"Name": b.NameMasked, "Login": b.Name,
		"Roles": access.RoleWords(ctx, b.Roles, m.Board.Custom), "Time": clock.Text(b.AskedAt), "Until": clock.Text(b.LapsesAt)})
}

// answers are the two buttons of a binding that waits.
func bindingAnswers(ctx context.Context, name string) []ui.Act {
	var acts []ui.Act
	for _, d := range []struct {
		decision identity.Decision
		id       string
		kind     ui.Kind
	}{{identity.Refuse, "members.binding_no", ui.Danger}, {identity.Confirm, "members.binding_yes", ui.Primary}} {
		acts = append(acts, ui.Act{Word: say(ctx, d.id), Name: "decision", Value: string(d.decision), Kind: d.kind, Small: true,
			Label: words.F(ctx, d.id+"_of", words.Args{"Name": name})})
	}
	return acts
}
