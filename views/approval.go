package views

import (
	"context"

	"zhanggui/internal/confirm"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Approval is one act that waits, or waited, for a second person.
type Approval struct {
	confirm.ApprovalRow
	Path   string
	Reason string
	Once   ui.Pair // of the form that answers
	Faults []ui.Fault
	Secret *confirm.Line // shown now and never again
}

// explained ends have a reason that their state does not say.
func (m Approval) explained() bool {
	return m.Reason != "" && (m.State == confirm.Failed || m.State == confirm.Undone)
}

func (m Approval) facts(ctx context.Context) []ui.Fact {
	facts := lineFacts(m.Words.Lines)
	if m.Amount > 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "approval.col.amount"), Text: m.Amount.String()})
	}
	return append(facts, ui.Fact{Word: say(ctx, "approval.maker"), Text: words.F(ctx, "confirm.asker_of",
		words.Args{"Name": m.MakerName, "Login": m.Maker})})
}

// events tell how it went, newest first.
func (m Approval) events(ctx context.Context) []ui.Event {
	var all []ui.Event
	if m.EndedAt != nil {
		text := say(ctx, "approval.state."+string(m.State))
		if m.Checker != "" {
			text = words.F(ctx, "approval.line_checker", words.Args{"Who": m.Checker, "State": text})
		}
		all = append(all, ui.Event{At: moment(*m.EndedAt), Text: text, Now: m.State == confirm.Done, Bad: m.State == confirm.Failed})
	} else {
		all = append(all, ui.Event{At: moment(m.LapsesAt), Text: say(ctx, "approval.line_until"), Now: true})
	}
	return append(all, ui.Event{At: moment(m.AskedAt), Text: words.F(ctx, "approval.line_asked", words.Args{"Who": m.Maker})})
}

// ApprovalRuleForm is the form of one act's rule.
type ApprovalRuleForm struct {
	Path     string
	Name     string
	On       bool
	Money    bool // the act moves money, so its rule begins at a sum
	From     ui.Field
	Checkers ui.Field
	Once     ui.Pair
	Faults   []ui.Fault
}
