package platform

import (
	"context"
	"encoding/json"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// Recruit is an operator to be made. The names are those of the form.
type Recruit struct {
	Login    string          `json:"login"`
	Name     string          `json:"name"`
	IDType   identity.IDType `json:"id_type"`
	IDNumber string          `json:"id_number"`
	Mobile   string          `json:"mobile"`
	Role     access.Role     `json:"role"`
}

func (r Recruit) operator() identity.NewOperator {
	return identity.NewOperator{Login: r.Login, Mobile: r.Mobile, Role: r.Role,
		Person: identity.Person{Name: r.Name, IDType: r.IDType, IDNumber: r.IDNumber}}
}

// addOperator makes an operator, whose initial password is shown once to the operator who asked.
func (o *Office) addOperator() confirm.Action {
	return confirm.Action{Code: "operator.create", Needs: access.OpsOperatorsWrite, Private: true,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			r, p, err := decode[Recruit](s, params)
			if err != nil {
				return confirm.Words{}, err
			}
			if err := o.gate.CheckNew(ctx, q, r.operator().Account(p.Actor())); err != nil {
				return confirm.Words{}, err
			}
			return r.words(ctx), nil
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			r, p, err := decode[Recruit](s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			made, password, err := o.gate.AddOperator(ctx, tx, p, r.operator())
			return resultOf(ctx, made, password), err
		}}
}

func (r Recruit) words(ctx context.Context) confirm.Words {
	login := r.Login + "@ops"
	return confirm.Words{Title: words.F(ctx, "ops.operator.create.title", words.Args{"Login": login}), Warn: words.T(ctx, "ops.operator.create.warn"),
		Lines: []confirm.Line{line(ctx, "ops.operator.login", login), line(ctx, "ops.operator.role", words.T(ctx, "role."+string(r.Role))),
			line(ctx, "ops.operator.person", vault.MaskName(r.Name)+" "+vault.MaskID(r.IDNumber)),
			line(ctx, "ops.operator.mobile", vault.MaskPhone(r.Mobile))}}
}

// resultOf tells what became of an operator; the password is empty where none was made.
func resultOf(ctx context.Context, o identity.Operator, password string) confirm.Result {
	res := confirm.Result{Object: o.Login(), Link: "/ops/operators/" + o.Name, Details: map[string]any{"role": o.Role, "state": o.State()},
		Lines: []confirm.Line{line(ctx, "ops.operator.login", o.Login()), line(ctx, "ops.operator.role", words.T(ctx, "role."+string(o.Role)))}}
	if password != "" {
		res.Secret = &confirm.Line{Label: words.F(ctx, "ops.merchant.password_of", words.Args{"Login": o.Login()}), Value: password}
	}
	return res
}
