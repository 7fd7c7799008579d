package views

import (
	"context"
	"net/url"

	"zhanggui/internal/fault"
	"zhanggui/internal/operations"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// MovesPath is where moves between the merchant's own accounts are listed.
const MovesPath = operations.Path

// MoveHref is the address of one.
func MoveHref(no string) string { return MovesPath + "/" + no }

// MoveList is the list of moves.
type MoveList struct {
	Rows   []operations.Move
	Next   string // cursor
	First  bool   // this is the newest page
	Asked  url.Values
	Faults []*fault.Refusal
	May    bool // the reader may move money
}

func (m MoveList) filter() url.Values {
	return kept(m.Asked, []string{operations.FieldDirection, operations.FieldNumber, operations.FieldFrom, operations.FieldTo})
}

func (m MoveList) href(path, cursor string) string {
	all := m.filter()
	if size := m.Asked.Get(operations.FieldSize); size != "" {
		all.Set(operations.FieldSize, size)
	}
	if cursor != "" {
		all.Set(operations.FieldCursor, cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

func (m MoveList) bar() ui.FilterBar {
	return ui.FilterBar{Action: MovesPath, Reset: MovesPath, Set: len(m.filter()), Open: len(m.Faults) > 0}
}

func (m MoveList) directionField(ctx context.Context) ui.FilterField {
	codes := make([]string, len(operations.Directions))
	for i, d := range operations.Directions {
		codes[i] = string(d)
	}
	return ui.FilterField{Name: operations.FieldDirection, Word: say(ctx, "moves.col.direction"), Error: refused(ctx, m.Faults, operations.FieldDirection),
		Options: choices(ctx, codes, m.Asked.Get(operations.FieldDirection), func(ctx context.Context, c string) string { return known(ctx, "move.direction.", c) })}
}

func (m MoveList) numberField(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: operations.FieldNumber, Word: say(ctx, "moves.col.number"), Value: m.Asked.Get(operations.FieldNumber), Wide: true,
		Error: refused(ctx, m.Faults, operations.FieldNumber)}
}

func (m MoveList) days(ctx context.Context) ui.FilterSpan {
	s := ui.FilterSpan{Word: say(ctx, "moves.days"), From: operations.FieldFrom, To: operations.FieldTo, FromValue: m.Asked.Get(operations.FieldFrom),
		ToValue: m.Asked.Get(operations.FieldTo), ToLabel: say(ctx, "moves.days_to"), Error: refused(ctx, m.Faults, operations.FieldFrom)}
	if s.Error == "" {
		s.Error = refused(ctx, m.Faults, operations.FieldTo)
	}
	s.NotCalendar = s.Error != ""
	return s
}

func (m MoveList) summary(ctx context.Context) (all []ui.Fault) {
	for _, r := range m.Faults {
		all = append(all, ui.Fault{ID: "f-" + r.Field, Text: refusal(ctx, r)})
	}
	return all
}

func (m MoveList) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "moves.list"), Rows: true}
	for _, c := range []tradeColumn{{"time", false}, {"number", false}, {"from", false}, {"to", false}, {"amount", true}, {"by", false}, {"note", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "moves.col."+c.id), Num: c.num})
	}
	return g
}

func (m MoveList) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "moves.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = m.href(MovesPath, "")
	}
	if m.Next != "" {
		g.Next = m.href(MovesPath, m.Next)
	}
	return g
}

func (m MoveList) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: m.href(MovesPath+".csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: m.href(MovesPath+".json", "")}}
}

func (m MoveList) none(ctx context.Context) ui.Nothing {
	if len(m.filter()) > 0 {
		return ui.Nothing{Title: say(ctx, "moves.none_found"), Text: say(ctx, "moves.none_found_text"), Act: ui.Act{Word: say(ctx, "moves.all"), Href: MovesPath}}
	}
	return ui.Nothing{Title: say(ctx, "moves.none"), Text: say(ctx, "moves.none_text")}
}
