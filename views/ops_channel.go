package views

import (
	"context"
	"net/url"

	"zhanggui/internal/difference"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsChannel is what the channel said against what stands.
type OpsChannel struct {
	Asked url.Values
	Rows  []difference.Difference
	Next  string
	First bool
}

const opsChannelPath = "/ops/channel"

func (m OpsChannel) filter() url.Values { return kept(m.Asked, []string{"operation"}) }

func (m OpsChannel) bar() ui.FilterBar {
	return ui.FilterBar{Action: opsChannelPath, Reset: opsChannelPath, Set: len(m.filter())}
}

func (m OpsChannel) operationField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "operation", Word: say(ctx, "ops_channel.col.operation"), Value: m.Asked.Get("operation")}
	f.Options = opsChoices(ctx, difference.Operations, f.Value, "difference.operation.")
	return f
}

func (m OpsChannel) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops_channel.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsHref(opsChannelPath, m.filter(), "")
	}
	if m.Next != "" {
		g.Next = opsHref(opsChannelPath, m.filter(), m.Next)
	}
	return g
}

func (m OpsChannel) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: say(ctx, "ops_channel.none"), Text: say(ctx, "ops_channel.none_text")}
}

// Operation says what the channel was asked to do.
func Operation(ctx context.Context, o difference.Operation) string {
	return known(ctx, "difference.operation.", string(o))
}

// DifferenceWord says what was said, or what stands.
func DifferenceWord(ctx context.Context, code string) string {
	if amount, ok := difference.AmountIn(code); ok {
		return words.F(ctx, "difference.amount", words.Args{"Amount": amount})
	}
	return known(ctx, "difference.word.", code)
}
