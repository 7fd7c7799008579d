package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// The code of a role: drawn, so that it is never used again and tells nothing.
const (
	codeAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"
	codeLength   = 8
)

// CreateRole makes a role of the merchant's own. It refuses with what Check refuses, ErrGrantLacking,
// ErrRoleNameTaken and ErrRolesMax.
func CreateRole(ctx context.Context, tx db.Tx, s Scope, d RoleDraft, at time.Time) (CustomRole, error) {
	if err := Hold(ctx, tx, s.Merchant()); err != nil {
		return CustomRole{}, err
	}
	d = d.Tidy()
	if _, err := AdmitRole(ctx, tx.PG(), s, "", d); err != nil {
		return CustomRole{}, err
	}
	code, err := drawCode(rand.Reader)
	if err != nil {
		return CustomRole{}, err
	}
	c := CustomRole{Code: code, Name: d.Name, Permissions: d.Permissions}
	return c, insertRole(ctx, tx, s, c, at)
}

// AdmitRole refuses a role that cannot be, or that gives more than the actor holds: a new one, or a
// change of the one with the code, which it returns as it stands.
func AdmitRole(ctx context.Context, q db.Querier, s Scope, code Role, d RoleDraft) (old CustomRole, err error) {
	all, err := CustomRoles(ctx, q, s.Merchant())
	if err != nil {
		return old, err
	}
	i := slices.IndexFunc(all, func(c CustomRole) bool { return c.Code == code })
	switch {
	case code == "" && len(all) >= RolesMax:
		return old, ErrRolesMax.With("Max", RolesMax)
	case code != "" && i < 0:
		return old, fault.ErrNotFound
	case i >= 0:
		old = all[i]
	}
	if err := d.Check(ctx); err != nil {
		return old, err
	}
	if slices.ContainsFunc(all, func(c CustomRole) bool { return c.Code != code && strings.EqualFold(c.Name, d.Name) }) {
		return old, ErrRoleNameTaken
	}
	if old.Name == d.Name && slices.Equal(RoleDraft{Permissions: old.holds()}.Tidy().Permissions, d.Permissions) {
		return old, ErrRoleSame
	}
	return old, s.MayGive(Added(old.Permissions, d.Permissions))
}

// ChangeRole changes what a role is called and gives, for everyone who has it, from their next request
// on. What is added must be held by the actor; it refuses as CreateRole does, and with ErrRoleSame.
func ChangeRole(ctx context.Context, tx db.Tx, s Scope, code Role, d RoleDraft, at time.Time) (before, after CustomRole, err error) {
	if err = Hold(ctx, tx, s.Merchant()); err != nil {
		return before, after, err
	}
	d = d.Tidy()
	if before, err = AdmitRole(ctx, tx.PG(), s, code, d); err != nil {
		return before, after, err
	}
	after = CustomRole{Code: code, Name: d.Name, Permissions: d.Permissions}
	return before, after, updateRole(ctx, tx, s, after, at)
}

// DeleteRole lets go of a role that nobody has (else ErrRoleInUse).
func DeleteRole(ctx context.Context, tx db.Tx, s Scope, code Role) (CustomRole, error) {
	if err := Hold(ctx, tx, s.Merchant()); err != nil {
		return CustomRole{}, err
	}
	old, err := FindRole(ctx, tx.PG(), s, code)
	if err != nil {
		return CustomRole{}, err
	}
	return old.CustomRole, deleteRole(ctx, tx, s, code)
}

// Added lists what is in now and was not before.
func Added(before, now []Permission) []Permission {
	return slices.DeleteFunc(slices.Clone(now), func(p Permission) bool { return slices.Contains(before, p) })
}

func drawCode(random io.Reader) (Role, error) {
	code := []byte{'r'}
	for len(code) <= codeLength {
		var b [1]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", fmt.Errorf("random code: %w", err)
		}
		if n := int(b[0]); n < len(codeAlphabet)*(256/len(codeAlphabet)) {
			code = append(code, codeAlphabet[n%len(codeAlphabet)])
		}
	}
	return Role(code), nil
}
