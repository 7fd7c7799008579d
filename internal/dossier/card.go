package dossier

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
)

// Limits of a bank's name, in characters.
const (
	BankMin = 2
	BankMax = 64
)

// tailSize is how much of an account number is shown.
const tailSize = 4

// ErrCardOpen refuses a second request while one is open.
var ErrCardOpen = fault.New("dossier.card_open")

// CardParams are the new card's.
type CardParams struct {
	Bank    string `json:"bank"`
	Account string `json:"account"`
}

// CardForm is what was typed: the number twice, with or without the spaces that are printed on a card.
type CardForm struct{ Bank, Account, Again string }

// Params reads the form. It refuses what cannot be a card, each beside its field.
func (f CardForm) Params() (CardParams, error) {
	p := CardParams{Bank: strings.TrimSpace(f.Bank), Account: digits(f.Account)}
	var bad fault.Form
	bad.Add(p.badBank())
	bad.Add(p.badAccount())
	if again := digits(f.Again); p.badAccount() == nil && again != p.Account {
		bad.Add(fault.New("dossier.card_differs").On("account_again"))
	}
	return p, bad.Err()
}

// digits leaves out the spaces.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func (p CardParams) badBank() *fault.Refusal {
	n := len([]rune(p.Bank))
	if n < BankMin || n > BankMax || strings.IndexFunc(p.Bank, unicode.IsControl) >= 0 {
		return fault.New("dossier.card_bank").On("bank").With("Min", BankMin).With("Max", BankMax)
	}
	return nil
}

func (p CardParams) badAccount() *fault.Refusal {
	if r, ok := fault.As(merchant.CheckAccountNumber(p.Account)); ok {
		return r.On("account")
	}
	return nil
}

func (p CardParams) tail() string { return p.Account[len(p.Account)-tailSize:] }

// standing says where a request stands, for its result.
func (c CardChange) standing(ctx context.Context) []confirm.Line {
	return []confirm.Line{{Label: words.T(ctx, "dossier.state"), Value: words.T(ctx, "dossier.card_state."+string(c.State))}}
}

func (d Deps) cardAction() confirm.Action {
	return confirm.Action{Code: CardAction, Needs: access.MerchantCard, SuperOnly: true, Private: true,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			p, m, err := d.readCard(ctx, q, s, params)
			if err != nil {
				return confirm.Words{}, err
			}
			return cardWords(ctx, p, m), nil
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			p, m, err := d.readCard(ctx, tx.PG(), s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			c, err := d.requestCard(ctx, tx, s, p, m)
			if err == nil {
				err = tellCard(ctx, tx, s, "card_requested", c)
			}
			if err == nil {
				err = d.startCheck(ctx, tx, m.ID, p, &c)
			}
			return confirm.Result{Object: c.shown(), Link: Path, Lines: c.standing(ctx),
				Details: map[string]any{"bank": c.Bank, "tail": c.Tail, "old_tail": c.OldTail}}, err
		}}
}

// readCard reads the parameters and refuses the card in use and a second open request.
func (d Deps) readCard(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (CardParams, merchant.Merchant, error) {
	p, err := confirm.Decode[CardParams](params)
	if err != nil {
		return p, merchant.Merchant{}, err
	}
	var bad fault.Form
	bad.Add(p.badBank())
	bad.Add(p.badAccount())
	if err := bad.Err(); err != nil {
		return p, merchant.Merchant{}, err
	}
	m, err := merchant.Get(ctx, q, s.Merchant())
	if err != nil {
		return p, m, err
	}
	same, err := merchant.CheckAccount(ctx, q, d.Vault, m.ID, p.Account)
	switch {
	case err != nil:
		return p, m, err
	case same:
		return p, m, fault.New("dossier.card_same").On("account")
	}
	return p, m, noneOpen(ctx, q, m.ID)
}

func cardWords(ctx context.Context, p CardParams, m merchant.Merchant) confirm.Words {
	tail := func(tail string) string { return words.F(ctx, "dossier.tail", words.Args{"Tail": tail}) }
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	return confirm.Words{Title: words.T(ctx, "dossier.card_title"), Warn: words.T(ctx, "dossier.card_warn"),
		Lines: []confirm.Line{merchantLine(ctx, m),
			line("dossier.new_bank", p.Bank), line("dossier.new_account", tail(p.tail())),
			line("dossier.old_account", m.SettlementBank+" "+tail(m.AccountTail))}}
}

// CardReason says why a request failed: the bank's words, or ours where the amount was not known.
func CardReason(ctx context.Context, reason string) string {
	if reason == reasonTries {
		return words.F(ctx, "dossier.card_reason_tries", words.Args{"Max": TriesMax})
	}
	return reason
}
