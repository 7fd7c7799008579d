// Package staff decides how a merchant changes who works for it and what they may do: members, roles,
// the super admin's role, people's own WeChat. Each change is an act that runs inside a confirmation on
// the phone; this package says in words what will happen, and who may ask for it.
//
// It refuses to give what the giver does not hold, to touch the super admin by any way but the handing
// over, and to let people change themselves. Members also ask here for a permission they met a page
// without; the super admin answers by giving a role.
package staff

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
)

// Parts are what an Office is made of.
type Parts struct {
	DB    *db.DB
	Clock clock.Clock // business time
	Gate  *identity.Gate
	Base  string // the portal's base URL, for links in messages
}

// Office is where members are changed.
type Office struct {
	db    *db.DB
	clock clock.Clock
	gate  *identity.Gate
	base  string
}

// New opens the office. Register puts its acts into the registry.
func New(p Parts) *Office {
	return &Office{db: p.DB, clock: p.Clock, gate: p.Gate, base: p.Base}
}

// The acts. Words: their names are the catalogue's "audit.action." + code.
const (
	Create        = "member.create"
	Suspend       = "member.suspend"
	Resume        = "member.resume"
	Reset         = "member.reset"
	GiveRoles     = "member.roles"
	EndSessions   = "session.end_member"
	CreateRole    = "role.create"
	ChangeRole    = "role.change"
	DeleteRole    = "role.delete"
	HandOver      = "superadmin.handover"
	AnswerBinding = "binding.decide"
	Rebind        = "binding.rebind"
)

// Register puts the acts into the registry.
func (o *Office) Register(r *confirm.Registry) {
	r.Add(confirm.Action{Code: Create, Needs: access.MemberWrite, Approvable: true, Private: true,
		Describe: o.describeCreate, Run: o.create})
	for _, a := range []change{
		{Suspend, access.MemberWrite, identity.Suspend, true, o.suspend},
		{Resume, access.MemberWrite, identity.Resume, true, o.resume},
		{Reset, access.MemberReset, identity.Reset, false, o.reset},
		{EndSessions, access.MemberWrite, identity.EndThem, false, o.endSessions},
	} {
		r.Add(confirm.Action{Code: a.code, Needs: a.needs, SuperOnly: a.needs.SuperOnly(), Approvable: a.approvable,
			Describe: o.describeChange(a), Run: a.run})
	}
	r.Add(confirm.Action{Code: GiveRoles, Needs: access.MemberWrite, Approvable: true, Describe: o.describeRoles, Run: o.giveRoles})
	r.Add(confirm.Action{Code: CreateRole, Needs: access.RoleWrite, Approvable: true, Describe: o.describeNewRole, Run: o.createRole})
	r.Add(confirm.Action{Code: ChangeRole, Needs: access.RoleWrite, Approvable: true, Describe: o.describeRoleChange, Run: o.changeRole})
	r.Add(confirm.Action{Code: DeleteRole, Needs: access.RoleWrite, Approvable: true, Describe: o.describeRoleEnd, Run: o.deleteRole})
	r.Add(confirm.Action{Code: HandOver, Needs: access.SuperHandover, SuperOnly: true, Describe: o.describeHandover, Run: o.handOver})
	r.Add(confirm.Action{Code: AnswerBinding, Needs: access.BindingAnswer, SuperOnly: true, Describe: o.describeBinding, Run: o.answerBinding})
	r.Add(confirm.Action{Code: Rebind, Own: true, Describe: o.describeRebind, Run: o.rebind})
}

// One names the member an act is about: the parameters of most acts.
type One struct {
	Account uuid.UUID `json:"account"`
}

// line is a word of the catalogue ("member.line." + id) and its value.
func line(ctx context.Context, id, value string) confirm.Line {
	return confirm.Line{Label: words.T(ctx, "member.line."+id), Value: value}
}

// who is the lines that name a member.
func who(ctx context.Context, m identity.Member) []confirm.Line {
	return []confirm.Line{line(ctx, "login", m.Login()), line(ctx, "name", m.NameMasked)}
}

// titled says what will happen to a member: "member.title." + id.
func titled(ctx context.Context, id string, m identity.Member) string {
	return words.F(ctx, "member.title."+id, words.Args{"Name": m.NameMasked, "Login": m.Login()})
}

func decode[P any](params json.RawMessage) (P, error) { return confirm.Decode[P](params) }

// page is where a member can be seen.
func page(m identity.Member) string { return "/account/members/" + m.Name }

// rolesPage is the form of a member's roles, by name@mchid.
func rolesPage(login string) string {
	name, _, _ := strings.Cut(login, "@")
	return "/account/members/" + name + "/roles"
}
