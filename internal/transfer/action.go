package transfer

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/product"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// The acts that the phone confirms. Words: catalogue id "audit.action." + code.
const (
	MakeAction = "transfer.make"
	FileAction = "transfer.file"
)

// Actions are the acts of enterprise payment.
func (d Deps) Actions() []confirm.Action {
	return []confirm.Action{
		{Code: MakeAction, Needs: access.TransferMake, Approvable: true, Private: true, Describe: d.describe, Run: d.make,
			Amount: func(params json.RawMessage) (money.Fen, bool) {
				p, err := confirm.Decode[Params](params)
				return p.Amount, err == nil
			}},
		{Code: FileAction, Needs: access.TransferMake, Approvable: true, Describe: d.describeFile, Run: d.runFile,
			Amount: func(params json.RawMessage) (money.Fen, bool) {
				p, err := confirm.Decode[FileParams](params)
				return p.Total, err == nil
			}},
	}
}

// FileParams are what the phone confirms of a file.
type FileParams struct {
	File  uuid.UUID `json:"file"`
	Count int64     `json:"count"`
	Total money.Fen `json:"total"` // fen
	Hash  string    `json:"hash"`
	// Address is whoever confirms it asks from; nothing of it is in the file.
	Address string `json:"spbill_create_ip"`
}

// Params are what somebody confirms of the file, from an address.
func (f File) Params(address string) FileParams {
	return FileParams{File: f.ID, Count: f.Rows, Total: f.Total, Hash: f.Hash, Address: address}
}

// payingNow is the account that pays, if it can pay so much.
func (d Deps) payingNow(ctx context.Context, q db.Querier, m int64, amount money.Fen) (ledger.Account, error) {
	open, err := product.IsOpen(ctx, q, m, Code)
	if err != nil {
		return "", err
	}
	if !open {
		return "", ErrProduct
	}
	account, balance, err := paying(ctx, q, m)
	if err == nil && amount > balance {
		err = ledger.Short(account, balance, amount-balance)
	}
	return account, err
}

// paying is the account that would pay now, and its balance. What really pays is decided when it does.
func paying(ctx context.Context, q db.Querier, m int64) (ledger.Account, money.Fen, error) {
	open, err := ledger.Balances(ctx, q, m)
	if err != nil {
		return "", 0, err
	}
	account, err := operations.Payer(open)
	return account, open[account], err
}

// Leaves refuses a payment for which the limits have no room now. That its payee was paid a moment ago is no
// reason: until it is confirmed, that has passed.
func (d Deps) Leaves(ctx context.Context, q db.Querier, s access.Scope, p Params) error {
	if err := s.Require(access.TransferMake); err != nil {
		return err
	}
	stand, err := counted(ctx, q, s.Merchant(), p.OpenID)
	if err != nil {
		return err
	}
	a, now := p.ask(), d.Clock.Now()
	a.Queued = true
	day := stand.day(now)
	_, err = admit(a, stand.tallies[a.OpenID].on(day), stand.tallies[""].on(day), now)
	return err
}

func yuan(ctx context.Context, amount money.Fen) string {
	return words.F(ctx, "transfer.yuan", words.Args{"Amount": amount.String()})
}

func accountWord(ctx context.Context, a ledger.Account) string {
	return words.T(ctx, "ledger.account."+string(a))
}

func (d Deps) describe(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	p, err := confirm.Decode[Params](params)
	if err == nil {
		err = p.ask().check()
	}
	if err != nil {
		return confirm.Words{}, err
	}
	account, err := d.payingNow(ctx, q, s.Merchant(), p.Amount)
	if err == nil {
		err = d.Leaves(ctx, q, s, p)
	}
	if err != nil {
		return confirm.Words{}, err
	}
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	w := confirm.Words{Title: words.F(ctx, "transfer.title", words.Args{"Amount": p.Amount.String()}), Warn: words.T(ctx, "transfer.warn"),
		Lines: []confirm.Line{line("transfer.amount", yuan(ctx, p.Amount)), line("transfer.payee", maskOpenID(p.OpenID))}}
	if p.Check == ForceCheck {
		w.Lines = append(w.Lines, line("transfer.payee_name", vault.MaskName(p.Name)))
	} else {
		w.Lines = append(w.Lines, line("transfer.check", words.T(ctx, "transfer.check.NO_CHECK")))
	}
	w.Lines = append(w.Lines, line("transfer.desc", p.Description), line("transfer.paid_from", accountWord(ctx, account)))
	return w, nil
}

// maskOpenID shows the ends of an openid.
func maskOpenID(openid string) string {
	const ends = 4
	if len(openid) <= 2*ends {
		return "****"
	}
	return openid[:ends] + "****" + openid[len(openid)-ends:]
}

func (d Deps) make(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return confirm.Result{}, err
	}
	a := p.ask()
	a.Scope = s
	made, err := d.Accept(ctx, tx, a)
	if err != nil {
		return confirm.Result{}, err
	}
	return confirm.Result{Object: made.No(), Link: Path + "/" + made.No(), Lines: []confirm.Line{{Label: words.T(ctx, "transfer.no"), Value: made.No()}},
		Details: map[string]any{"amount": made.Amount, "account": made.PaidFrom, "number": made.No()}}, nil
}

// readConfirmed reads the file that is confirmed, as it must stand for that.
func (d Deps) readConfirmed(ctx context.Context, q db.Querier, s access.Scope, p FileParams) (f File, account ledger.Account, err error) {
	if f, err = getFile(ctx, q, s.Merchant(), p.File); err != nil {
		return f, "", err
	}
	if f.State != Checked || f.Params(p.Address) != p {
		return f, "", ErrFileState
	}
	if err := dayLeaves(ctx, q, f, d.Clock.Now()); err != nil {
		return f, "", err
	}
	account, err = d.payingNow(ctx, q, f.Merchant, f.Total)
	return f, account, err
}

func (d Deps) describeFile(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	p, err := confirm.Decode[FileParams](params)
	if err != nil {
		return confirm.Words{}, err
	}
	f, account, err := d.readConfirmed(ctx, q, s, p)
	if err != nil {
		return confirm.Words{}, err
	}
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	rows := strconv.FormatInt(f.Rows, 10)
	return confirm.Words{Title: words.F(ctx, "transfer.file_title", words.Args{"Count": rows, "Amount": f.Total.String()}), Warn: words.T(ctx, "transfer.file_warn"),
		Lines: []confirm.Line{line("transfer.file_count", words.F(ctx, "transfer.count", words.Args{"Count": rows})), line("transfer.file_sum", yuan(ctx, f.Total)),
			line("transfer.paid_from", accountWord(ctx, account)), line("transfer.file_name", f.Name), line("transfer.file_hash", f.ShortHash())}}, nil
}

func (d Deps) runFile(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	p, err := confirm.Decode[FileParams](params)
	if err != nil {
		return confirm.Result{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return confirm.Result{}, err
	}
	f, account, err := d.readConfirmed(ctx, tx.PG(), s, p)
	if err != nil {
		return confirm.Result{}, err
	}
	if err := d.startFile(ctx, tx, f, s.Actor(), p.Address); err != nil {
		return confirm.Result{}, err
	}
	return confirm.Result{Object: f.Name, Link: FilesPath + "/" + f.ID.String(),
		Details: map[string]any{"amount": f.Total, "account": account, "count": f.Rows, "hash": f.Hash}}, nil
}
