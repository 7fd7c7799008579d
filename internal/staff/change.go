package staff

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
)

type (
	describer = func(context.Context, db.Querier, access.Scope, json.RawMessage) (confirm.Words, error)
	runner    = func(context.Context, db.Tx, access.Scope, json.RawMessage) (confirm.Result, error)
)

// change is an act on one member that needs no more than the member.
type change struct {
	code       string
	needs      access.Permission
	act        identity.MemberAct
	approvable bool
	run        runner
}

func (o *Office) describeChange(a change) describer {
	return func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
		m, err := o.named(ctx, q, s, params)
		if err != nil {
			return confirm.Words{}, err
		}
		if err := m.Admit(s, a.act); err != nil {
			return confirm.Words{}, err
		}
		id := string(a.act)
		return confirm.Words{Title: titled(ctx, id, m), Lines: who(ctx, m), Warn: words.T(ctx, "member.warn."+id)}, nil
	}
}

// named reads the member that the parameters name.
func (o *Office) named(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (identity.Member, error) {
	one, err := decode[One](params)
	if err != nil {
		return identity.Member{}, err
	}
	return o.gate.MemberByID(ctx, q, s, one.Account)
}

func (o *Office) suspend(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	return o.changed(params, func(id uuid.UUID) (identity.Member, error) { return o.gate.SuspendMember(ctx, tx, s, id) })
}

func (o *Office) resume(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	return o.changed(params, func(id uuid.UUID) (identity.Member, error) { return o.gate.ResumeMember(ctx, tx, s, id) })
}

func (o *Office) reset(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	var password string
	res, err := o.changed(params, func(id uuid.UUID) (m identity.Member, err error) {
		m, password, err = o.gate.ResetMember(ctx, tx, s, id)
		return m, err
	})
	secret := line(ctx, "password", password)
	res.Secret = &secret
	return res, err
}

func (o *Office) endSessions(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	var ended int64
	res, err := o.changed(params, func(id uuid.UUID) (m identity.Member, err error) {
		m, ended, err = o.gate.EndMemberSessions(ctx, tx, s, id)
		return m, err
	})
	res.Details = map[string]any{"ended": ended}
	res.Lines = []confirm.Line{line(ctx, "ended", words.F(ctx, "member.ended", words.Args{"Count": ended}))}
	return res, err
}

// changed runs a change of the member that the parameters name.
func (o *Office) changed(params json.RawMessage, do func(uuid.UUID) (identity.Member, error)) (confirm.Result, error) {
	one, err := decode[One](params)
	if err != nil {
		return confirm.Result{}, err
	}
	m, err := do(one.Account)
	return confirm.Result{Object: m.Login(), Link: page(m)}, err
}
