package views

import (
	"context"
	"fmt"
	"strings"
	"time"

	"zhanggui/internal/money"
	"zhanggui/views/ui"
)

// galleryRow is one line of the sample table.
type galleryRow struct {
	at, no, what, sign, amount, rest string
	state                            ui.State
	word                             string
}

func galleryRows(ctx context.Context) []galleryRow {
	return []galleryRow{
		{"2026-11-22 11:15:09", "4200051733202611225508214693", said(ctx, "row_fee"), said(ctx, "row_out"), "-0.52", "26,738.00", ui.Done, said(ctx, "tag_done_1")},
		{"2026-11-22 11:15:09", "4200051733202611225508214694", said(ctx, "row_trade"), said(ctx, "row_in"), "+86.00", "26,738.52", ui.Moving, said(ctx, "tag_move_1")},
		{"2026-11-22 11:02:31", "4200052806202611229907716350", said(ctx, "row_topup"), said(ctx, "row_in"), "+10,000.00", "26,652.52", ui.Done, said(ctx, "tag_done_2")},
		{"2026-11-22 10:52:07", "4200051375202611223398104476", said(ctx, "row_fee"), said(ctx, "row_out"), "-2.74", "112,345,678.90", ui.Failed, said(ctx, "tag_fail_1")},
	}
}

func galleryYuan(fen int64) string { return money.Fen(fen).String() }

// galleryAxis leaves the fen out: an axis is read at a glance.
func galleryAxis(fen int64) string { return strings.TrimSuffix(galleryYuan(fen), ".00") }

func galleryDay(i int) string {
	first := time.Date(2026, time.October, 24, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, i).Format("01-02")
}

func galleryFacts(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Word: said(ctx, "fact_no"), HasID: true, Value: ui.CopyID(said(ctx, "fact_no"), "50300708952026112236401927715", "")},
		{Word: said(ctx, "fact_out_no"), HasID: true, Value: ui.CopyID(said(ctx, "fact_out_no"), "QH20261122084412390", "#")},
		{Word: said(ctx, "fact_total"), Text: "268.00"},
		{Word: said(ctx, "fact_left"), Text: "120.00 / 148.00"},
		{Word: said(ctx, "fact_reason"), Text: said(ctx, "sample_reason")},
		{Word: said(ctx, "fact_by"), Text: said(ctx, "sample_by")},
		{Word: said(ctx, "fact_long"), Text: said(ctx, "sample_long"), Full: true},
	}
}

func galleryEvents(ctx context.Context) (events []ui.Event) {
	for i := 1; i <= 4; i++ {
		events = append(events, ui.Event{At: fmt.Sprintf("2026-11-22 10:23:%02d", 24-i), Text: said(ctx, fmt.Sprintf("event_%d", i)),
			Now: i == 1, Bad: i == 2})
	}
	return events
}

func galleryLines(ctx context.Context) []ui.PhoneLine {
	return []ui.PhoneLine{
		{Kind: ui.Done, Text: said(ctx, "may_1")}, {Kind: ui.Done, Text: said(ctx, "may_2")},
		{Kind: ui.Failed, Text: said(ctx, "may_not_1")}, {Kind: ui.Failed, Text: said(ctx, "may_not_2")},
	}
}

func galleryCells(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Word: said(ctx, "cell_login"), Text: said(ctx, "sample_login")},
		{Word: said(ctx, "cell_browser"), Text: said(ctx, "sample_browser")},
		{Word: said(ctx, "cell_address"), Text: said(ctx, "sample_address")},
		{Word: said(ctx, "cell_time"), Text: "2026-11-22 11:18:40"},
	}
}
