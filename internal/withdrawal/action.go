package withdrawal

import (
	"context"
	"encoding/json"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
)

// The acts that the phone confirms. Words: catalogue id "audit.action." + code.
const (
	MakeAction    = "withdrawal.make"
	SettingAction = "withdrawal.setting"
)

// RegisterActions adds them to those that the phone confirms.
func (d Deps) RegisterActions(r *confirm.Registry) {
	r.Add(confirm.Action{Code: MakeAction, Needs: access.WithdrawalMake, Approvable: true, Describe: d.describe, Run: d.make,
		Amount: func(params json.RawMessage) (money.Fen, bool) {
			p, err := confirm.Decode[Params](params)
			return p.Amount, err == nil
		}})
	r.Add(confirm.Action{Code: SettingAction, Needs: access.WithdrawalSettings, Describe: d.describeSetting, Run: d.set})
}

func line(ctx context.Context, id, value string) confirm.Line {
	return confirm.Line{Label: words.T(ctx, "withdrawal."+id), Value: value}
}

func yuan(ctx context.Context, amount money.Fen) string {
	return words.F(ctx, "withdrawal.yuan", words.Args{"Amount": amount.String()})
}

// CapitalFrom is from which amount on it is written in capital figures too.
const CapitalFrom money.Fen = 1_000_000

func (d Deps) describe(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	p, err := confirm.Decode[Params](params)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return confirm.Words{}, err
	}
	if _, err := covered(ctx, q, s, p); err != nil {
		return confirm.Words{}, err
	}
	m, err := merchant.Get(ctx, q, s.Merchant())
	if err != nil {
		return confirm.Words{}, err
	}
	w := confirm.Words{Title: words.F(ctx, "withdrawal.title", words.Args{"Amount": p.Amount.String()}), Warn: words.T(ctx, "withdrawal.warn"),
		Lines: []confirm.Line{line(ctx, "account", words.T(ctx, "ledger.account."+string(p.Account))), line(ctx, "amount", yuan(ctx, p.Amount))}}
	if p.Amount >= CapitalFrom {
		w.Lines = append(w.Lines, line(ctx, "capital", p.Amount.Capital()))
	}
	w.Lines = append(w.Lines, line(ctx, "card", cardText(ctx, m)))
	if p.Remark != "" {
		w.Lines = append(w.Lines, line(ctx, "note", p.Remark))
	}
	if p.Memo != "" {
		w.Lines = append(w.Lines, line(ctx, "memo", p.Memo))
	}
	return w, nil
}

func cardText(ctx context.Context, m merchant.Merchant) string {
	return words.F(ctx, "withdrawal.card_of", words.Args{"Bank": m.SettlementBank, "Tail": m.AccountTail})
}

// covered tells what stands on the account now, if it can cover the withdrawal.
func covered(ctx context.Context, q db.Querier, s access.Scope, p Params) (money.Fen, error) {
	open, err := ledger.Balances(ctx, q, s.Merchant())
	if err != nil {
		return 0, err
	}
	left, ok := open[p.Account]
	if !ok {
		return 0, ledger.ErrNotOpen.With("Account", string(p.Account)).On(FieldAccount)
	}
	if p.Amount > left {
		return left, short(p.Account, p.Amount, left)
	}
	return left, nil
}

func (d Deps) make(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return confirm.Result{}, err
	}
	w, err := d.Accept(ctx, tx, Ask{Params: p, Scope: s, Kind: Manual})
	if err != nil {
		return confirm.Result{}, err
	}
	return confirm.Result{Object: w.No(), Link: Path + "/" + w.No(),
		Lines:   []confirm.Line{line(ctx, "no", w.No()), line(ctx, "promised", w.Promised.String())},
		Details: map[string]any{"number": w.No(), "amount": w.Amount, "account": w.Account}}, nil
}

func (d Deps) describeSetting(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	set, err := confirm.Decode[Setting](params)
	if err == nil {
		err = set.check()
	}
	if err != nil {
		return confirm.Words{}, err
	}
	open, err := ledger.Balances(ctx, q, s.Merchant())
	if err != nil {
		return confirm.Words{}, err
	}
	if _, upgraded := open[ledger.Basic]; !upgraded {
		return confirm.Words{}, ErrLegacy
	}
	if err := d.opened(ctx, q, s, set); err != nil {
		return confirm.Words{}, err
	}
	if !set.Active {
		return confirm.Words{Title: words.T(ctx, "withdrawal.title_off"), Warn: words.T(ctx, "withdrawal.warn_off"),
			Lines: []confirm.Line{line(ctx, "setting", words.T(ctx, "withdrawal.off"))}}, nil
	}
	return confirm.Words{Title: words.T(ctx, "withdrawal.title_on"), Warn: words.T(ctx, "withdrawal.warn_on"),
		Lines: []confirm.Line{line(ctx, "setting", words.T(ctx, "withdrawal.on")), line(ctx, "retained_amount", yuan(ctx, set.Retained))}}, nil
}

func (d Deps) set(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	set, err := confirm.Decode[Setting](params)
	if err != nil {
		return confirm.Result{}, err
	}
	if err := d.SetAutomatic(ctx, tx, s, set.Active, set.Retained); err != nil {
		return confirm.Result{}, err
	}
	return confirm.Result{Object: "automatic", Link: AutomaticPath, Details: map[string]any{"automatic": set.Active, "retain_amt": set.Retained}}, nil
}
