package views

import (
	"context"

	"zhanggui/internal/alert"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Alerts are the merchant's accounts with the balance below which somebody is told.
type Alerts struct {
	Rows []alert.Line
	May  bool // the reader may set alerts
}

// AlertsPath is where alerts are seen.
const AlertsPath = alert.Path

// AlertHref is the address of the alert of an account.
func AlertHref(l alert.Line) string { return AlertsPath + "/" + string(l.Account) }

// AlertState says whether an alert is set, and whether the balance is below it.
func AlertState(ctx context.Context, l alert.Line) string {
	switch {
	case l.Alert == nil:
		return say(ctx, "alerts.state.off")
	case l.Low():
		return say(ctx, "alerts.state.low")
	}
	return say(ctx, "alerts.state.on")
}

func alertColour(l alert.Line) ui.State {
	switch {
	case l.Alert == nil:
		return ui.Waiting
	case l.Low():
		return ui.Needs
	}
	return ui.Done
}

// AlertThreshold is the balance below which somebody is told.
func AlertThreshold(l alert.Line) string {
	if l.Alert == nil {
		return nothing
	}
	return l.Alert.Threshold.String()
}

// AlertWatchers is how many are told.
func AlertWatchers(ctx context.Context, l alert.Line) string {
	if l.Alert == nil {
		return nothing
	}
	return words.F(ctx, "alerts.people", words.Args{"Count": len(l.Alert.Watchers)})
}

func (m Alerts) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "alerts.title"), Rows: true}
	for _, c := range []tradeColumn{{"account", false}, {"balance", true}, {"threshold", true}, {"watchers", false}, {"state", false}} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "alerts.col."+c.id), Num: c.num})
	}
	if m.May {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "alerts.col.act")})
	}
	return g
}

func (m Alerts) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: AlertsPath + ".csv"}, {Word: say(ctx, "trades.export_json"), Href: AlertsPath + ".json"}}
}

func alertAct(ctx context.Context, l alert.Line) ui.Act {
	word := say(ctx, "alerts.set")
	if l.Alert != nil {
		word = say(ctx, "alerts.change")
	}
	return ui.Act{Word: word, Href: AlertHref(l), Small: true,
		Label: words.F(ctx, "alerts.act_of", words.Args{"Act": word, "Account": topup.AccountWord(ctx, string(l.Account))})}
}

// AlertForm sets the alert of an account.
type AlertForm struct {
	alert.Line
	Threshold ui.Field
	Watchers  ui.Field
	Faults    []ui.Fault
}

func (m AlertForm) now(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{{Word: say(ctx, "alerts.col.balance"), Text: yuan(ctx, m.Balance)},
		{Word: say(ctx, "alerts.col.state"), Value: ui.Tag(alertColour(m.Line), AlertState(ctx, m.Line))}}
	if m.Alert != nil {
		facts = append(facts, ui.Fact{Word: say(ctx, "alerts.changed"),
			Text: words.F(ctx, "alerts.changed_by", words.Args{"By": m.Alert.ChangedBy, "Time": moment(m.Alert.ChangedAt)})},
			ui.Fact{Word: say(ctx, "alerts.told"), Text: momentOr(m.Alert.LowSince, nothing)})
	}
	return facts
}
