package views

import (
	"context"

	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsTopUps are transfers that came and could not be booked.
type OpsTopUps struct {
	Rows  []topup.Refused
	Next  string
	First bool
}

const opsTopUpsPath = "/ops/top-ups"

// RefusedReason says why a transfer could not be booked.
func RefusedReason(ctx context.Context, code string) string {
	return words.F(ctx, "fault."+code, words.Args{})
}

// RefusedState says whether it still has to be looked into.
func RefusedState(ctx context.Context, r topup.Refused) string {
	if r.SettledAt != nil {
		return say(ctx, "ops_topups.settled")
	}
	return say(ctx, "ops_topups.open")
}

// firstAmount tells that the bank has said another amount before.
func firstAmount(ctx context.Context, r topup.Refused) string {
	return words.F(ctx, "ops_topups.at_first", words.Args{"Amount": r.AtFirst.String()})
}

func refusedColour(r topup.Refused) ui.State {
	if r.SettledAt != nil {
		return ui.Done
	}
	return ui.Needs
}

func (m OpsTopUps) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "ops_topups.title"), Rows: true}
	for _, c := range []tradeColumn{{"time", false}, {"merchant", false}, {"account", false}, {"amount", true}, {"transfer_no", false}, {"payer", false},
		{"reference", false}, {"reason", false}, {"state", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "ops_topups.col."+c.id), Num: c.num})
	}
	return g
}

func (m OpsTopUps) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "topups.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsTopUpsPath
	}
	if m.Next != "" {
		g.Next = opsHref(opsTopUpsPath, nil, m.Next)
	}
	return g
}

func (m OpsTopUps) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: opsTopUpsPath + ".csv"}, {Word: say(ctx, "trades.export_json"), Href: opsTopUpsPath + ".json"}}
}
