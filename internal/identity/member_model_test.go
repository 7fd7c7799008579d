package identity

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

// court is a merchant whose members try everything to and with each other.
type court struct {
	*world
	t       *testing.T
	members []member
	roles   []access.Role
}

// move is one thing that one member tries.
type move struct {
	verb         string
	actor, other int
	role         int
	yes          bool
}

func (m move) String() string {
	return fmt.Sprintf("%d %s %d (role %d, %t)", m.actor, m.verb, m.other, m.role, m.yes)
}

// verbs are all by which who is the super admin might change, and those that could lock one out.
var verbs = []string{"roles", "roles", "suspend", "resume", "reset", "sessions", "handover", "handover", "answer", "answer", "withdraw",
	"lapse", "unbind", "decide", "role.change", "role.delete", "add", "create"}

func moveList(t *rapid.T) []move {
	one := rapid.Custom(func(t *rapid.T) move {
		return move{verb: rapid.SampledFrom(verbs).Draw(t, "verb"), actor: rapid.IntRange(0, 3).Draw(t, "actor"),
			other: rapid.IntRange(0, 3).Draw(t, "other"), role: rapid.IntRange(0, 6).Draw(t, "role"), yes: rapid.IntRange(0, 3).Draw(t, "yes") > 0}
	})
	return rapid.SliceOfN(one, 2, 24).Draw(t, "moves")
}

func TestTheSuperAdminVanishesByNoPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.Gate.hashing = make(chan struct{}, 2)
	rapid.Check(t, func(r *rapid.T) {
		c := w.court(t)
		for pair := range chunks(moveList(r)) {
			var wg sync.WaitGroup
			for _, m := range pair {
				wg.Go(func() {
					if err := c.tries(m); err != nil && len(fault.All(err)) == 0 && !isForbidden(err) {
						r.Errorf("%s failed: %v", m, err)
					}
				})
			}
			wg.Wait()
			if wrong := c.broken(); wrong != "" {
				r.Fatalf("after %v: %s", pair, wrong)
			}
		}
	})
}

// chunks gives the moves two at a time.
func chunks(all []move) func(func([]move) bool) {
	return func(yield func([]move) bool) {
		for i := 0; i+1 < len(all); i += 2 {
			if !yield(all[i : i+2]) {
				return
			}
		}
	}
}

func (w *world) court(t *testing.T) *court {
	n := worlds.Add(1)
	fresh := *w
	fresh.noodles = 2_000_000_000 + 2*n
	fresh.opens(fresh.noodles, "老王面馆")
	c := &court{world: &fresh, t: t}
	c.roles = []access.Role{access.ReadOnly, access.Finance, access.SuperAdmin, "owner"}
	for _, name := range []string{"甲", "乙", "丙"} {
		c.roles = append(c.roles, fresh.ownRole(name, access.MemberRead, access.MemberWrite, access.RoleWrite, access.TradeRead))
	}
	for i, roles := range [][]access.Role{{access.SuperAdmin}, {c.roles[4]}, {access.Finance}, {access.Service, c.roles[5]}} {
		login := fmt.Sprintf("member%d", i)
		c.members = append(c.members, fresh.binds(fresh.noodles, login, "成员", fmt.Sprintf("o-%d-%d", n, i), roles...))
	}
	return c
}

