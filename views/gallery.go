package views

import (
	"context"

	"zhanggui/internal/words"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// said gives the gallery's own words.
func said(ctx context.Context, id string) string { return words.T(ctx, "gallery."+id) }

// galleryScans are the five states of one sign-in card.
func galleryScans(ctx context.Context, qr [][]bool) []ui.Scan {
	again := ui.Act{Word: said(ctx, "scan_again"), Href: "#"}
	base := ui.Scan{Title: said(ctx, "scan_title"), Lead: said(ctx, "scan_lead"),
		QR: qr, QRName: said(ctx, "scan_qr"), Number: "58", Ask: said(ctx, "scan_ask")}
	states := []ui.Scan{
		{State: ui.ScanWaiting, Left: 102},
		{State: ui.ScanScanned, Left: 84, Next: ui.Act{Word: said(ctx, "scan_other"), Href: "#"}},
		{State: ui.ScanConfirmed, Next: ui.Act{Word: said(ctx, "scan_enter"), Href: "#"}},
		{State: ui.ScanRefused, Next: again},
		{State: ui.ScanExpired, Next: again},
	}
	for i, s := range states {
		id := "scan_" + string(s.State)
		s.ID, s.Title, s.Lead, s.QR, s.QRName, s.Number, s.Ask = id, base.Title, base.Lead, qr, base.QRName, base.Number, base.Ask
		s.Word = said(ctx, id)
		if s.State != ui.ScanWaiting {
			s.Text = said(ctx, id+"_text")
		}
		states[i] = s
	}
	return states
}

type galleryTags struct {
	word  string
	state ui.State
	tags  []string
}

func galleryStates(ctx context.Context) []galleryTags {
	all := []galleryTags{
		{"wait", ui.Waiting, []string{"wait_1", "wait_2", "wait_3", "wait_4"}},
		{"move", ui.Moving, []string{"move_1", "move_2", "move_3"}},
		{"done", ui.Done, []string{"done_1", "done_2", "done_3"}},
		{"need", ui.Needs, []string{"need_1", "need_2", "need_3"}},
		{"fail", ui.Failed, []string{"fail_1", "fail_2", "fail_3"}},
	}
	for i := range all {
		all[i].word = said(ctx, "tag_"+all[i].word)
		for j, t := range all[i].tags {
			all[i].tags[j] = said(ctx, "tag_"+t)
		}
	}
	return all
}

// galleryChart is thirty days whose last is not over.
func galleryChart(ctx context.Context) ui.Chart {
	days := []int64{1002841, 875561, 877613, 957677, 900949, 875257, 1142629, 1067577, 833092, 959527, 412050, 814804,
		958697, 964564, 959519, 824718, 792959, 901263, 946322, 925724, 1114373, 894359, 935824, 869273, 816702, 940618,
		792404, 1020480, 948630, 291460}
	c := ui.Chart{ID: "sample", Title: said(ctx, "chart_title"), Words: said(ctx, "chart_words"), Every: 5,
		Heads: [2]string{said(ctx, "chart_day"), said(ctx, "chart_amount")}, Axis: galleryAxis}
	for i, v := range days {
		c.Bars = append(c.Bars, ui.Bar{Label: galleryDay(i), Value: v, Text: galleryYuan(v), Part: i == len(days)-1})
	}
	return c
}

func withPhoneParts(p layout.Page) layout.Page {
	p.PhoneParts = true
	return p
}
