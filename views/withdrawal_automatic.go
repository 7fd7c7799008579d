package views

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/withdrawal"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// WithdrawalAutomatic is how the basic account goes to the bank by itself.
type WithdrawalAutomatic struct {
	withdrawal.Outlook

	Today    clock.Day
	May      bool
	Once     ui.Pair
	Active   ui.Field
	Retained ui.Field
	Faults   []ui.Fault
}

func (m WithdrawalAutomatic) head(ctx context.Context) ui.Head {
	h := ui.Head{Title: say(ctx, "withdrawal_automatic.title"), Lead: say(ctx, "withdrawal_automatic.lead")}
	if m.Setting.Active {
		h.Tag = ui.Tag(ui.Done, say(ctx, "withdrawal_automatic.is_on"))
	} else {
		h.Tag = ui.Tag(ui.Waiting, say(ctx, "withdrawal_automatic.is_off"))
	}
	return h
}

// next names the next run: tomorrow's, or today's before it ran.
func (m WithdrawalAutomatic) next(ctx context.Context) ui.Section {
	id := "withdrawal_automatic.tomorrow"
	if m.Day == m.Today {
		id = "withdrawal_automatic.this_day"
	}
	return ui.Section{ID: "next", Title: words.F(ctx, id, words.Args{"Day": monthDay(m.Day.String())})}
}

func (m WithdrawalAutomatic) figures(ctx context.Context) []ui.Figure {
	leaves := ui.Figure{Word: say(ctx, "withdrawal_automatic.leaves"), Value: m.Leaves.String(), Note: say(ctx, "withdrawal_automatic.leaves_none")}
	if m.Leaves > 0 {
		leaves.Note = words.F(ctx, "withdrawal_automatic.arrives", words.Args{"Day": monthDay(m.Arrives.String())})
	}
	return []ui.Figure{leaves, {Word: say(ctx, "withdrawal_automatic.stays"), Value: m.Stays.String(),
		Note: words.F(ctx, "withdrawal_automatic.retained_note", words.Args{"Amount": m.Outlook.Retained.String()})},
		{Word: say(ctx, "withdrawal_automatic.balance"), Value: m.Balance.String(), Note: say(ctx, "withdrawal_automatic.balance_note"), Href: "/funds"}}
}

// outlook says in words what the figures are based on.
func (m WithdrawalAutomatic) outlook(ctx context.Context) string {
	if !m.Workday {
		return words.F(ctx, "withdrawal_automatic.holiday", words.Args{"Day": monthDay(m.Arrives.String())})
	}
	return say(ctx, "withdrawal_automatic.basis")
}

func (m WithdrawalAutomatic) changed(ctx context.Context) string {
	if m.ChangedAt == nil {
		return ""
	}
	return words.F(ctx, "withdrawal_automatic.changed", words.Args{"By": m.ChangedBy, "Time": moment(*m.ChangedAt)})
}