// tries does one move as its actor, with the rights of that moment.
func (c *court) tries(m move) error {
	ctx, other := c.t.Context(), c.members[m.other].id
	role := c.roles[m.role]
	s, err := c.rights(m.actor)
	if err != nil {
		return err
	}
	switch m.verb {
	case "answer":
		d := Refuse
		if m.yes {
			d = Confirm
		}
		_, err := c.AnswerHandover(ctx, c.asked(), c.members[m.actor].openid, d)
		return err
	case "withdraw":
		return c.WithdrawHandover(ctx, s, audit.From{}, c.asked())
	case "lapse":
		c.clock.Advance(5 * time.Hour)
		return c.LapseHandover(ctx, run(c.t, c.noodles, c.asked()))
	}
	return c.db.InTx(ctx, func(tx db.Tx) error {
		switch m.verb {
		case "roles":
			_, err = c.SetRoles(ctx, tx, s, other, []access.Role{role})
		case "suspend":
			_, err = c.SuspendMember(ctx, tx, s, other)
		case "resume":
			_, err = c.ResumeMember(ctx, tx, s, other)
		case "reset":
			_, _, err = c.ResetMember(ctx, tx, s, other)
		case "sessions":
			_, _, err = c.EndMemberSessions(ctx, tx, s, other)
		case "handover":
			_, err = c.AskHandover(ctx, tx, s, other, []access.Role{role})
		case "unbind":
			_, err = c.Unbind(ctx, tx, s, db.NewID())
		case "decide":
			_, err = c.DecideBinding(ctx, tx, s, other, Confirm)
		case "role.change":
			_, _, err = access.ChangeRole(ctx, tx, s, role, access.RoleDraft{Name: fmt.Sprint("新", m.other), Permissions: access.Givable()[m.other:]}, morning)
		case "role.delete":
			_, err = access.DeleteRole(ctx, tx, s, role)
		default:
			err = c.joins(tx, s, m.verb, role)
		}
		return err
	})
}

func (c *court) joins(tx db.Tx, s access.Scope, verb string, role access.Role) error {
	n := NewAccount{Merchant: c.noodles, Login: fmt.Sprintf("new%06d", worlds.Add(1)), Person: newPerson("新人"), Mobile: "13800001234",
		Roles: []access.Role{role}, Actor: s.Actor(), NoPassword: true}
	if verb == "create" && role != access.SuperAdmin {
		return nil // only the merchant's opening makes accounts this way; then a second super admin is refused
	}
	if verb == "create" {
		_, _, err := c.CreateAccount(c.t.Context(), tx, n)
		return err
	}
	_, _, err := c.AddMember(c.t.Context(), tx, s, n)
	return err
}

// rights are an actor's own at this moment; somebody suspended has none.
func (c *court) rights(actor int) (access.Scope, error) {
	s, err := seatOf(c.t.Context(), c.db.PG(), c.noodles, c.members[actor].id)
	if err == nil && s.Suspended {
		err = ErrSuspended
	}
	return access.Member(s.access()), err
}

// asked is the latest handover of the merchant, or none at all.
func (c *court) asked() (id uuid.UUID) {
	_ = c.db.PG().QueryRow(c.t.Context(), "SELECT id FROM handovers WHERE merchant_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1", c.noodles).Scan(&id)
	return id
}

// broken says what must never be: no super admin or two, one who is kept out for good, members without a
// role, or with one that holds what only the super admin may.
func (c *court) broken() string {
	ctx := c.t.Context()
	var wrong []string
	var admins, ways int
	err := c.db.PG().QueryRow(ctx, `
		SELECT count(*), count(*) FILTER (WHERE a.state = 'active' AND (b.account_id IS NOT NULL OR a.password_hash <> ''))
		FROM account_roles r JOIN login_accounts a ON a.merchant_id = r.merchant_id AND a.id = r.account_id
		LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id
		WHERE r.merchant_id = $1 AND r.role = 'super_admin'`, c.noodles).Scan(&admins, &ways)
	if err != nil || admins != 1 || ways != 1 {
		wrong = append(wrong, fmt.Sprintf("%d super admins, %d of them can come in, %v", admins, ways, err))
	}
	all, err := c.Active(ctx, c.db.PG(), c.noodles)
	if err != nil {
		return err.Error()
	}
	for _, s := range all {
		scope := access.Member(s.Seat)
		if len(s.Seat.Roles) == 0 || scope.May(access.SuperHandover) != (s.Seat.Roles[0] == access.SuperAdmin && len(s.Seat.Roles) == 1) {
			wrong = append(wrong, fmt.Sprintf("%s has %v", s.Seat.Name, s.Seat.Roles))
		}
	}
	return strings.Join(wrong, "; ")
}
