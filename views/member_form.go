package views

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// MemberForm asks who becomes a member.
type MemberForm struct {
	Once   ui.Pair
	Faults []ui.Fault
	Login  ui.Field
	Name   ui.Field
	IDType ui.Field
	Number ui.Field
	Mobile ui.Field
	Roles  RolePicks
}

// RolePicks asks for roles, each with what it allows. Those that the reader may not give say so.
type RolePicks struct {
	Name  string
	Label string
	Hint  string
	Error string
	Quiet bool // the panel's title is the question already
	Picks []RolePick
}

// RolePick is one role.
type RolePick struct {
	Code   access.Role
	Word   string
	Gives  []access.Permission
	Chosen bool
	Lacks  bool // it holds what the reader lacks, and cannot be given
}

func (r RolePick) hint(ctx context.Context) string {
	if r.Lacks {
		return say(ctx, "members.role_lacks")
	}
	return words.F(ctx, "members.role_gives", words.Args{"Permissions": access.PermissionWords(ctx, r.Gives)})
}

func (r RolePick) id(name string) string { return name + "-" + string(r.Code) }

// MemberRoles asks for roles in place of those a member has.
type MemberRoles struct {
	Login  string
	Name   string // of the login
	Masked string
	Now    string
	Once   ui.Pair
	Faults []ui.Fault
	Roles  RolePicks
	Want   *ui.Note // somebody asked for a permission: what is ticked for it
}
