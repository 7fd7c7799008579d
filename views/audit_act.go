package views

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/audit"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// AuditAct is one act of the log.
type AuditAct struct {
	audit.Record
	List    string // the log's address
	Browser string // the agent as people call it
}

var auditColours = map[audit.Outcome]ui.State{audit.Done: ui.Done, audit.Refused: ui.Failed}

func (m AuditAct) what(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{
		{Word: say(ctx, "audit.col.action"), Text: AuditAction(ctx, m.Action)},
		{Word: say(ctx, "audit.col.outcome"), Value: ui.Tag(auditColours[m.Outcome], AuditOutcome(ctx, m.Outcome))},
	}
	if m.Reason != "" {
		facts = append(facts, ui.Fact{Word: say(ctx, "audit.act.reason"), Text: AuditReason(ctx, m.Reason), Full: true})
	}
	return append(facts,
		ui.Fact{Word: say(ctx, "audit.col.object"), Text: AuditObject(ctx, m.Object), Full: len(m.Object) > halfLine},
		ui.Fact{Word: say(ctx, "audit.col.time"), Text: moment(m.At)},
		ui.Fact{Word: say(ctx, "audit.act.number"), Text: m.seal(ctx)},
		number(ctx, "audit.act.id", m.ID.String()))
}

// seal says where the act stands in the chain.
func (m AuditAct) seal(ctx context.Context) string {
	if m.Seq == 0 {
		return say(ctx, "audit.act.unsealed")
	}
	return words.F(ctx, "audit.act.sealed", words.Args{"Number": thousands(m.Seq)})
}

func (m AuditAct) who(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{
		{Word: say(ctx, "audit.col.actor"), Text: AuditActor(ctx, m.Actor)},
		{Word: say(ctx, "audit.col.from"), Text: orNothing(m.From.Address)},
		{Word: say(ctx, "audit.act.browser"), Text: orNothing(m.Browser), Full: true},
	}
	if m.From.Session != "" {
		facts = append(facts, number(ctx, "audit.act.session", m.From.Session))
	}
	if m.Confirmation == uuid.Nil {
		return append(facts, ui.Fact{Word: say(ctx, "audit.act.confirmation"), Text: say(ctx, "audit.act.no_confirmation")})
	}
	return append(facts, number(ctx, "audit.act.confirmation", m.Confirmation.String()))
}

// around leads to the acts that belong to this one.
func (m AuditAct) around(ctx context.Context) (rows []ui.TodoRow) {
	add := func(id string, q AuditQuery) {
		text := say(ctx, "audit.act."+id)
		rows = append(rows, ui.TodoRow{Text: text, Act: ui.Act{Word: say(ctx, "trade_page.open"), Label: text, Href: q.Href(m.List, ""), Small: true}})
	}
	if m.Confirmation != uuid.Nil {
		add("same_confirmation", AuditQuery{Number: m.Confirmation.String()})
	}
	if m.From.Session != "" {
		add("same_session", AuditQuery{Number: m.From.Session})
	}
	if login, _, ok := strings.Cut(m.Actor, "@"); ok {
		add("same_actor", AuditQuery{Actor: login})
	}
	add("same_action", AuditQuery{Action: m.Action})
	return rows
}

// unsaid is what the catalogue writes in a place that nobody filled.
const unsaid = "<no value>"

// places are what is left of a sentence without its facts.
var places = strings.NewReplacer("“"+unsaid+"”", "", unsaid, "…")

// AuditReason says why something was refused. The log keeps the code alone: sentences that need facts
// besides are left out, and where all do, the first stands without them.
func AuditReason(ctx context.Context, code string) string {
	if code == "" || !words.Has(ctx, "fault."+code) {
		return code
	}
	const stop = "。"
	whole := words.F(ctx, "fault."+code, words.Args{})
	var said strings.Builder
	for _, sentence := range strings.SplitAfter(whole, stop) {
		if !strings.Contains(sentence, unsaid) {
			said.WriteString(sentence)
		}
	}
	if said.Len() == 0 {
		first, _, _ := strings.Cut(whole, stop)
		return places.Replace(first) + stop
	}
	return said.String()
}
