package staff

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
)

// Handing says to whom the super admin hands over, and as what the super admin goes on: the parameters
// of HandOver.
type Handing struct {
	Account uuid.UUID     `json:"account"`
	Keeps   []access.Role `json:"keeps"`
}

func (o *Office) describeHandover(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	h, err := decode[Handing](params)
	if err != nil {
		return confirm.Words{}, err
	}
	m, err := o.gate.MemberByID(ctx, q, s, h.Account)
	if err != nil {
		return confirm.Words{}, err
	}
	if err := m.Admit(s, identity.HandOver); err != nil {
		return confirm.Words{}, err
	}
	custom, err := access.CustomRoles(ctx, q, s.Merchant())
	if err != nil {
		return confirm.Words{}, err
	}
	if err := identity.AdmitKeeps(s, h.Keeps, custom); err != nil {
		return confirm.Words{}, err
	}
	w := confirm.Words{Title: titled(ctx, "handover", m), Warn: words.T(ctx, "member.warn.handover"), Lines: who(ctx, m)}
	w.Lines = append(w.Lines, line(ctx, "roles_before", access.RoleWords(ctx, m.Roles, custom)),
		line(ctx, "roles_after", access.RoleWord(ctx, access.SuperAdmin, nil)),
		line(ctx, "keeps", access.RoleWords(ctx, h.Keeps, custom)))
	return w, nil
}

func (o *Office) handOver(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	in, err := decode[Handing](params)
	if err != nil {
		return confirm.Result{}, err
	}
	h, err := o.gate.AskHandover(ctx, tx, s, in.Account, in.Keeps)
	return confirm.Result{Object: h.ToLogin, Link: "/account/members", Lines: []confirm.Line{
		line(ctx, "waits_for", words.F(ctx, "member.waits_for", words.Args{"Name": h.ToName})), line(ctx, "until", clock.Text(h.LapsesAt))},
		Details: map[string]any{"handover": h.ID, "keeps": in.Keeps}}, err
}

// Binding is the super admin's answer to an employee's binding, at the desktop: the parameters of
// AnswerBinding.
type Binding struct {
	Account  uuid.UUID         `json:"account"`
	Decision identity.Decision `json:"decision"`
}

func (o *Office) describeBinding(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	b, err := decode[Binding](params)
	if err != nil {
		return confirm.Words{}, err
	}
	m, err := o.gate.MemberByID(ctx, q, s, b.Account)
	switch {
	case err != nil:
		return confirm.Words{}, err
	case m.Request == nil:
		return confirm.Words{}, identity.ErrRequestEnded
	case b.Decision != identity.Confirm && b.Decision != identity.Refuse:
		return confirm.Words{}, identity.ErrDecide
	}
	id := "binding_" + string(b.Decision)
	w := confirm.Words{Title: titled(ctx, id, m), Warn: words.T(ctx, "member.warn."+id), Lines: who(ctx, m)}
	w.Lines = append(w.Lines, line(ctx, "paper", words.T(ctx, "identity.id_type."+string(m.IDType))+" "+m.IDMasked),
		line(ctx, "roles", access.RoleWords(ctx, m.Roles, m.Custom)), line(ctx, "asked_at", clock.Text(*m.RequestAt)))
	return w, nil
}

func (o *Office) answerBinding(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	b, err := decode[Binding](params)
	if err != nil {
		return confirm.Result{}, err
	}
	m, err := o.gate.DecideBinding(ctx, tx, s, b.Account, b.Decision)
	return confirm.Result{Object: m.Login(), Link: page(m), Details: map[string]any{"decision": b.Decision}}, err
}

// Own is the session that asks for the own WeChat to be unbound: the parameters of Rebind.
type Own struct {
	Session uuid.UUID `json:"session"`
}

func (o *Office) describeRebind(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	if _, err := decode[Own](params); err != nil {
		return confirm.Words{}, err
	}
	m, err := o.gate.MemberByID(ctx, q, s, s.Actor().Account)
	if err != nil {
		return confirm.Words{}, err
	}
	if m.BoundAt == nil {
		return confirm.Words{}, identity.ErrMemberUnbound
	}
	next := "rebind"
	if m.Has(access.SuperAdmin) {
		next = "rebind_super"
	}
	return confirm.Words{Title: words.T(ctx, "member.title.rebind"), Lines: who(ctx, m), Warn: words.T(ctx, "member.warn."+next)}, nil
}

func (o *Office) rebind(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	own, err := decode[Own](params)
	if err != nil {
		return confirm.Result{}, err
	}
	password, err := o.gate.Unbind(ctx, tx, s, own.Session)
	secret := line(ctx, "password", password)
	return confirm.Result{Object: s.Actor().Name, Link: "/bind", Secret: &secret}, err
}
