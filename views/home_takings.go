package views

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// day counts back from today.
func (t Takings) day(back int) trade.DayFigure { return t.Days[len(t.Days)-1-back] }

// last are the newest n days.
func (t Takings) last(n int) []trade.DayFigure { return t.Days[max(0, len(t.Days)-n):] }

// paidHref leads to the orders that make an amount of takings.
func paidHref(from, to clock.Day) string {
	return TradeQuery{From: from.String(), To: to.String(), State: trade.PaidState}.Href("/trades", "")
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
		{Word: say(ctx, "home.yesterday"), Value: yesterday.Gross.String(), Href: paidHref(yesterday.Day, yesterday.Day),
			Note: counted(ctx, yesterday.Count) + change(ctx, "home.than_day", yesterday.Gross, before.Gross)},
		{Word: say(ctx, "home.yesterday_refund"), Value: yesterday.Refunds.String(),
			Note: counted(ctx, yesterday.RefundCount) + change(ctx, "home.than_day", yesterday.Refunds, before.Refunds)},
		{Word: say(ctx, "home.today"), Value: today.Gross.String(), Href: paidHref(today.Day, today.Day),
			Note: counted(ctx, today.Count) + change(ctx, "home.than_time", today.Gross, t.SameTime.Gross)},
		{Word: say(ctx, "home.month"), Value: sum.Gross.String(), Href: paidHref(month[0].Day, today.Day),
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
			Part: i == len(days)-1, Href: paidHref(d.Day, d.Day)})
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
