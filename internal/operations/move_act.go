package operations

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
)

// Action is the act of moving money. Words: catalogue id "audit.action." + code.
const Action = "operation.move"

// Path is where moves are listed.
const Path = "/funds/transfers"

// Deps are what the act needs.
type Deps struct {
	Clock clock.Clock // business time
}

// Register adds the act to those that are confirmed on the phone.
func (d Deps) Register(r *confirm.Registry) {
	r.Add(confirm.Action{Code: Action, Needs: access.FundsMove, Approvable: true,
		Amount: func(params json.RawMessage) (money.Fen, bool) {
			p, err := confirm.Decode[Params](params)
			return p.Amount, err == nil
		},
		Describe: describe, Run: d.run})
}

// describe refuses what the accounts cannot do, and says what would be done.
func describe(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return confirm.Words{}, err
	}
	v, err := Preview(ctx, q, s, p)
	if err == nil {
		err = v.Short()
	}
	if err != nil {
		return confirm.Words{}, err
	}
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	w := confirm.Words{Title: words.F(ctx, "move.title", words.Args{"Direction": words.T(ctx, "move.direction."+string(p.Direction)), "Amount": p.Amount.String()}), Lines: []confirm.Line{
		line("move.line.amount", words.F(ctx, "topup.yuan", words.Args{"Amount": p.Amount.String()})),
		line("move.line.from", accountWord(ctx, p.Direction.From())), line("move.line.to", accountWord(ctx, p.Direction.To()))}}
	if p.Note != "" {
		w.Lines = append(w.Lines, line("move.line.note", p.Note))
	}
	return w, nil
}

func (d Deps) run(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return confirm.Result{}, err
	}
	m, err := Do(ctx, tx, s, p, confirm.Current(ctx), d.Clock.Now())
	if err != nil {
		return confirm.Result{}, err
	}
	return confirm.Result{Object: m.No(), Link: Path + "/" + m.No(),
		Lines:   []confirm.Line{{Label: words.T(ctx, "move.line.no"), Value: m.No()}, {Label: words.T(ctx, "move.line.at"), Value: clock.Text(m.BookedAt)}},
		Details: map[string]any{"direction": p.Direction, "amount": p.Amount, "number": m.No()}}, nil
}

// Do moves money. The same once again is the one move. It refuses where the operations account is not open, and
// with the account, its balance and what is missing where the giving account is short.
func Do(ctx context.Context, tx db.Tx, s access.Scope, p Params, once uuid.UUID, at time.Time) (Move, error) {
	if err := s.Require(access.FundsMove); err != nil {
		return Move{}, err
	}
	if err := p.check(); err != nil {
		return Move{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return Move{}, err
	}
	if m, found, err := byOnce(ctx, tx, s.Merchant(), once); err != nil || found {
		return m, err
	}
	v, err := Preview(ctx, tx.PG(), s, p)
	if err == nil {
		err = v.Short()
	}
	if err != nil {
		return Move{}, err
	}
	m := Move{Merchant: s.Merchant(), Params: p, MovedBy: s.Actor().Name, MovedAt: at, Once: once}
	if m.N, err = nextCount(ctx, tx, m.Merchant); err != nil {
		return m, err
	}
	done, err := ledger.Post(ctx, tx, at, m.transfer())
	if err != nil {
		return m, err
	}
	m.TransferID, m.BookedAt = done.ID, done.BookedAt
	return m, insert(ctx, tx, &m)
}

// Side is one account of a move, before and after.
type Side struct {
	Account       ledger.Account
	Before, After money.Fen
}

// Previewed is what a move would do.
type Previewed struct {
	Params
	From, To Side
}

// Short refuses a move that the giving account cannot cover.
func (v Previewed) Short() error {
	if v.From.After >= 0 {
		return nil
	}
	return Shortage{Account: v.From.Account, Balance: v.From.Before, Missing: -v.From.After}.Refusal()
}

// Preview tells how the accounts would stand. It refuses where the operations account is not open.
func Preview(ctx context.Context, q db.Querier, s access.Scope, p Params) (Previewed, error) {
	v := Previewed{Params: p}
	if err := p.check(); err != nil {
		return v, err
	}
	open, err := ledger.Balances(ctx, q, s.Merchant())
	if err != nil {
		return v, err
	}
	from, ok := open[p.Direction.From()]
	to, both := open[p.Direction.To()]
	if !ok || !both {
		return v, ErrNotOpen
	}
	v.From = Side{p.Direction.From(), from, from - p.Amount}
	v.To = Side{p.Direction.To(), to, to + p.Amount}
	return v, nil
}

func accountWord(ctx context.Context, a ledger.Account) string {
	return words.T(ctx, "ledger.account."+string(a))
}
