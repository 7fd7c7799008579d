package staff

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Refusals of asking for a permission.
var (
	ErrRequestHeld  = fault.New("member.request_held")
	ErrRequestSuper = fault.New("member.request_super") // no role can hold it
	ErrRequestTwice = fault.New("member.request_twice") // today
)

// Request is a member's asking for a permission.
type Request struct {
	ID         uuid.UUID
	Merchant   int64
	Account    uuid.UUID
	Permission access.Permission
	AskedAt    time.Time
}

// AskPermission asks the super admin for a permission that a page was refused for: in the portal, with a
// link to the form of the member's roles, and on the phone. Once a business day for each permission. It
// refuses with ErrRequestHeld, ErrRequestSuper, ErrRequestTwice, and fault.ErrNotFound for a permission
// nobody knows.
func (o *Office) AskPermission(ctx context.Context, s access.Scope, p access.Permission, from audit.From) error {
	switch {
	case !slices.Contains(access.Listed(access.Permissions), p):
		return fault.ErrNotFound
	case s.May(p):
		return ErrRequestHeld
	case !p.Givable():
		return ErrRequestSuper
	}
	now := o.clock.Now()
	r := Request{ID: db.NewID(), Merchant: s.Merchant(), Account: s.Actor().Account, Permission: p, AskedAt: now}
	return o.db.InTx(ctx, func(tx db.Tx) error {
		fresh, err := insertRequest(ctx, tx, r)
		if err != nil {
			return err
		}
		if !fresh {
			return ErrRequestTwice
		}
		if err := o.tellAsked(ctx, tx, r); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account,
			Action: "access.ask", Object: string(p), Outcome: audit.Done, From: from, At: now})
	})
}

// tellAsked tells the super admin, in the portal and on the phone.
func (o *Office) tellAsked(ctx context.Context, tx db.Tx, r Request) error {
	asker, err := o.gate.Standing(ctx, tx, r.Merchant, r.Account)
	if err != nil {
		return err
	}
	permission := words.T(ctx, "permission."+string(r.Permission))
	err = inbox.Tell(ctx, tx, inbox.Message{Merchant: r.Merchant, Role: access.SuperAdmin, Category: inbox.Security, Kind: "permission_asked",
		Args: map[string]string{"Name": asker.NameMasked, "Login": asker.Seat.Name, "Permission": permission}, At: r.AskedAt,
		Link: rolesPage(asker.Seat.Name) + "?want=" + string(r.Permission)})
	if err != nil {
		return err
	}
	all, err := o.gate.Active(ctx, tx.PG(), r.Merchant)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s identity.Standing) bool { return slices.Contains(s.Seat.Roles, access.SuperAdmin) })
	if i < 0 {
		return nil // a super admin without a WeChat reads it in the portal
	}
	return inbox.WeChat(ctx, tx, inbox.Notice{Merchant: r.Merchant, OpenID: all[i].OpenID, Template: "permission_asked",
		Title: words.T(ctx, "member.notice.permission_asked"), Key: "permission:" + r.ID.String(), URL: o.base + "/m/permissions/" + r.ID.String(),
		Fields: map[string]string{words.T(ctx, "identity.field_merchant"): asker.ShortName, words.T(ctx, "identity.field_login"): asker.Seat.Name,
			words.T(ctx, "identity.field_person"): asker.NameMasked, words.T(ctx, "member.line.permission"): permission}}, r.AskedAt)
}
