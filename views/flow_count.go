package views

import (
	"context"
	"net/url"

	"zhanggui/internal/ledger"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// FlowCount is a count of rows, on its way or there.
type FlowCount struct {
	ledger.FlowCount
	Filter ledger.FlowFilter
}

// CountsPath is where counts are asked for.
const CountsPath = FlowPath + "/counts"

func (m FlowCount) done() bool { return m.FinishedAt != nil }

func (m FlowCount) events() string { return CountsPath + "/" + m.ID.String() + "/events" }

func (m FlowCount) listHref() string {
	if m.Query == "" {
		return FlowPath
	}
	return FlowPath + "?" + m.Query
}

func (m FlowCount) lead(ctx context.Context) string {
	return words.F(ctx, "flow_count.lead", words.Args{"Time": moment(m.AskedAt)})
}

func (m FlowCount) figures(ctx context.Context) []ui.Figure {
	return []ui.Figure{{Word: say(ctx, "flow_count.count"), Value: thousands(m.Count())},
		{Word: say(ctx, "flow_count.in"), Value: signed(m.InAmount), Note: words.F(ctx, "flow_count.rows", words.Args{"Count": thousands(m.Ins)})},
		{Word: say(ctx, "flow_count.out"), Value: signed(-m.OutAmount), Note: words.F(ctx, "flow_count.rows", words.Args{"Count": thousands(m.Outs)})}}
}

// asked says in words what is counted.
func (m FlowCount) asked(ctx context.Context) (facts []ui.Fact) {
	v, err := url.ParseQuery(m.Query)
	if err != nil {
		return nil
	}
	q := FlowQueryOf(v)
	for _, p := range q.fields() {
		text := p.Value
		switch p.Name {
		case ledger.FlowAccount:
			text = AccountWord(ctx, ledger.Account(p.Value))
		case ledger.FlowType:
			text = rowChoice(ctx, p.Value)
		case ledger.FlowDirection:
			text = known(ctx, "flow.direction.", p.Value)
		}
		if p.Value != "" {
			facts = append(facts, ui.Fact{Word: say(ctx, "flow_count.asked."+p.Name), Text: text})
		}
	}
	return facts
}

// countButton asks for the sums that the page does not add up.
func (m Flow) countButton(ctx context.Context) ui.Post {
	return ui.Post{Action: CountsPath, Hidden: []ui.Pair{{Name: "query", Value: m.Query.Values().Encode()}},
		Act: ui.Act{Word: say(ctx, "flow_count.ask"), Small: true}}
}
