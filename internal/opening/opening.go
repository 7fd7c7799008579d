// Package opening decides with what balance a merchant that was already trading elsewhere begins here:
// once for each of its accounts, before anything is booked on it, by two operators.
//
// It refuses a second opening balance, one on an account that has moved (a correction is the way then),
// and one on an account that is not open. What was opened is read from the books themselves.
package opening

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
)

// Action is the act. Words: catalogue id "audit.action." + code.
const Action = "opening.set"

// Kind is the event in the books; its key is the account.
const Kind ledger.Kind = "opening"

// Limits of an opening balance.
const (
	AmountMax   money.Fen = 80_000_000_000 // 8 亿 yuan
	DocumentMax int       = 200            // characters
)

// accounts are those that can be opened with a balance, in the order they are shown. Their place is in numbers.
var accounts = []ledger.Account{ledger.Available, ledger.Basic, ledger.Operation}

// Refusals.
var (
	ErrAccount  = fault.New("opening.account").On("account")
	ErrAmount   = fault.New("opening.amount").On("amount").With("Max", AmountMax.String())
	ErrDocument = fault.New("opening.document").On("document").With("Max", DocumentMax)
	ErrMoved    = fault.New("opening.moved").On("account")
	ErrTwice    = fault.New("opening.twice").On("account")
)

// Params are what two operators confirm.
type Params struct {
	MchID    int64          `json:"mchid"`
	Account  ledger.Account `json:"account"`
	Amount   money.Fen      `json:"amount"` // fen
	Document string         `json:"document"`
}

// Parse reads the form; every field that is wrong is named.
func Parse(mchid int64, form func(string) string) (Params, error) {
	p := Params{MchID: mchid, Account: ledger.Account(form("account")), Document: strings.TrimSpace(form("document"))}
	amount, err := money.Parse(strings.TrimSpace(form("amount")))
	if p.Amount = amount; err != nil {
		p.Amount = 0
	}
	return p, p.check()
}

func (p Params) check() error {
	var f fault.Form
	if !slices.Contains(accounts, p.Account) {
		f.Add(ErrAccount)
	}
	if p.Amount <= 0 || p.Amount > AmountMax {
		f.Add(ErrAmount)
	}
	if n := utf8.RuneCountInString(p.Document); n == 0 || n > DocumentMax || strings.ContainsFunc(p.Document, unicode.IsControl) {
		f.Add(ErrDocument)
	}
	return f.Err()
}

// No is the number of the opening balance: merchant, business day, 21, and the account's place.
func (p Params) No(day clock.Day) string {
	return strconv.FormatInt(p.MchID, 10) + strings.ReplaceAll(day.String(), "-", "") + "210000000" + strconv.Itoa(slices.Index(accounts, p.Account)+1)
}

// Line is an account of a merchant with what it was opened with.
type Line struct {
	Account ledger.Account
	Balance money.Fen
	Moved   bool // something is booked on it
	Opened  *Opened
}

// Free tells whether the account can still be given an opening balance.
func (l Line) Free() bool { return !l.Moved && l.Opened == nil }

// Opened is an opening balance as it was booked.
type Opened struct {
	No       string
	Amount   money.Fen
	Document string
	By       string // who asked for it
	At       time.Time
}

// Deps are what the act needs.
type Deps struct {
	Clock clock.Clock // business time
	Gate  *identity.Gate
}

// Action is what two operators confirm, each on the own phone.
func (d Deps) Action() confirm.Action {
	return confirm.Action{Code: Action, Needs: access.OpsBooksOpen, TwoOperators: true,
		Amount: func(params json.RawMessage) (money.Fen, bool) {
			p, err := confirm.Decode[Params](params)
			return p.Amount, err == nil
		},
		Describe: d.describe, Run: d.run}
}

// describe refuses what cannot be opened, and says what would be.
func (d Deps) describe(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	p, m, err := d.admit(ctx, q, s, params)
	if err != nil {
		return confirm.Words{}, err
	}
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	return confirm.Words{Title: words.F(ctx, "opening.title", words.Args{"Name": m.ShortName}), Warn: words.T(ctx, "opening.warn"),
		Lines: []confirm.Line{line("opening.mchid", strconv.FormatInt(m.ID, 10)), line("opening.legal_name", m.LegalName),
			line("opening.account", accountWord(ctx, p.Account)), line("opening.amount", words.F(ctx, "topup.yuan", words.Args{"Amount": p.Amount.String()})),
			line("opening.document", p.Document)}}, nil
}

func (d Deps) admit(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (Params, merchant.Merchant, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return p, merchant.Merchant{}, err
	}
	if err := p.check(); err != nil {
		return p, merchant.Merchant{}, err
	}
	if p.MchID == access.PlatformID || s.Merchant() != access.PlatformID {
		return p, merchant.Merchant{}, fault.ErrNotFound
	}
	m, err := merchant.Get(ctx, q, p.MchID)
	if err != nil {
		return p, m, err
	}
	return p, m, admitted(ctx, q, p)
}

// admitted refuses an account that is not open, or on which something is booked already.
func admitted(ctx context.Context, q db.Querier, p Params) error {
	all, err := lines(ctx, q, p.MchID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(l Line) bool { return l.Account == p.Account })
	switch {
	case i < 0:
		return ErrAccount
	case all[i].Opened != nil:
		return ErrTwice
	case all[i].Moved:
		return ErrMoved
	}
	return nil
}

// run books it and tells the merchant. Two at once: the second finds the account moved.
func (d Deps) run(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return confirm.Result{}, err
	}
	if err := ledger.Hold(ctx, tx, p.MchID); err != nil {
		return confirm.Result{}, err
	}
	if p, _, err = d.admit(ctx, tx.PG(), s, params); err != nil {
		return confirm.Result{}, err
	}
	now := d.Clock.Now()
	no := p.No(clock.DayOf(now))
	done, err := ledger.Post(ctx, tx, now, ledger.Transfer{Merchant: p.MchID, Kind: Kind, Key: string(p.Account), BusinessNo: no,
		Applicant: s.Actor().Name, Note: p.Document,
		Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -p.Amount}, {Account: p.Account, Amount: p.Amount, Row: ledger.RowOpening}}})
	if err != nil {
		return confirm.Result{}, err
	}
	details := map[string]any{"account": p.Account, "amount": p.Amount, "document": p.Document, "number": no}
	err = audit.Write(ctx, tx, audit.Entry{Merchant: p.MchID, Actor: s.Actor().Name, Account: s.Actor().Account, Action: Action,
		Object: no, Outcome: audit.Done, Confirmation: confirm.Current(ctx), Details: details, At: now})
	if err == nil {
		err = d.tell(ctx, tx, p, no, done.BookedAt)
	}
	id := strconv.FormatInt(p.MchID, 10)
	return confirm.Result{Object: id, Link: "/ops/merchants/" + id + "/opening", Details: details,
		Lines: []confirm.Line{{Label: words.T(ctx, "opening.no"), Value: no},
			{Label: words.T(ctx, "opening.booked"), Value: clock.Text(done.BookedAt)}}}, err
}

func accountWord(ctx context.Context, a ledger.Account) string {
	return words.T(ctx, "ledger.account."+string(a))
}
