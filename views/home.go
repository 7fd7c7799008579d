package views

import (
	"context"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/home"
	"zhanggui/internal/inbox"
	"zhanggui/internal/money"
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

// day counts back from today.
func (t Takings) day(back int) trade.DayFigure { return t.Days[len(t.Days)-1-back] }

// last are the newest n days.
func (t Takings) last(n int) []trade.DayFigure { return t.Days[max(0, len(t.Days)-n):] }

func dayHref(from, to clock.Day) string {
	return TradeQuery{From: from.String(), To: to.String()}.Href("/trades", "")
}

// figures are what a reader comes for; each leads to the orders that make it.
func (t Takings) figures(ctx context.Context) []ui.Figure {
	today, yesterday, before := t.day(0), t.day(1), t.day(2)
	month := t.last(chartDays)
	var sum trade.DayFigure
	days := 0
	for _, d := range month {
		sum.Gross += d.Gross
		sum.Count += d.Count
		if d.Count > 0 {
			days++
		}
	}
	return []ui.Figure{
		{Word: say(ctx, "home.yesterday"), Value: yesterday.Gross.String(), Href: dayHref(yesterday.Day, yesterday.Day),
			Note: counted(ctx, yesterday.Count) + change(ctx, "home.than_day", yesterday.Gross, before.Gross)},
		{Word: say(ctx, "home.yesterday_refund"), Value: yesterday.Refunds.String(),
			Note: counted(ctx, yesterday.RefundCount) + change(ctx, "home.than_day", yesterday.Refunds, before.Refunds)},
		{Word: say(ctx, "home.today"), Value: today.Gross.String(), Href: dayHref(today.Day, today.Day),
			Note: counted(ctx, today.Count) + change(ctx, "home.than_time", today.Gross, t.SameTime.Gross)},
		{Word: say(ctx, "home.month"), Value: sum.Gross.String(), Href: dayHref(month[0].Day, today.Day),
			Note: words.F(ctx, "home.month_note", words.Args{"Count": thousands(sum.Count), "Days": days})},
	}
}

func counted(ctx context.Context, n int64) string {
	return words.F(ctx, "home.counted", words.Args{"Count": thousands(n)})
}

// change says how far an amount is from an earlier one; the sign stands with a word.
func change(ctx context.Context, id string, now, then money.Fen) string {
	if now == then {
		return say(ctx, id+".same")
	}
	args := words.Args{"Amount": max(now-then, then-now).String(), "Percent": percent(now-then, then)}
	word := ".more"
	if now < then {
		word = ".less"
	}
	if then == 0 {
		return words.F(ctx, id+word+"_from_none", args)
	}
	return words.F(ctx, id+word, args)
}

// percent is a share in per cent with one decimal and its sign.
func percent(part, whole money.Fen) string {
	if whole == 0 {
		return ""
	}
	tenths, err := max(part, -part).MulDiv(1000, int64(whole))
	if err != nil {
		return ""
	}
	text := (tenths * 10).Plain()
	text = text[:len(text)-1]
	if part < 0 {
		return "-" + text + "%"
	}
	return "+" + text + "%"
}

// chart draws the takings of the newest days.
func (t Takings) chart(ctx context.Context) ui.Chart {
	days := t.last(chartDays)
	c := ui.Chart{ID: "takings", Title: say(ctx, "home.chart_title"), Every: 5, Words: t.chartWords(ctx, days),
		Heads: [2]string{say(ctx, "home.chart_day"), say(ctx, "home.chart_amount")},
		Axis:  func(fen int64) string { return thousands(fen / 100) }}
	for i, d := range days {
		c.Bars = append(c.Bars, ui.Bar{Label: d.Day.String()[5:], Value: int64(d.Gross), Text: d.Gross.String(),
			Part: i == len(days)-1, Href: dayHref(d.Day, d.Day)})
	}
	return c
}

func (t Takings) chartWords(ctx context.Context, days []trade.DayFigure) string {
	most := days[0]
	for _, d := range days {
		if d.Gross > most.Gross {
			most = d
		}
	}
	return words.F(ctx, "home.chart_words", words.Args{"From": days[0].Day.String(), "To": t.day(0).Day.String(),
		"Most": most.Gross.String(), "MostDay": most.Day.String(), "Yesterday": t.day(1).Gross.String(), "Today": t.day(0).Gross.String()})
}

// todo is what waits for the reader. An employee's binding is answered on the phone, so it has no button.
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
		add("bindings", words.Args{"Count": b.Count, "Until": moment(*b.First)}, "")
	}
	for _, i := range m.Imports {
		kind := "import_running"
		if i.Ended {
			kind = "import_refused"
		}
		add(kind, words.Args{"Name": i.File}, "/trades/imports/"+i.ID.String())
	}
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
