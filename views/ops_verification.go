package views

import (
	"context"

	"zhanggui/internal/platform"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsVerification is the checks of everything stored.
type OpsVerification struct {
	Rows  []platform.Verification // newest first; the first may be under way
	Next  string
	First bool // this is the newest page
	Run   bool // the reader may ask for one
}

const opsVerificationPath = "/ops/verification"

// Running is the one under way; nil: none.
func (m OpsVerification) Running() *platform.Verification {
	if m.First && len(m.Rows) > 0 && m.Rows[0].OK == nil {
		return &m.Rows[0]
	}
	return nil
}

// last is the newest one that is finished.
func (m OpsVerification) last() *platform.Verification {
	for i := range m.Rows {
		if m.Rows[i].OK != nil {
			return &m.Rows[i]
		}
	}
	return nil
}

// VerificationState is how a verification ended, or that it runs.
func VerificationState(ctx context.Context, v platform.Verification) (ui.State, string) {
	switch {
	case v.OK == nil && v.StartedAt == nil:
		return ui.Waiting, say(ctx, "ops.verify.waiting")
	case v.OK == nil:
		return ui.Moving, say(ctx, "ops.verify.running")
	case *v.OK:
		return ui.Done, say(ctx, "ops.verify.ok")
	}
	return ui.Failed, say(ctx, "ops.verify.bad")
}

// meter is how far the one under way has come.
func (m OpsVerification) meter(ctx context.Context) ui.Meter {
	v := m.Running()
	if v.StartedAt == nil || v.Total == 0 {
		return ui.Meter{Word: say(ctx, "ops.verify.waiting"), Text: say(ctx, "ops.verify.waiting_text")}
	}
	return ui.Meter{Word: say(ctx, "ops.verify.running"), Done: v.Done, Total: v.Total,
		Text: words.F(ctx, "ops.verify.progress", words.Args{"Done": v.Done, "Total": v.Total})}
}

// outcome says what the last one found.
func (m OpsVerification) outcome(ctx context.Context, v platform.Verification) ui.Note {
	args := words.Args{"Time": moment(*v.FinishedAt), "Count": v.Problems()}
	if *v.OK {
		return ui.Note{Kind: ui.Done, Strong: say(ctx, "ops.verify.ok_fact"), Text: words.F(ctx, "ops.verify.ok_text", args)}
	}
	return ui.Note{Kind: ui.Failed, Strong: say(ctx, "ops.verify.bad_fact"), Text: words.F(ctx, "ops.verify.bad_text", args)}
}

// CheckName says what a check looks at; one nobody named stays its code.
func CheckName(ctx context.Context, name string) string { return known(ctx, "ops.check.", name) }

func checkState(ctx context.Context, f platform.Found) (ui.State, string) {
	switch {
	case f.Failed:
		return ui.Failed, say(ctx, "ops.verify.failed")
	case f.OK:
		return ui.Done, say(ctx, "ops.verify.check_ok")
	}
	return ui.Failed, say(ctx, "ops.verify.check_bad")
}

func (m OpsVerification) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsVerificationPath
	}
	if m.Next != "" {
		g.Next = opsVerificationPath + "?cursor=" + m.Next
	}
	return g
}

func (m OpsVerification) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: say(ctx, "ops.verify.none_title"), Text: say(ctx, "ops.verify.none_text")}
}
