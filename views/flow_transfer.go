package views

import (
	"context"
	"encoding/hex"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/topup"
	"zhanggui/internal/transfer"
	"zhanggui/internal/withdrawal"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// FlowTransfer is one transfer, whole.
type FlowTransfer struct {
	ledger.BookedTransfer
	Asked  string // the number it was found by
	Source string // address of the document that moved the money; empty: there is none to open
}

// SourceHref is where the document that moved the money stands, and the page whose right opens it.
func SourceHref(t ledger.BookedTransfer) (page, href string) {
	switch event, _, _ := strings.Cut(string(t.Kind), "."); event {
	case "trade", "settle", "revoke":
		return "/trades", TradeHref(t.Key)
	case "refund":
		return "/trades", TradeQuery{No: t.BusinessNo}.Href("/trades", "")
	case "batch":
		return "/funds/settlements", "/funds/settlements"
	case "move":
		return MovesPath, MoveHref(t.BusinessNo)
	case "topup":
		return topup.Path, topup.Path + "/" + t.BusinessNo
	case "withdrawal":
		return withdrawal.Path, withdrawal.Path + "/" + t.BusinessNo
	case "payment":
		return transfer.Path, transfer.Path + "/" + t.BusinessNo
	case "card":
		return "/account/merchant", "/account/merchant"
	}
	return "", ""
}

func (m FlowTransfer) lead(ctx context.Context) string {
	return words.F(ctx, "flow_transfer.lead", words.Args{"Time": moment(m.BookedAt), "Kind": KindWord(ctx, m.Kind), "Who": applicant(ctx, m.Applicant)})
}

func (m FlowTransfer) head(ctx context.Context) ui.Section {
	return ui.Section{Title: say(ctx, "flow_transfer.about"), Amount: m.Amount.String(), Unit: say(ctx, "trades.money_unit")}
}

func (m FlowTransfer) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{number(ctx, "flow_transfer.journal_no", m.JournalNo()), number(ctx, "flow.head.business_no", m.BusinessNo)}
	if m.VoucherNo != "" {
		facts = append(facts, number(ctx, "flow.head.voucher_no", m.VoucherNo))
	}
	facts = append(facts, ui.Fact{Word: say(ctx, "flow.head.time"), Text: moment(m.BookedAt)},
		ui.Fact{Word: say(ctx, "flow_transfer.kind"), Text: KindWord(ctx, m.Kind)},
		ui.Fact{Word: say(ctx, "flow.head.applicant"), Text: applicant(ctx, m.Applicant)})
	return append(facts, ui.Fact{Word: say(ctx, "flow.head.note"), Text: orNothing(m.Note), Full: len(m.Note) > halfLine})
}

// applicant says who asked: a person, a program, or the platform itself.
func applicant(ctx context.Context, who string) string {
	if who == access.System.Name {
		return say(ctx, "flow_transfer.system")
	}
	return who
}

func (m FlowTransfer) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "flow_transfer.legs_table"), Rows: true}
	for _, c := range []struct {
		id  string
		num bool
	}{{"leg", false}, {"account", false}, {"type", false}, {"debit", true}, {"credit", true}, {"balance", true}, {"flow_no", false}, {"seq", true}, {"hash", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "flow_transfer.col."+c.id), Num: c.num})
	}
	return g
}

// debit and credit are a leg's amount on its side; the other side is empty.
func debit(l *ledger.BookedLeg) string {
	if l.Amount < 0 {
		return l.Size().String()
	}
	return ""
}

func credit(l *ledger.BookedLeg) string {
	if l.Amount > 0 {
		return l.Size().String()
	}
	return ""
}

// legType says what a leg is; one that no bill shows is named by its event.
func legType(ctx context.Context, l *ledger.BookedLeg) string { return RowKind(ctx, l.Row, l.Kind) }

// legBalance is how the account stood after it; of the platform's own accounts nobody reads that.
func legBalance(ctx context.Context, l *ledger.BookedLeg) string {
	switch {
	case l.Account.OfPlatform():
		return say(ctx, "flow_transfer.of_platform")
	case l.Account == ledger.Due:
		return (-l.Balance).String()
	}
	return l.Balance.String()
}

func legHref(l *ledger.BookedLeg) string {
	if l.Account.OfPlatform() {
		return ""
	}
	return FlowHref(l.Account, "", "", "", "")
}

func hashText(h ledger.Hash) string { return hex.EncodeToString(h[:]) }

// total is what both sides come to.
func (m FlowTransfer) total() string {
	var sum money.Fen
	for i := range m.Legs {
		sum += max(m.Legs[i].Amount, 0)
	}
	return sum.String()
}

// others are the related transfers besides this one.
func (m FlowTransfer) others(ctx context.Context) (rows []ui.TodoRow) {
	for _, r := range m.Related {
		if r.BookedAt.Equal(m.BookedAt) && r.Kind == m.Kind && r.Amount == m.Amount {
			continue
		}
		text := words.F(ctx, "flow_transfer.related_row", words.Args{"Time": moment(r.BookedAt), "Amount": r.Amount.String()})
		rows = append(rows, ui.TodoRow{Strong: KindWord(ctx, r.Kind), Text: text, Small: true,
			Act: ui.Act{Word: say(ctx, "trade_page.open"), Label: words.F(ctx, "trade_page.open_label", words.Args{"What": KindWord(ctx, r.Kind) + " " + text}), Href: TransferHref(r.No), Small: true}})
	}
	return rows
}
