package views

import (
	"context"
	"net/url"

	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// MoveForm asks which way money is to move, and how much.
type MoveForm struct {
	Standing  operations.Standing
	Direction ui.Field
	Amount    ui.Field
	Note      ui.Field
	Short     *ui.Note // the giving account cannot cover it
	Faults    []ui.Fault
}

func (m MoveForm) standing(ctx context.Context) []ui.Fact {
	yuan := func(f money.Fen) string { return words.F(ctx, "topup.yuan", words.Args{"Amount": f.String()}) }
	return []ui.Fact{{Word: AccountWord(ctx, ledger.Basic), Text: yuan(m.Standing.Basic)}, {Word: AccountWord(ctx, ledger.Operation), Text: yuan(m.Standing.Operation)}}
}

// MovePreview is how both accounts would stand.
type MovePreview struct {
	operations.Previewed
	Once ui.Pair
}

func (m MovePreview) hidden() []ui.Pair {
	return []ui.Pair{m.Once, {Name: operations.FieldDirection, Value: string(m.Direction)}, {Name: operations.FieldAmount, Value: m.Amount.String()},
		{Name: operations.FieldNote, Value: m.Note}}
}

// back leads to the form with what was typed.
func (m MovePreview) back() string {
	return newMoveHref(m.Direction, m.Amount.String(), m.Note)
}

func newMoveHref(d operations.Direction, amount, note string) string {
	v := url.Values{operations.FieldDirection: {string(d)}}
	if amount != "" {
		v.Set(operations.FieldAmount, amount)
	}
	if note != "" {
		v.Set(operations.FieldNote, note)
	}
	return MovesPath + "/new?" + v.Encode()
}

func (m MovePreview) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "moves.preview_table"), Flat: true, Columns: []ui.Column{{Word: say(ctx, "flow.head.account")}}}
	for _, id := range []string{"before", "change", "after"} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "moves.preview."+id), Num: true})
	}
	return g
}

func (m MovePreview) facts(ctx context.Context) []ui.Fact {
	return []ui.Fact{{Word: say(ctx, "moves.note"), Text: orNothing(m.Note), Full: len(m.Note) > halfLine},
		{Word: say(ctx, "moves.fee"), Text: say(ctx, "moves.no_fee")}, {Word: say(ctx, "moves.arrives"), Text: say(ctx, "moves.at_once")}}
}

// Move is one move.
type Move struct {
	operations.Move
	May bool // the reader may move money
}

func (m Move) head(ctx context.Context) ui.Head {
	return ui.Head{Title: say(ctx, "moves.one"), ID: m.No(), Tag: ui.Tag(ui.Done, say(ctx, "moves.done")),
		Lead: words.F(ctx, "moves.lead_one", words.Args{"Amount": m.Amount.String(), "From": AccountWord(ctx, m.Direction.From()), "To": AccountWord(ctx, m.Direction.To())})}
}

func (m Move) panel(ctx context.Context) ui.Section {
	return ui.Section{ID: "facts", Title: say(ctx, "move.direction."+string(m.Direction)), Amount: m.Amount.String(), Unit: say(ctx, "trades.money_unit")}
}

func (m Move) facts(ctx context.Context) []ui.Fact {
	from, to := m.FlowNos()
	row := func(id, no string) ui.Fact {
		return ui.Fact{Word: say(ctx, id), Value: ui.CopyID(say(ctx, id), no, TransferHref(no)), HasID: true}
	}
	return []ui.Fact{number(ctx, "move.line.no", m.No()), {Word: say(ctx, "move.line.at"), Text: moment(m.BookedAt)},
		{Word: say(ctx, "move.line.from"), Text: AccountWord(ctx, m.Direction.From())}, {Word: say(ctx, "move.line.to"), Text: AccountWord(ctx, m.Direction.To())},
		row("moves.col.from_flow", from), row("moves.col.to_flow", to),
		{Word: say(ctx, "moves.col.by"), Text: m.MovedBy}, {Word: say(ctx, "moves.note"), Text: orNothing(m.Note), Full: len(m.Note) > halfLine}}
}

// ShortMoveNote is the same of a move itself: there is no other account to move from.
func ShortMoveNote(ctx context.Context, s operations.Shortage) ui.Note {
	n := ShortNote(ctx, s)
	n.Text, n.Acts = say(ctx, "moves.short"), n.Acts[len(n.Acts)-1:]
	return n
}

// ShortNote says which account is short and the ways out: money moved from the basic account, or sent by the bank.
// Whatever spends from PayFrom's account shows it in place of a bare refusal.
func ShortNote(ctx context.Context, s operations.Shortage) ui.Note {
	n := ui.Note{Kind: ui.Failed, Alert: true, Strong: words.F(ctx, "short.title", words.Args{"Account": AccountWord(ctx, s.Account),
		"Balance": s.Balance.String(), "Missing": s.Missing.String()}), Text: words.T(ctx, "short.text."+string(s.Account))}
	topUp := ui.Act{Word: say(ctx, "short.topup"), Href: TopUpsPath + "/new?account=" + url.QueryEscape(string(s.Account))}
	switch s.Account {
	case ledger.Operation:
		n.Acts = []ui.Act{{Word: say(ctx, "short.move"), Href: newMoveHref(operations.ToOperation, s.Missing.String(), "")}, topUp}
	case ledger.Basic, ledger.Available:
		n.Acts = []ui.Act{topUp}
	}
	return n
}
