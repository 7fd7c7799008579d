package views

import (
	"context"
	"net/url"

	"zhanggui/internal/money"
	"zhanggui/internal/withdrawal"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// WithdrawalForm asks how much is to be withdrawn from where.
type WithdrawalForm struct {
	withdrawal.Preview

	Resume                        string // until when nothing is paid to the card; empty: it is
	Once                          ui.Pair
	Account, Amount, Remark, Memo ui.Field
	Faults                        []ui.Fault
}

func cardOf(ctx context.Context, p withdrawal.Preview) string {
	return words.F(ctx, "withdrawal.card_of", words.Args{"Bank": p.Bank, "Tail": p.Tail})
}

func (m WithdrawalForm) now(ctx context.Context) []ui.Fact {
	var all []ui.Fact
	for _, s := range m.Sources {
		all = append(all, ui.Fact{Word: accountWord(ctx, s.Account), Text: words.F(ctx, "withdrawal.yuan", words.Args{"Amount": s.Balance.String()})})
	}
	return append(all, ui.Fact{Word: say(ctx, "withdrawal.card"), Text: cardOf(ctx, m.Preview)}, ui.Fact{Word: say(ctx, "withdrawal.promised"), Text: promised(ctx, m.Preview)})
}

func promised(ctx context.Context, p withdrawal.Preview) string {
	return words.F(ctx, "withdrawal_form.promised", words.Args{"Day": monthDay(p.Promised.String())})
}

func restNote(ctx context.Context, until string) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "withdrawal_page.rest", words.Args{"Until": until}), Text: say(ctx, "withdrawal_form.rest_text")}
}

// WithdrawalPreview shows what a withdrawal will bring, before the phone is asked.
type WithdrawalPreview struct {
	withdrawal.Preview

	Ask    withdrawal.Params
	Resume string
	Hidden []ui.Pair
}

// changeHref leads back to the form, with what was typed.
func (m WithdrawalPreview) changeHref() string {
	return withdrawal.Path + "/new?" + url.Values{withdrawal.FieldAccount: {string(m.Ask.Account)}, withdrawal.FieldAmount: {m.Ask.Amount.Plain()},
		withdrawal.FieldRemark: {m.Ask.Remark}, withdrawal.FieldMemo: {m.Ask.Memo}}.Encode()
}

// Moves is an account before and after.
type Moves struct{ Before, Change, After money.Fen }

func (m WithdrawalPreview) moves() Moves {
	before, _ := m.Of(m.Ask.Account)
	return Moves{before, -m.Ask.Amount, before - m.Ask.Amount}
}

func (m WithdrawalPreview) grid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "withdrawal_form.moves"), Columns: columnsOf(ctx, "withdrawal_form.col.", "account", "#before", "#change", "#after")}
}

func (m WithdrawalPreview) facts(ctx context.Context) []ui.Fact {
	all := []ui.Fact{{Word: say(ctx, "withdrawal.amount"), Text: words.F(ctx, "withdrawal.yuan", words.Args{"Amount": m.Ask.Amount.String()})}}
	if m.Ask.Amount >= withdrawal.CapitalFrom {
		all = append(all, ui.Fact{Word: say(ctx, "withdrawal.capital"), Text: m.Ask.Amount.Capital()})
	}
	return append(all, ui.Fact{Word: say(ctx, "withdrawal.card"), Text: cardOf(ctx, m.Preview)},
		ui.Fact{Word: say(ctx, "withdrawal.promised"), Text: promised(ctx, m.Preview)},
		ui.Fact{Word: say(ctx, "withdrawal.note"), Text: orNothing(m.Ask.Remark)}, ui.Fact{Word: say(ctx, "withdrawal.memo"), Text: orNothing(m.Ask.Memo)})
}
