package web

import (
	"io"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// operatorParams are the filter's, with the place in the list.
const operatorParams = "?q ?role ?state ?cursor"

// opsOperators is the list of operators.
func (s *site) opsOperators(v *visit) error {
	m, err := s.operatorList(v)
	if err != nil {
		return err
	}
	m.Asked, m.Write = v.asked, v.scope.May(access.OpsOperatorsWrite)
	return v.show(http.StatusOK, views.OpsOperatorsPage(v.frame(v.word("ops.operators.title"), v.opsCrumbs(ui.Crumb{Word: v.word("ops.operators.title")})...), m))
}

func (s *site) operatorList(v *visit) (m views.OpsOperators, err error) {
	p, err := v.operator()
	if err != nil {
		return m, err
	}
	f := identity.OperatorFilter{Text: v.query("q"), Role: access.Role(v.query("role")), State: identity.OperatorState(v.query("state")), Limit: v.rows(views.OpsSizes[0])}
	if f.Role != "" && !slices.Contains(access.PlatformRoles, f.Role) || f.State != "" && !slices.Contains(identity.OperatorStates, f.State) {
		return m, fault.ErrNotFound
	}
	if f.Before, err = v.cursorID(); err != nil {
		return m, err
	}
	m.First = f.Before == uuid.Nil
	rows, more, err := s.Gate.Operators(v.ctx(), s.DB.PG(), p, f)
	m.Rows = rows
	if more {
		m.Next = rows[len(rows)-1].ID.String()
	}
	return m, err
}

// operatorWire is an operator in JSON.
type operatorWire struct {
	Login     string  `json:"login"`
	Name      string  `json:"name"`
	Role      string  `json:"role"`
	State     string  `json:"state"`
	Mobile    string  `json:"mobile"`
	BoundAt   *string `json:"bound_at"`
	CreatedAt string  `json:"created_at"`
}

func (s *site) opsOperatorsJSON(v *visit) error {
	m, err := s.operatorList(v)
	if err != nil {
		return err
	}
	out := listing[operatorWire]{Rows: make([]operatorWire, 0, len(m.Rows)), Next: m.Next}
	for _, o := range m.Rows {
		out.Rows = append(out.Rows, operatorWire{Login: o.Login(), Name: o.NameMasked, Role: string(o.Role), State: string(o.State()),
			Mobile: o.MobileMasked, BoundAt: wireTime(o.BoundAt), CreatedAt: clock.Wire(o.CreatedAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsOperatorsCSV(v *visit) error {
	m, err := s.operatorList(v)
	rows, err := inFull(m.Rows, m.Next, err)
	if err != nil {
		return err
	}
	return v.stream("ops.operators.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops.operator.", "login", "person", "role", "mobile", "bound_at", "created", "state")...)
		for _, o := range rows {
			if err := out.Row(o.Login(), o.NameMasked, v.word("role."+string(o.Role)), o.MobileMasked, textOr(o.BoundAt, ""),
				clock.Text(o.CreatedAt), views.OperatorState(v.ctx(), o.State())); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
