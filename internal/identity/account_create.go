package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/vault"
)

// CreateAccount makes a login account and returns its initial password, which is shown once and kept
// as a hash. It refuses with a fault.Form for fields that cannot be, ErrLoginTaken (names are never
// used again, whatever their case), ErrRoles for a role the merchant does not have, ErrSuperAdmin for a
// second super admin, and ErrMembersMax.
func (g *Gate) CreateAccount(ctx context.Context, tx db.Tx, n NewAccount) (id uuid.UUID, password string, err error) {
	a, password, err := g.addAccount(ctx, tx, n)
	if err != nil {
		return uuid.Nil, "", err
	}
	return a.ID, password, g.trail(ctx, tx, audit.Entry{Merchant: n.Merchant, Actor: n.Actor.Name,
		Account: n.Actor.Account, Action: "account.create", Object: fullLogin(a.Login, n.Merchant),
		Details: map[string]any{"roles": n.Roles, "name": a.NameMasked, "id": a.IDMasked}}, nil)
}

// addAccount makes the account.
func (g *Gate) addAccount(ctx context.Context, tx db.Tx, n NewAccount) (a account, password string, err error) {
	n = n.tidy()
	if err := n.check(); err != nil {
		return a, "", err
	}
	a = g.sealed(n)
	if !n.NoPassword {
		if password, a.PasswordHash, err = g.initialPassword(ctx, n.Password); err != nil {
			return a, "", err
		}
	}
	return a, password, insertAccount(ctx, tx, a, n.Roles)
}

// initialPassword draws a password where none is given, and hashes it.
func (g *Gate) initialPassword(ctx context.Context, given string) (password, hash string, err error) {
	if password = given; password == "" {
		if password, err = g.newPassword(); err != nil {
			return "", "", err
		}
	}
	hash, err = g.hashPassword(ctx, password)
	return password, hash, err
}

// sealed is the account's row: what identifies the person is encrypted, for its place alone.
func (g *Gate) sealed(n NewAccount) account {
	id, p := db.NewID(), n.Person
	seal := func(column, text string) []byte { return g.vault.Seal(at(column, n.Merchant, id), text) }
	return account{MerchantID: n.Merchant, ID: id, Login: n.Login, State: "active", CreatedAt: g.clock.Now(),
		RealName: seal("real_name", p.Name), NameMasked: vault.MaskName(p.Name),
		IDType: p.IDType, IDNumber: seal("id_number", p.IDNumber), IDMasked: vault.MaskID(p.IDNumber),
		IDIndex: g.vault.Index("id_number", string(p.IDType)+" "+p.IDNumber),
		Mobile:  seal("mobile", n.Mobile), MobileMasked: vault.MaskPhone(n.Mobile)}
}

// BindForSeed binds a WeChat without asking anyone. Only the sandbox's seed may: its people were
// matched when its WeChat made them.
func (g *Gate) BindForSeed(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, openid string) error {
	s, err := lockSeat(ctx, tx, merchant, account)
	if err != nil {
		return err
	}
	p, err := g.person(s)
	if err != nil {
		return err
	}
	hash, err := g.newCompared(s, openid, p)
	if err != nil {
		return err
	}
	now := g.clock.Now()
	if err := insertBinding(ctx, tx, binding{MerchantID: merchant, AccountID: account, OpenID: openid,
		Compared: hash, Verdict: "match", CheckedAt: now, Consent: ConsentVersion, ConsentedAt: now, BoundAt: now}); err != nil {
		return err
	}
	return g.trail(ctx, tx, audit.Entry{Merchant: merchant, Actor: "system", Account: account,
		Action: "binding.seed", Object: s.login()}, nil)
}
