package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/operations"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// moveParams are the filter's, with the place in the list; moveFields are the form's.
const (
	moveParams = "?direction ?no ?from ?to ?size ?cursor"
	moveFields = "?direction ?amount ?note"
)

// moves lists what was moved between the merchant's own accounts.
func (s *site) moves(v *visit) error {
	m := views.MoveList{Asked: v.asked, May: v.scope.May(access.FundsMove)}
	status := http.StatusOK
	f, err := operations.ParseFilter(v.query)
	if m.Faults = fault.All(err); m.Faults != nil {
		status = http.StatusUnprocessableEntity
	} else if m.Rows, m.Next, err = s.moveList(v, f, v.moveSize()); err != nil {
		return err
	}
	m.First = f.Before == 0
	return v.show(status, views.MovesPage(v.frame(v.word("menu.funds.transfers"), v.fundsCrumbs(ui.Crumb{Word: v.word("menu.funds.transfers")})...), m))
}

func (v *visit) moveSize() int {
	n, err := strconv.Atoi(v.query(operations.FieldSize))
	if err != nil || !slices.Contains(operations.PageSizes, n) {
		return operations.PageSizes[0]
	}
	return n
}

// moveList reads a page of the list with the cursor of the next.
func (s *site) moveList(v *visit, f operations.Filter, size int) (rows []operations.Move, next string, err error) {
	rows, more, err := operations.List(v.ctx(), s.DB.PG(), v.scope, f, size)
	if more {
		next = strconv.FormatInt(rows[len(rows)-1].N, 10)
	}
	return rows, next, err
}

func (v *visit) moveFrame(title string) layout.Page {
	return v.frame(title, v.fundsCrumbs(ui.Crumb{Word: v.word("menu.funds.transfers"), Href: operations.Path}, ui.Crumb{Word: title})...)
}

// newMove asks which way money is to move, and how much.
func (s *site) newMove(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = url.Values{}
		for _, name := range []string{operations.FieldDirection, operations.FieldAmount, operations.FieldNote} {
			typed.Set(name, v.query(name))
		}
	}
	return s.showMoveForm(v, http.StatusOK, typed, nil)
}

func (s *site) showMoveForm(v *visit, status int, typed url.Values, wrong error) error {
	m := views.MoveForm{
		Direction: ui.Field{Name: operations.FieldDirection, Label: v.word("moves.col.direction"), Required: true},
		Amount: ui.Field{Name: operations.FieldAmount, Label: v.word("moves.amount_yuan"), Value: typed.Get(operations.FieldAmount), InputMode: "decimal", MaxLength: 20,
			Required: true, Hint: v.word("moves.amount_hint")},
		Note: ui.Field{Name: operations.FieldNote, Label: v.word("moves.note"), Value: typed.Get(operations.FieldNote), MaxLength: operations.NoteMax, Hint: v.word("moves.note_hint")}}
	chosen := typed.Get(operations.FieldDirection)
	for i, d := range operations.Directions {
		m.Direction.Options = append(m.Direction.Options, ui.Option{Value: string(d), Word: v.word("move.direction." + string(d)),
			Chosen: string(d) == chosen || !slices.Contains(operations.Directions, operations.Direction(chosen)) && i == 0})
	}
	var err error
	if m.Standing, err = operations.Stand(v.ctx(), s.DB.PG(), v.scope); err != nil {
		return err
	}
	if m.Short, wrong = v.short(wrong, views.ShortMoveNote); m.Short != nil {
		m.Amount.Error = m.Short.Strong
	}
	m.Faults = v.faults(wrong, &m.Direction, &m.Amount, &m.Note)
	return v.show(status, views.MoveFormPage(v.moveFrame(v.word("moves.new")), m))
}

// short takes a shortage out of what is wrong with a form, as the notice that stands above it; nil: there is none.
func (v *visit) short(wrong error, say func(context.Context, operations.Shortage) ui.Note) (*ui.Note, error) {
	s, ok := operations.ShortageOf(wrong)
	if !ok {
		return nil, wrong
	}
	note := say(v.ctx(), s)
	return &note, withoutShortage(wrong)
}

// withoutShortage leaves out what the notice above the form says already.
func withoutShortage(err error) error {
	var rest fault.Form
	for _, r := range fault.All(err) {
		if _, short := operations.ShortageOf(r); !short {
			rest.Add(r)
		}
	}
	return rest.Err()
}

// previewMove shows how both accounts would stand. Nothing moves by it.
func (s *site) previewMove(v *visit) error {
	if len(v.asked) == 0 {
		return v.seeOther(operations.Path + "/new")
	}
	p, err := operations.ParseParams(v.query)
	if err != nil {
		return s.showMoveForm(v, http.StatusUnprocessableEntity, v.asked, err)
	}
	m := views.MovePreview{}
	if m.Previewed, err = operations.Preview(v.ctx(), s.DB.PG(), v.scope, p); err == nil {
		err = m.Short()
	}
	if v.correctable(err) {
		return s.showMoveForm(v, http.StatusUnprocessableEntity, v.asked, err)
	} else if err != nil {
		return err
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.MovePreviewPage(v.moveFrame(v.word("moves.preview")), m))
}

// askMove asks the phone to move money.
func (s *site) askMove(v *visit) error {
	p, err := operations.ParseParams(v.form)
	if err == nil {
		err = s.ask(v, operations.Action, p, operations.Path+"/new")
	}
	if v.correctable(err) {
		return s.showMoveForm(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}

// move is one move.
func (s *site) move(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	m := views.Move{May: v.scope.May(access.FundsMove)}
	if m.Move, err = operations.Get(v.ctx(), s.DB.PG(), v.scope, no); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.MovePage(v.moveFrame(v.word("moves.one")), m))
}

// operationAccount is the page of the operations account; while it is not open, its product's.
func (s *site) operationAccount(v *visit) error {
	m := views.OperationAccount{May: v.scope.May(access.FundsMove), MayTopUp: v.scope.May(access.FundsTopUp), MayAlert: v.scope.May(access.FundsAlert), At: s.Clock.Now()}
	var err error
	m.Standing, err = operations.Stand(v.ctx(), s.DB.PG(), v.scope)
	if errors.Is(err, operations.ErrNotOpen) || err == nil && !m.Standing.Open {
		return v.seeOther(operations.Code.Href())
	} else if err != nil {
		return err
	}
	if m.Budget, err = operations.Month(v.ctx(), s.DB.PG(), v.scope, m.At); err != nil {
		return err
	}
	title := operations.Code.Name(v.ctx())
	return v.show(http.StatusOK, views.OperationAccountPage(v.productsFrame(title), m))
}
