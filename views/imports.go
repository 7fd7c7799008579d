package views

import (
	"context"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Imports is the list of uploaded bills with the form that takes another.
type Imports struct {
	Faults   []*fault.Refusal
	Once     string // key of this form: sent twice, the file is taken once
	Rows     []trade.Import
	Next     string // cursor
	First    bool   // this is the newest page
	Provider bool
}

// importColours are the states of an import.
var importColours = map[trade.State]ui.State{
	trade.Queued: ui.Waiting, trade.Running: ui.Moving, trade.Done: ui.Done, trade.Refused: ui.Failed, trade.Failed: ui.Failed,
	trade.Interrupted: ui.Failed,
}

// ImportState says an import's state.
func ImportState(ctx context.Context, s trade.State) string {
	return say(ctx, "import.state."+string(s))
}

// ImportedBy names who brought the file: a login, or the program's own command.
func ImportedBy(ctx context.Context, i trade.Import) string {
	return known(ctx, "import.actor.", i.Actor)
}

// ImportHref is the address of an import.
func ImportHref(id uuid.UUID) string { return "/trades/imports/" + id.String() }

// WhenDone is a figure of the outcome: nothing while the file is read, or when it was not taken.
func WhenDone(i trade.Import, n int64) string {
	if i.State != trade.Done {
		return nothing
	}
	return thousands(n)
}

// WhenRefused is how many lines of a refused file are wrong.
func WhenRefused(i trade.Import) string {
	if i.State != trade.Refused {
		return nothing
	}
	return thousands(i.FaultLines)
}

func (m Imports) field(ctx context.Context) ui.Field {
	return ui.Field{Name: "file", Label: say(ctx, "imports.file"), Accept: ".csv,text/csv", Required: true,
		Hint:  words.F(ctx, "imports.limits", words.Args{"MiB": bill.FileMax >> 20, "Rows": thousands(bill.RowsMax)}),
		Error: refused(ctx, m.Faults, "file")}
}

// summary lists what is wrong with the upload; each leads to its field.
func (m Imports) summary(ctx context.Context) []ui.Fault {
	var all []ui.Fault
	for _, r := range m.Faults {
		all = append(all, ui.Fault{ID: r.Field, Text: refusal(ctx, r)})
	}
	return all
}

func (m Imports) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "imports.table"), Rows: true}
	for _, c := range []tradeColumn{{"time", false}, {"file", false}, {"by", false}, {"lines", true},
		{"new_trades", true}, {"new_refunds", true}, {"faults", true}, {"state", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "imports.col."+c.id), Num: c.num})
	}
	return g
}

func (m Imports) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "imports.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = "/trades/imports"
	}
	if m.Next != "" {
		g.Next = "/trades/imports?cursor=" + url.QueryEscape(m.Next)
	}
	return g
}

func (m Imports) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: "/trades/imports.csv"},
		{Word: say(ctx, "trades.export_json"), Href: "/trades/imports.json"}}
}

func (m Imports) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: say(ctx, "imports.none_title"), Text: say(ctx, "imports.none_text")}
}

// bytesText writes a size for people.
func bytesText(n int64) string {
	const kib, mib = 1 << 10, 1 << 20
	if n < mib {
		return strconv.FormatInt((n+kib-1)/kib, 10) + " KiB"
	}
	tenths := n * 10 / mib
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + " MiB"
}
