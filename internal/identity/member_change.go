package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// The verbs on members run inside a confirmation, which writes the audit row. Each holds the merchant
// first, so that changes of who may do what come one after another, and looks at the rule again then.

// AdmitMember refuses a new member that cannot be, all that is wrong at once: a form, a login that somebody
// has or had, roles that the actor may not give, or no place left.
func (g *Gate) AdmitMember(ctx context.Context, q db.Querier, s access.Scope, n NewAccount, custom []access.CustomRole) error {
	var all fault.Form
	for _, err := range []error{g.CheckNew(ctx, q, n), AdmitNew(s, n.Roles, custom)} {
		if err != nil && fault.All(err) == nil {
			return err
		}
		for _, r := range fault.All(err) {
			if !slices.ContainsFunc(all, func(said *fault.Refusal) bool { return said.Code == r.Code }) {
				all.Add(r)
			}
		}
	}
	switch len(all) {
	case 0:
		return placeLeft(ctx, q, s.Merchant())
	case 1:
		return all[0]
	}
	return all.Err()
}

// AddMember makes a login account with roles that the actor may give, and returns it with its initial
// password. It refuses as CreateAccount and AdmitNew do.
func (g *Gate) AddMember(ctx context.Context, tx db.Tx, s access.Scope, n NewAccount) (Member, string, error) {
	if err := access.Hold(ctx, tx, s.Merchant()); err != nil {
		return Member{}, "", err
	}
	custom, err := access.CustomRoles(ctx, tx.PG(), s.Merchant())
	if err != nil {
		return Member{}, "", err
	}
	if err := AdmitNew(s, n.Roles, custom); err != nil {
		return Member{}, "", err
	}
	n.Merchant, n.Actor = s.Merchant(), s.Actor()
	a, password, err := g.addAccount(ctx, tx, n)
	if err != nil {
		return Member{}, "", err
	}
	m, err := g.MemberByID(ctx, tx.PG(), s, a.ID)
	return m, password, err
}

// SuspendMember keeps a member out at once: sessions end, and what waits for the super admin or for the
// member's own answer ends, too. The WeChat stays bound.
func (g *Gate) SuspendMember(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID) (Member, error) {
	return g.changeMember(ctx, tx, s, id, Suspend, func(m Member) error {
		if err := setState(ctx, tx, m, "suspended", nil); err != nil {
			return err
		}
		if err := endRequests(ctx, tx, m.Merchant, m.ID, g.clock.Now()); err != nil {
			return err
		}
		if err := g.undoHandover(ctx, tx, m, ErrSuspended); err != nil {
			return err
		}
		return endMember(ctx, tx, m)
	})
}

// ResumeMember lets a suspended member in again. It refuses with ErrMembersMax when all places are taken.
func (g *Gate) ResumeMember(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID) (Member, error) {
	return g.changeMember(ctx, tx, s, id, Resume, func(m Member) error {
		place, err := freePlace(ctx, tx, m.Merchant)
		if err != nil {
			return err
		}
		return setState(ctx, tx, m, "active", place)
	})
}

// ResetMember is for a lost phone: the WeChat is unbound, every session ends, and the returned initial
// password leads to binding another, which the super admin is asked for again.
func (g *Gate) ResetMember(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID) (Member, string, error) {
	password, hash, err := g.initialPassword(ctx, "")
	if err != nil {
		return Member{}, "", err
	}
	m, err := g.changeMember(ctx, tx, s, id, Reset, func(m Member) error {
		if err := g.tellUnbound(ctx, tx, m.Merchant, m.ID, "member_reset"); err != nil {
			return err
		}
		if err := unbind(ctx, tx, m.Merchant, m.ID, hash, g.clock.Now()); err != nil {
			return err
		}
		if err := forget(ctx, tx.PG(), "password:"+strings.ToLower(m.Login())); err != nil {
			return err
		}
		if err := g.undoHandover(ctx, tx, m, ErrMemberUnbound); err != nil {
			return err
		}
		return endMember(ctx, tx, m)
	})
	return m, password, err
}

// SetRoles puts roles in place of the member's; they hold from the next request of an open session.
func (g *Gate) SetRoles(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID, roles []access.Role) (Member, error) {
	return g.changeMember(ctx, tx, s, id, GiveRole, func(m Member) error {
		custom, err := access.CustomRoles(ctx, tx.PG(), m.Merchant)
		if err != nil {
			return err
		}
		if err := m.AdmitRoles(s, roles, custom); err != nil {
			return err
		}
		return replaceRoles(ctx, tx, m.Merchant, m.ID, roles)
	})
}

// EndMemberSessions ends every session of a member, and tells how many there were.
func (g *Gate) EndMemberSessions(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID) (m Member, ended int64, err error) {
	m, err = g.changeMember(ctx, tx, s, id, EndThem, func(m Member) error {
		ended, err = endOtherSessions(ctx, tx, m.Merchant, m.ID, uuid.Nil)
		return err
	})
	return m, ended, err
}

// changeMember holds the merchant for a change of a member by somebody else, and returns the member
// as it stands afterwards.
func (g *Gate) changeMember(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID, a MemberAct, change func(Member) error) (Member, error) {
	if err := access.Hold(ctx, tx, s.Merchant()); err != nil {
		return Member{}, err
	}
	m, err := g.MemberByID(ctx, tx.PG(), s, id)
	if err != nil {
		return Member{}, err
	}
	if err := m.Admit(s, a); err != nil {
		return m, err
	}
	if err := change(m); err != nil {
		return m, err
	}
	return g.MemberByID(ctx, tx.PG(), s, id)
}

func endMember(ctx context.Context, tx db.Tx, m Member) error {
	_, err := endOtherSessions(ctx, tx, m.Merchant, m.ID, uuid.Nil)
	return err
}
