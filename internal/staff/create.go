package staff

import (
	"context"
	"encoding/json"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// Newcomer is a member to be made: the parameters of Create.
type Newcomer struct {
	Login    string          `json:"login"`
	Name     string          `json:"name"`
	IDType   identity.IDType `json:"id_type"`
	IDNumber string          `json:"id_number"`
	Mobile   string          `json:"mobile"`
	Roles    []access.Role   `json:"roles"`
}

func (n Newcomer) account(s access.Scope) identity.NewAccount {
	return identity.NewAccount{Merchant: s.Merchant(), Login: n.Login, Mobile: n.Mobile, Roles: n.Roles, Actor: s.Actor(),
		Person: identity.Person{Name: n.Name, IDType: n.IDType, IDNumber: n.IDNumber}}
}

func (o *Office) describeCreate(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	n, err := decode[Newcomer](params)
	if err != nil {
		return confirm.Words{}, err
	}
	custom, err := access.CustomRoles(ctx, q, s.Merchant())
	if err != nil {
		return confirm.Words{}, err
	}
	if err := o.gate.AdmitMember(ctx, q, s, n.account(s), custom); err != nil {
		return confirm.Words{}, err
	}
	w := confirm.Words{Title: words.F(ctx, "member.title.create", words.Args{"Name": vault.MaskName(n.Name)}),
		Warn: words.T(ctx, "member.warn.create")}
	w.Lines = append(w.Lines, line(ctx, "login", identity.FullLogin(n.Login, s.Merchant())), line(ctx, "name", vault.MaskName(n.Name)),
		line(ctx, "paper", words.T(ctx, "identity.id_type."+string(n.IDType))+" "+vault.MaskID(n.IDNumber)),
		line(ctx, "mobile", vault.MaskPhone(n.Mobile)))
	w.Lines = append(w.Lines, roleLines(ctx, s.Merchant(), n.Roles, custom)...)
	return w, nil
}

// roleLines say which roles, and what they allow.
func roleLines(ctx context.Context, merchant int64, roles []access.Role, custom []access.CustomRole) []confirm.Line {
	return []confirm.Line{line(ctx, "roles", access.RoleWords(ctx, roles, custom)),
		line(ctx, "permissions", access.PermissionWords(ctx, access.Sum(merchant, roles, custom)))}
}

func (o *Office) create(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	n, err := decode[Newcomer](params)
	if err != nil {
		return confirm.Result{}, err
	}
	m, password, err := o.gate.AddMember(ctx, tx, s, n.account(s))
	if err != nil {
		return confirm.Result{}, err
	}
	secret := line(ctx, "password", password)
	return confirm.Result{Object: m.Login(), Link: page(m), Lines: []confirm.Line{line(ctx, "login", m.Login())}, Secret: &secret,
		Details: map[string]any{"roles": m.Roles, "name": m.NameMasked, "id": m.IDMasked}}, nil
}
