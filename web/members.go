package web

import (
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// memberParams are the filter's, with the place in the list.
const memberParams = "?q ?role ?state ?size ?cursor"

// members is the list of members, with what waits for the super admin.
func (s *site) members(v *visit) error {
	m, err := s.memberList(v)
	if err != nil {
		return err
	}
	if m.Board, err = s.Gate.MemberBoard(v.ctx(), s.DB.PG(), v.scope); err != nil {
		return err
	}
	m.Asked, m.Create = v.asked, v.scope.May(access.MemberWrite)
	m.Answer, m.Hand = v.scope.May(access.BindingAnswer), v.scope.May(access.SuperHandover)
	for range m.Board.Bindings {
		once, err := v.once()
		if err != nil {
			return err
		}
		m.Once = append(m.Once, once)
	}
	return v.show(http.StatusOK, views.MembersPage(v.settingsFrame("members.title"), m))
}

// memberList reads a page of members with the cursors of its neighbours.
func (s *site) memberList(v *visit) (m views.Members, err error) {
	f, err := v.memberFilter()
	if err != nil {
		return m, err
	}
	m.Size = f.Limit
	rows, more, err := s.Gate.Members(v.ctx(), s.DB.PG(), v.scope, f)
	if err != nil || len(rows) == 0 {
		return m, err
	}
	m.Rows = rows
	newer, older := f.After != uuid.Nil, f.Before != uuid.Nil
	if more && !newer || newer {
		m.Next = "o" + rows[len(rows)-1].ID.String()
	}
	if more && newer || older {
		m.Prev = "n" + rows[0].ID.String()
	}
	return m, nil
}

// memberFilter reads the filter of the address. What nobody could choose finds nothing.
func (v *visit) memberFilter() (f identity.MemberFilter, err error) {
	f = identity.MemberFilter{Text: v.query("q"), Role: access.Role(v.query("role")), State: identity.MemberState(v.query("state")),
		Limit: views.MemberSizes[0]}
	if f.State != "" && !slices.Contains(identity.MemberStates, f.State) {
		return f, fault.ErrNotFound
	}
	if text := v.query("size"); text != "" {
		f.Limit, err = strconv.Atoi(text)
		if err != nil || !slices.Contains(views.MemberSizes, f.Limit) {
			return f, fault.New("trade.page_size").On("size")
		}
	}
	if text := v.query("cursor"); text != "" {
		f.Before, f.After, err = parseInboxCursor(text)
	}
	return f, err
}

// memberWire is a member in JSON.
type memberWire struct {
	Login     string        `json:"login"`
	Name      string        `json:"name"`
	Mobile    string        `json:"mobile"`
	Roles     []access.Role `json:"roles"`
	RoleNames string        `json:"role_names"`
	State     string        `json:"state"`
	BoundAt   *string       `json:"bound_at"`
	SeenAt    *string       `json:"seen_at"`
	CreatedAt string        `json:"created_at"`
}

func (s *site) membersJSON(v *visit) error {
	m, err := s.memberList(v)
	if err != nil {
		return err
	}
	out := listing[memberWire]{Rows: make([]memberWire, 0, len(m.Rows)), Next: m.Next}
	for _, r := range m.Rows {
		out.Rows = append(out.Rows, memberWire{Login: r.Login(), Name: r.NameMasked, Mobile: r.MobileMasked, Roles: r.Roles,
			RoleNames: v.roleWords(r.Roles, r.Custom), State: string(r.State()), BoundAt: wireTime(r.BoundAt), SeenAt: wireTime(r.SeenAt),
			CreatedAt: clock.Wire(r.CreatedAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

// membersCSV is every member that the filter finds, as a file.
func (s *site) membersCSV(v *visit) error {
	f, err := v.memberFilter()
	if err != nil {
		return err
	}
	f.Limit = views.MemberSizes[len(views.MemberSizes)-1]
	f.After = uuid.Nil
	return v.stream("members.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("members.col.", "login", "name", "roles", "mobile", "seen", "created", "state")...)
		for {
			rows, more, err := s.Gate.Members(v.ctx(), s.DB.PG(), v.scope, f)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := out.Row(r.Login(), r.NameMasked, v.roleWords(r.Roles, r.Custom), r.MobileMasked, textOr(r.SeenAt, ""),
					clock.Text(r.CreatedAt), views.MemberState(v.ctx(), r.State())); err != nil {
					return err
				}
			}
			if !more {
				return out.Flush()
			}
			f.Before = rows[len(rows)-1].ID
		}
	})
}

// memberCrumbs say where a page below the list of members lies.
func (v *visit) memberCrumb() ui.Crumb {
	return ui.Crumb{Word: v.word("members.title"), Href: views.MembersPath}
}
