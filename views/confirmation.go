package views

import (
	"context"

	"zhanggui/internal/confirm"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Confirmation is what was asked for, where the phone's answer stands, and what came of it.
type Confirmation struct {
	confirm.Confirmation
	Path      string // of the page
	Approval  string // the page of the second person's answer
	FormAgain string // opens the form with its text; empty: there is none
	Asker     string
	Reason    string // why nothing happened
	Card      ui.Scan
	Secret    *confirm.Line // shown now and never again
}

func (m Confirmation) events() string { return m.Path + "/events?state=" + string(m.State) }

func (m Confirmation) head(ctx context.Context) ui.Head {
	id := "confirm.page." + string(m.State)
	return ui.Head{Title: say(ctx, id), Lead: say(ctx, id+"_lead")}
}

// step of the guide: filled in, being confirmed, perhaps by a second person, over.
func (m Confirmation) step(ctx context.Context) int {
	switch {
	case m.State.Asking():
		return 1
	case m.State == confirm.Done:
		return len(m.steps(ctx))
	}
	return 2
}

func (m Confirmation) steps(ctx context.Context) []string {
	all := []string{say(ctx, "confirm.step_form"), say(ctx, "confirm.step_scan")}
	if m.State == confirm.Approving {
		all = append(all, say(ctx, "confirm.step_check"))
	}
	return append(all, say(ctx, "confirm.step_done"))
}

func (m Confirmation) facts(ctx context.Context) []ui.Fact {
	return append(lineFacts(m.Words.Lines), ui.Fact{Word: say(ctx, "confirm.asker"), Text: m.Asker})
}

// outcome says in one notice how it ended.
func (m Confirmation) outcome(ctx context.Context) ui.Note {
	n := ui.Note{Kind: ui.Failed, Strong: say(ctx, "confirm.outcome."+string(m.State)), Text: m.Reason}
	switch m.State {
	case confirm.Done:
		n.Kind, n.Text = ui.Done, m.Words.Title
	case confirm.Approving:
		n.Kind, n.Text = ui.Needs, words.F(ctx, "confirm.told.approving_text", words.Args{"Until": moment(m.ExpiresAt)})
	case confirm.Refused, confirm.Lapsed, confirm.Undone:
		n.Kind = ui.Waiting
	}
	return n
}

// next are the ways on from the end.
func (m Confirmation) next(ctx context.Context) (acts []ui.Act) {
	switch {
	case m.State == confirm.Approving:
		acts = append(acts, ui.Act{Word: say(ctx, "confirm.to_approval"), Href: m.Approval, Kind: ui.Primary})
	case m.State == confirm.Done && m.Link != "":
		acts = append(acts, ui.Act{Word: say(ctx, "confirm.to_result"), Href: m.Link, Kind: ui.Primary})
	case m.FormAgain != "":
		acts = append(acts, ui.Act{Word: say(ctx, "confirm.form_again"), Href: m.FormAgain, Kind: ui.Primary})
	}
	return acts
}

func lineFacts(lines []confirm.Line) []ui.Fact {
	facts := make([]ui.Fact, len(lines))
	for i, l := range lines {
		facts[i] = ui.Fact{Word: l.Label, Text: l.Value, Full: len([]rune(l.Value)) > 29}
	}
	return facts
}
