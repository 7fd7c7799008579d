package views

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Audit is the log of what people did.
type Audit struct {
	Path       string // the list's address: a merchant's log, or the platform's own
	Lead       string
	ActorHint  string // how somebody in it is called
	Query      AuditQuery
	Faults     []*fault.Refusal // what is wrong with the filter; then there are no rows
	Today      clock.Day
	Rows       []audit.Record
	Next, Prev string // cursors
}

// AuditQuery is the filter as it was typed.
type AuditQuery struct {
	Number, From, To, Actor, Action, Outcome string
	Size                                     int
}

// The addresses of the logs.
const (
	AuditPath    = "/account/audit"
	OpsAuditPath = "/ops/audit"
)

func (m Audit) href(id uuid.UUID) string { return m.Path + "/" + id.String() }

// AuditQueryOf is the filter as an address has it.
func AuditQueryOf(v url.Values) AuditQuery {
	return AuditQuery{Number: v.Get(audit.FieldNumber), From: v.Get(audit.FieldFrom), To: v.Get(audit.FieldTo),
		Actor: v.Get(audit.FieldActor), Action: v.Get(audit.FieldAction), Outcome: v.Get(audit.FieldOutcome), Size: audit.PageSizes[0]}
}

// fields lists the filter without the page size, in the order of the bar.
func (q AuditQuery) fields() []ui.Pair {
	return slices.DeleteFunc([]ui.Pair{{Name: audit.FieldNumber, Value: q.Number}, {Name: audit.FieldFrom, Value: q.From},
		{Name: audit.FieldTo, Value: q.To}, {Name: audit.FieldActor, Value: q.Actor}, {Name: audit.FieldAction, Value: q.Action},
		{Name: audit.FieldOutcome, Value: q.Outcome}}, func(p ui.Pair) bool { return p.Value == "" })
}

// Href is the address of a list with this filter; the cursor may be empty.
func (q AuditQuery) Href(path, cursor string) string {
	all := url.Values{}
	for _, p := range append(q.fields(), q.sizeHidden()...) {
		all.Set(p.Name, p.Value)
	}
	if cursor != "" {
		all.Set(audit.FieldCursor, cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

// sizeHidden keeps the page size over a search.
func (q AuditQuery) sizeHidden() []ui.Pair {
	if q.Size == 0 || q.Size == audit.PageSizes[0] {
		return nil
	}
	return []ui.Pair{{Name: audit.FieldSize, Value: strconv.Itoa(q.Size)}}
}

func (m Audit) bar() ui.FilterBar {
	return ui.FilterBar{Action: m.Path, Reset: m.Path, Set: len(m.Query.fields()), Open: len(m.Faults) > 0,
		Hidden: m.Query.sizeHidden()}
}

func (m Audit) days(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: words.F(ctx, "audit.page.days", words.Args{"Months": audit.SpanMonths}), From: audit.FieldFrom,
		To: audit.FieldTo, FromValue: m.Query.From, ToValue: m.Query.To, ToLabel: say(ctx, "audit.page.days_to"),
		Max: m.Today.String(), Error: refused(ctx, m.Faults, audit.FieldFrom, audit.FieldTo)}
}

// areas are what can be chosen of the product; one act that was asked for stays in sight.
func (m Audit) areas(ctx context.Context) []ui.Option {
	return choices(ctx, audit.Areas, m.Query.Action, AuditAction)
}

func (m Audit) outcomes(ctx context.Context) []ui.Option {
	return choices(ctx, []string{string(audit.Done), string(audit.Refused)}, m.Query.Outcome, auditOutcome)
}

// summary lists all that is wrong with the filter; what stands beside a field leads to it.
func (m Audit) summary(ctx context.Context) (all []ui.Fault) {
	for _, r := range m.Faults {
		f := ui.Fault{Text: refusal(ctx, r)}
		if r.Field != "" && r.Field != audit.FieldSize && r.Field != audit.FieldCursor {
			f.ID = "f-" + r.Field
		}
		all = append(all, f)
	}
	return all
}

func (m Audit) exports(ctx context.Context) []ui.Act {
	q := m.Query
	q.Size = 0
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: q.Href(m.Path+".csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: q.Href(m.Path+".json", "")}}
}

// AuditColumns are the list's, in the page and in files.
var AuditColumns = []string{"time", "action", "actor", "object", "from", "outcome"}

func (m Audit) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "audit.page.table"), Stick: true, Rows: true}
	for _, c := range AuditColumns {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "audit.col."+c)})
	}
	return g
}

func (m Audit) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "audit.page.shown", words.Args{"Count": len(m.Rows)}), Action: m.Path,
		Hidden: m.Query.fields(), Size: m.Query.Size, Sizes: audit.PageSizes}
	if m.Next == "" && m.Prev == "" {
		g.Shown = words.F(ctx, "audit.page.shown_all", words.Args{"Count": len(m.Rows)})
	}
	if m.Prev != "" {
		g.Prev = m.Query.Href(m.Path, m.Prev)
	}
	if m.Next != "" {
		g.Next = m.Query.Href(m.Path, m.Next)
	}
	return g
}

// empty says why there is no row.
func (m Audit) empty(ctx context.Context) ui.Nothing {
	switch set := len(m.Query.fields()); {
	case len(m.Faults) > 0:
		return ui.Nothing{Title: say(ctx, "audit.page.refused"), Text: say(ctx, "audit.page.refused_text")}
	case set == 0:
		return ui.Nothing{Title: say(ctx, "audit.page.none"), Text: say(ctx, "audit.page.none_text")}
	default:
		return ui.Nothing{Title: say(ctx, "audit.page.empty"), Text: words.F(ctx, "audit.page.empty_text", words.Args{"Count": set}),
			Act: ui.Act{Word: say(ctx, "audit.page.all"), Href: m.Path}}
	}
}

// AuditAction says what was done, or the part of the product it belongs to.
func AuditAction(ctx context.Context, code string) string {
	if strings.Contains(code, ".") {
		return known(ctx, "audit.action.", code)
	}
	return known(ctx, "audit.area.", code)
}

// auditOutcome says how it ended.
func auditOutcome(ctx context.Context, code string) string { return known(ctx, "audit.outcome.", code) }

// AuditOutcome says how an act ended.
func AuditOutcome(ctx context.Context, o audit.Outcome) string { return auditOutcome(ctx, string(o)) }

// AuditActor says who it was: a login account, the program, or a WeChat nobody knows.
func AuditActor(ctx context.Context, actor string) string { return known(ctx, "audit.actor.", actor) }

// AuditObject says what it was done to: an act, a permission, a numbered thing, or whatever was named.
func AuditObject(ctx context.Context, object string) string {
	if object == "" || words.Has(ctx, "audit.action."+object) {
		return known(ctx, "audit.action.", object)
	}
	if words.Has(ctx, "permission."+object) {
		return say(ctx, "permission."+object)
	}
	if kind, rest, ok := strings.Cut(object, ":"); ok && words.Has(ctx, "audit.object."+kind) {
		return say(ctx, "audit.object."+kind) + " " + ui.Short(rest)
	}
	return object
}
