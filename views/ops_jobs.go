package views

import (
	"context"
	"net/url"

	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsJobs is due work: how each kind stands, and the jobs that are not done.
type OpsJobs struct {
	Asked url.Values
	Kinds []OpsJobKind
	Rows  []OpsJob
	Next  string
	First bool // this is the newest page
	Retry bool // the reader may try dead ones again
}

// OpsJobKind is how the jobs of a kind stand, written out.
type OpsJobKind struct {
	Kind                                              string // code
	Open, Due, Running, Failing, Dead, Next, DueSince string
	Late                                              bool // some are due and nobody has them
	Trying                                            bool // some failed and will be tried again
	Broken                                            bool // some are dead
}

// OpsJob is a job, written out.
type OpsJob struct {
	ID, Merchant, Kind, Key string
	State                   string // code
	Due, Attempts           string
	Done, Total             int64
	Error                   string
}

const opsJobsPath = "/ops/jobs"

// opsJobStates are the states of the filter, in order.
var opsJobStates = []string{"failing", "dead", "running", "due", "waiting", "done"}

var opsJobColours = map[string]ui.State{"running": ui.Moving, "due": ui.Needs, "failing": ui.Needs, "dead": ui.Failed, "done": ui.Done}

// JobKind says a kind of work; one nobody named stays its code.
func JobKind(ctx context.Context, kind string) string { return known(ctx, "job.kind.", kind) }

// JobState says how a job stands.
func JobState(ctx context.Context, state string) string { return say(ctx, "ops.jobs.state."+state) }

func (m OpsJobs) filter() url.Values { return kept(m.Asked, []string{"kind", "state"}) }

func (m OpsJobs) bar() ui.FilterBar {
	return ui.FilterBar{Action: opsJobsPath, Reset: opsJobsPath, Set: len(m.filter())}
}

func (m OpsJobs) kindField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "kind", Word: say(ctx, "ops.jobs.kind"), Value: m.Asked.Get("kind"), Options: []ui.Option{{Word: say(ctx, "ops.any")}}}
	found := f.Value == ""
	for _, k := range m.Kinds {
		f.Options = append(f.Options, ui.Option{Value: k.Kind, Word: JobKind(ctx, k.Kind), Chosen: k.Kind == f.Value})
		found = found || k.Kind == f.Value
	}
	if !found {
		f.Options = append(f.Options, ui.Option{Value: f.Value, Word: JobKind(ctx, f.Value), Chosen: true})
	}
	return f
}

func (m OpsJobs) stateField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "state", Word: say(ctx, "ops.jobs.state"), Value: m.Asked.Get("state")}
	f.Options = opsChoices(ctx, opsJobStates, f.Value, "ops.jobs.state.")
	f.Options[0].Word = say(ctx, "ops.jobs.undone")
	return f
}

func (m OpsJobs) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsHref(opsJobsPath, m.filter(), "")
	}
	if m.Next != "" {
		g.Next = opsHref(opsJobsPath, m.filter(), m.Next)
	}
	return g
}

func (m OpsJobs) none(ctx context.Context) ui.Nothing {
	if len(m.filter()) > 0 {
		return ui.Nothing{Title: say(ctx, "ops.jobs.none_title"), Text: say(ctx, "ops.jobs.none_text"),
			Act: ui.Act{Word: say(ctx, "ops.jobs.all"), Href: opsJobsPath}}
	}
	return ui.Nothing{Title: say(ctx, "ops.jobs.empty_title"), Text: say(ctx, "ops.jobs.empty_text")}
}

// progress says how far a job is: done of how many, where it tells.
func (j OpsJob) progress(ctx context.Context) string {
	if j.Total == 0 {
		return nothing
	}
	return words.F(ctx, "ops.jobs.progress", words.Args{"Done": count(j.Done), "Total": count(j.Total)})
}
