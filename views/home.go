package views

import (
	"context"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/home"
	"zhanggui/internal/inbox"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Home is the first page behind the sign-in.
type Home struct {
	Name, MchID string
	AsOf        time.Time
	home.View
	Takings *Takings // nil: the reader may not read orders
	Import  bool     // the reader may import bills
	Unread  int
}

// Takings are what came in and what was given back, by day.
type Takings struct{ trade.Takings }

// TakingDays is how many days a page of takings needs: those of the picture and the one before.
const TakingDays = chartDays + 1

// chartDays is how many days the picture shows.
const chartDays = 30

func (m Home) lead(ctx context.Context) string {
	args := words.Args{"MchID": m.MchID, "Cycle": string(m.Cycle), "Admin": m.Admin, "Time": clock.Text(m.AsOf)}
	if m.Admin == "" {
		return words.F(ctx, "home.lead_no_admin", args)
	}
	return words.F(ctx, "home.lead", args)
}

// todo is what waits for the reader.
func (m Home) todo(ctx context.Context) []ui.TodoRow {
	var rows []ui.TodoRow
	add := func(kind string, args words.Args, href string) {
		row := ui.TodoRow{Text: words.F(ctx, "home.todo."+kind, args)}
		if href != "" {
			act := say(ctx, "home.todo."+kind+"_act")
			row.Act = ui.Act{Word: act, Label: words.F(ctx, "home.todo_label", words.Args{"Act": act, "What": row.Text}), Href: href, Small: true}
		}
		rows = append(rows, row)
	}
	if b := m.Bindings; b.Count > 0 && b.First != nil {
		add("bindings", words.Args{"Count": b.Count, "Until": moment(*b.First)}, MembersPath+"?state=waiting")
	}
	if a := m.Approvals; a.Count > 0 && a.First != nil {
		add("approvals", words.Args{"Count": a.Count, "Until": moment(*a.First)}, ApprovalsPath+"?state="+ApprovalsWaiting)
	}
	for _, i := range m.Imports {
		kind := "import_running"
		if i.Ended {
			kind = "import_refused"
		}
		add(kind, words.Args{"Name": i.File}, "/trades/imports/"+i.ID.String())
	}
	m.moneyTodo(add)
	if m.Security > 0 {
		add("security", words.Args{"Count": m.Security}, InboxHref("/inbox", string(inbox.Security), ""))
	}
	return rows
}

func (m Home) messages(ctx context.Context) []ui.TodoRow {
	var rows []ui.TodoRow
	for _, r := range m.Messages {
		rows = append(rows, ui.TodoRow{Strong: inboxText(ctx, r, "title"), Small: true,
			Text: words.F(ctx, "home.message", words.Args{"Category": InboxCategory(ctx, r.Category), "Time": nearTime(ctx, r.SentAt, m.AsOf)})})
	}
	return rows
}

// nearTime writes a moment by how far back it lies: 今天 10:10, 昨天 16:32, 11-20 09:14.
func nearTime(ctx context.Context, t, now time.Time) string {
	hour := t.In(clock.Beijing).Format("15:04")
	switch day, today := clock.DayOf(t), clock.DayOf(now); {
	case day == today:
		return words.F(ctx, "home.on_today", words.Args{"Time": hour})
	case day == today.Add(-1):
		return words.F(ctx, "home.on_yesterday", words.Args{"Time": hour})
	case day[:4] == today[:4]:
		return string(day[5:]) + " " + hour
	default:
		return string(day) + " " + hour
	}
}

func (m Home) unread(ctx context.Context) string {
	if m.Unread == 0 {
		return ""
	}
	return words.F(ctx, "home.unread", words.Args{"Count": m.Unread})
}
