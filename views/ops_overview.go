package views

import (
	"context"
	"strconv"
	"strings"

	"zhanggui/internal/platform"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsOverview is what an operator sees first.
type OpsOverview struct {
	platform.Overview
	May  map[string]bool // which of the pages below the operator may open, by path
	AsOf string
}

func count(n int64) string { return thousands(n) }

// link leads to a page that the reader may open; to others there is none.
func (m OpsOverview) link(path, query string) string {
	if !m.May[path] {
		return ""
	}
	return path + query
}

func (m OpsOverview) figures(ctx context.Context) []ui.Figure {
	return []ui.Figure{
		{Word: say(ctx, "ops.overview.merchants"), Value: count(m.Merchants), Href: m.link("/ops/merchants", ""),
			Note: words.F(ctx, "ops.overview.merchants_note", words.Args{"Suspended": count(m.SuspendedNow)})},
		{Word: say(ctx, "ops.overview.opened"), Value: count(m.OpenedMonth), Note: say(ctx, "ops.overview.opened_note")},
		{Word: say(ctx, "ops.overview.unbound"), Value: count(m.AdminsUnbound), Note: say(ctx, "ops.overview.unbound_note")},
		{Word: say(ctx, "ops.overview.operators"), Value: count(m.Operators), Href: m.link("/ops/operators", ""),
			Note: say(ctx, "ops.overview.operators_note")},
	}
}

// todo is what needs somebody.
func (m OpsOverview) todo(ctx context.Context) (rows []ui.TodoRow) {
	add := func(id string, args words.Args, path, query string) {
		row := ui.TodoRow{Text: words.F(ctx, "ops.todo."+id, args)}
		if href := m.link(path, query); href != "" {
			word := say(ctx, "ops.todo."+id+"_act")
			row.Act = ui.Act{Word: word, Href: href, Small: true, Label: words.F(ctx, "ops.todo.label", words.Args{"Word": word, "Text": row.Text})}
		}
		rows = append(rows, row)
	}
	if m.VerifiedOK != nil && !*m.VerifiedOK {
		add("verification", words.Args{"Time": moment(*m.VerifiedAt)}, "/ops/verification", "")
	}
	if m.Differences > 0 {
		add("differences", words.Args{"Count": count(m.Differences)}, "/ops/channel", "")
	}
	if m.JobsDead > 0 {
		add("dead", words.Args{"Count": count(m.JobsDead)}, "/ops/jobs", "?state=dead")
	}
	if m.Requests > 0 {
		add("requests", words.Args{"Count": count(m.Requests)}, "/ops/operators", "?state=waiting")
	}
	if len(m.Missing) > 0 {
		add("calendar", words.Args{"Years": yearsText(ctx, m.Missing)}, "/ops/holidays", "?year="+strconv.Itoa(m.Missing[0]))
	}
	return rows
}

func yearsText(ctx context.Context, years []int) string {
	texts := make([]string, len(years))
	for i, y := range years {
		texts[i] = words.F(ctx, "ops.year", words.Args{"Year": y})
	}
	return strings.Join(texts, say(ctx, "web.list_comma"))
}

// facts are how the machinery stands.
func (m OpsOverview) facts(ctx context.Context) []ui.Fact {
	jobs := say(ctx, "ops.overview.jobs_none")
	if m.OldestDue != nil {
		jobs = words.F(ctx, "ops.overview.jobs_due", words.Args{"Count": count(m.JobsDue), "Since": moment(*m.OldestDue)})
	}
	verified := ui.Fact{Word: say(ctx, "ops.overview.verified"), Text: say(ctx, "ops.overview.verified_never")}
	if m.VerifiedAt != nil {
		verified.Text = words.F(ctx, "ops.overview.verified_ok", words.Args{"Time": moment(*m.VerifiedAt)})
		if !*m.VerifiedOK {
			verified.Text = words.F(ctx, "ops.overview.verified_bad", words.Args{"Time": moment(*m.VerifiedAt)})
		}
	}
	calendar := ui.Fact{Word: say(ctx, "ops.overview.calendar"), Text: say(ctx, "ops.overview.calendar_ok")}
	if len(m.Missing) > 0 {
		calendar.Text = words.F(ctx, "ops.overview.calendar_missing", words.Args{"Years": yearsText(ctx, m.Missing)})
	}
	return []ui.Fact{{Word: say(ctx, "ops.overview.jobs"), Text: jobs}, verified, calendar}
}

func decimalOf(n int64) string { return strconv.FormatInt(n, 10) }
