package views

import (
	"context"
	"net/url"

	"zhanggui/internal/settlement"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsSettlements is what of all merchants' settlements is under way.
type OpsSettlements struct {
	Asked url.Values
	Rows  []settlement.Open
	Next  string
	First bool
}

const opsSettlementsPath = "/ops/settlements"

func (m OpsSettlements) filter() url.Values { return kept(m.Asked, []string{"state"}) }

func (m OpsSettlements) bar() ui.FilterBar {
	return ui.FilterBar{Action: opsSettlementsPath, Reset: opsSettlementsPath, Set: len(m.filter())}
}

func (m OpsSettlements) stateField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "state", Word: say(ctx, "settlement.state"), Value: m.Asked.Get("state")}
	f.Options = opsChoices(ctx, settlement.Watched, f.Value, "settlement.state.")
	return f
}

func (m OpsSettlements) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops.settlement.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsHref(opsSettlementsPath, m.filter(), "")
	}
	if m.Next != "" {
		g.Next = opsHref(opsSettlementsPath, m.filter(), m.Next)
	}
	return g
}

func (m OpsSettlements) none(ctx context.Context) ui.Nothing {
	if len(m.filter()) > 0 {
		return ui.Nothing{Title: say(ctx, "settlement.none_title"), Text: say(ctx, "ops.settlement.none_text"),
			Act: ui.Act{Word: say(ctx, "ops.settlement.all"), Href: opsSettlementsPath}}
	}
	return ui.Nothing{Title: say(ctx, "ops.settlement.empty_title"), Text: say(ctx, "ops.settlement.empty_text")}
}

// standing says how far an open line is, or why it stopped.
func openStanding(ctx context.Context, o settlement.Open) string {
	switch {
	case o.Error != "":
		return o.Error
	case o.Reason != "":
		return o.Reason
	case o.PayDay != "":
		return words.F(ctx, "settlement.arrives", words.Args{"Day": o.PayDay.String()})
	}
	return nothing
}

func openNet(o settlement.Open) string {
	if o.State == settlement.Cutting {
		return nothing
	}
	return o.Net.String()
}
