package views

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Member is one member, and what the reader may do.
type Member struct {
	identity.Member
	Self   bool
	Acts   []MemberAct
	Faults []ui.Fault
	Answer *ui.Pair // the key of the form that answers the binding that waits; nil: not the reader's to answer
}

// MemberAct is something that can be asked for: a form with one button, or a link to a form of its own.
type MemberAct struct {
	ID   string // words: "members.act." + ID, and with "_text" behind it what it does
	Href string // a form of its own
	Post string // or the address of the post
	Once ui.Pair
	Kind ui.Kind
}

func (m Member) facts(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Word: say(ctx, "members.col.login"), Text: m.Login()}, {Word: say(ctx, "members.col.name"), Text: m.NameMasked},
		{Word: say(ctx, "members.id"), Text: say(ctx, "identity.id_type."+string(m.IDType)) + " " + m.IDMasked},
		{Word: say(ctx, "members.mobile"), Text: m.MobileMasked},
		{Word: say(ctx, "members.wechat"), Text: m.wechat(ctx)}, {Word: say(ctx, "members.sessions"), Text: m.online(ctx)},
		{Word: say(ctx, "members.col.created"), Text: moment(m.CreatedAt)},
	}
}

func (m Member) wechat(ctx context.Context) string {
	switch {
	case m.BoundAt != nil:
		return words.F(ctx, "members.bound_at", words.Args{"Time": clock.Text(*m.BoundAt)})
	case m.Request != nil:
		return words.F(ctx, "members.state_waiting_until", words.Args{"Until": clock.Text(*m.RequestUntil)})
	}
	return say(ctx, "members.wechat_none")
}

func (m Member) online(ctx context.Context) string {
	if m.SeenAt == nil {
		return say(ctx, "members.no_session")
	}
	return words.F(ctx, "members.sessions_count", words.Args{"Count": m.Sessions, "Time": clock.Text(*m.SeenAt)})
}

func (m Member) rights(ctx context.Context) []ui.Fact {
	all := access.PermissionWords(ctx, access.Sum(m.Merchant, m.Roles, m.Custom))
	if all == "" {
		all = say(ctx, "members.permissions_none")
	}
	return []ui.Fact{{Word: say(ctx, "members.col.roles"), Text: access.RoleWords(ctx, m.Roles, m.Custom)},
		{Word: say(ctx, "members.permissions"), Text: all}}
}

// remark says why there is nothing to do here; nil where there is.
func (m Member) remark(ctx context.Context) *ui.Note {
	switch {
	case m.Self && m.Has(access.SuperAdmin):
		return &ui.Note{Text: say(ctx, "members.self_super")}
	case m.Self:
		return &ui.Note{Text: say(ctx, "members.self")}
	case m.Has(access.SuperAdmin):
		return &ui.Note{Text: say(ctx, "members.super")}
	}
	return nil
}

func (a MemberAct) button(ctx context.Context) ui.Act {
	return ui.Act{Word: say(ctx, "members.act."+a.ID), Kind: a.Kind, Href: a.Href, Small: true}
}
