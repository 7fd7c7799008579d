package platform

import (
	"context"
	"encoding/json"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
)

// Posting is a change of an operator; Role only where that is what changes.
type Posting struct {
	Login string      `json:"login"` // without @ops
	Role  access.Role `json:"role,omitempty"`
}

func (o *Office) suspendOperator() confirm.Action {
	return o.post("operator.suspend", func(ctx context.Context, tx db.Tx, p access.Platform, n Posting) (identity.Operator, string, error) {
		made, err := o.gate.SuspendOperator(ctx, tx, p, n.Login)
		return made, "", err
	})
}

func (o *Office) resumeOperator() confirm.Action {
	return o.post("operator.resume", func(ctx context.Context, tx db.Tx, p access.Platform, n Posting) (identity.Operator, string, error) {
		made, err := o.gate.ResumeOperator(ctx, tx, p, n.Login)
		return made, "", err
	})
}

// resetOperator is for a lost phone.
func (o *Office) resetOperator() confirm.Action {
	return o.post("operator.reset", func(ctx context.Context, tx db.Tx, p access.Platform, n Posting) (identity.Operator, string, error) {
		return o.gate.ResetOperator(ctx, tx, p, n.Login)
	})
}

func (o *Office) giveRole() confirm.Action {
	return o.post("operator.role", func(ctx context.Context, tx db.Tx, p access.Platform, n Posting) (identity.Operator, string, error) {
		made, err := o.gate.GiveOperatorRole(ctx, tx, p, n.Login, n.Role)
		return made, "", err
	})
}

type posting func(context.Context, db.Tx, access.Platform, Posting) (identity.Operator, string, error)

// post is an act on another operator.
func (o *Office) post(code string, run posting) confirm.Action {
	return confirm.Action{Code: code, Needs: access.OpsOperatorsWrite,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			n, p, err := decode[Posting](s, params)
			if err != nil {
				return confirm.Words{}, err
			}
			return o.postingWords(ctx, q, p, code, n)
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			n, p, err := decode[Posting](s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			made, password, err := run(ctx, tx, p, n)
			if err != nil {
				return confirm.Result{}, err
			}
			return resultOf(ctx, made, password), nil
		}}
}

// postingWords refuse early what the act would refuse.
func (o *Office) postingWords(ctx context.Context, q db.Querier, p access.Platform, code string, n Posting) (confirm.Words, error) {
	who, err := o.gate.Operator(ctx, q, p, n.Login)
	if err != nil {
		return confirm.Words{}, err
	}
	switch {
	case who.ID == p.Actor().Account:
		return confirm.Words{}, identity.ErrOperatorSelf
	case code == "operator.role" && !n.Role.KnownIn(access.PlatformID):
		return confirm.Words{}, identity.ErrOperatorRole
	case code == "operator.role" && n.Role == who.Role, code == "operator.suspend" && who.Suspended,
		code == "operator.resume" && !who.Suspended:
		return confirm.Words{}, identity.ErrOperatorState
	}
	w := confirm.Words{Title: words.F(ctx, "ops."+code+".title", words.Args{"Login": who.Login()}), Warn: words.T(ctx, "ops."+code+".warn"),
		Lines: []confirm.Line{line(ctx, "ops.operator.login", who.Login()), line(ctx, "ops.operator.person", who.NameMasked),
			line(ctx, "ops.operator.role", words.T(ctx, "role."+string(who.Role)))}}
	if n.Role != "" {
		w.Lines = append(w.Lines, line(ctx, "ops.operator.new_role", words.T(ctx, "role."+string(n.Role))))
	}
	return w, nil
}
