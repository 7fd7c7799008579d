package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/sheet"
	"zhanggui/views"
)

// auditWire is an act in JSON; what is not known is empty.
type auditWire struct {
	ID           string         `json:"id"`
	At           string         `json:"at"`
	Actor        string         `json:"actor"`
	Action       string         `json:"action"`
	Object       string         `json:"object"`
	Outcome      string         `json:"outcome"`
	Reason       string         `json:"reason"`
	Address      string         `json:"address"`
	Agent        string         `json:"agent"`
	Session      string         `json:"session"`
	Confirmation string         `json:"confirmation"`
	Details      map[string]any `json:"details"`
	Seq          int64          `json:"seq"`
}

func wireAct(r audit.Record) auditWire {
	return auditWire{ID: r.ID.String(), At: clock.Wire(r.At), Actor: r.Actor, Action: r.Action, Object: r.Object,
		Outcome: string(r.Outcome), Reason: r.Reason, Address: r.From.Address, Agent: r.From.Agent, Session: r.From.Session,
		Confirmation: idText(r.Confirmation), Details: r.Details, Seq: r.Seq}
}

// idText is an id, or nothing where there is none.
func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// auditJSON is the log for programs: a page of it at a time, as a reader turns pages.
func (s *site) auditJSON(v *visit) error {
	m, f, p := v.auditList()
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	rows, next, _, err := audit.List(v.ctx(), s.DB.PG(), v.scope, f, p)
	if err != nil {
		return err
	}
	out := listing[auditWire]{Rows: make([]auditWire, 0, len(rows)), Next: next}
	for _, r := range rows {
		out.Rows = append(out.Rows, wireAct(r))
	}
	return v.showJSON(http.StatusOK, out)
}

// auditCSV is all of the filter's acts as a file. That it was asked for stands in the log before its first
// line leaves, and therefore in the file, too.
func (s *site) auditCSV(v *visit) error {
	m, f, _ := v.auditList()
	if len(m.Faults) > 0 {
		return fault.Form(m.Faults)
	}
	if v.Request().Method == http.MethodHead {
		return v.NoContent(http.StatusOK)
	}
	err := s.DB.InTx(v.ctx(), func(tx db.Tx) error { return audit.Write(v.ctx(), tx, v.exportEntry(f)) })
	if err != nil {
		return err
	}
	return v.stream("audit.page.title", func(w io.Writer) error { return s.writeAudit(v, w, f) })
}

// exportEntry says what was exported: the filter, as its address writes it.
func (v *visit) exportEntry(f audit.Filter) audit.Entry {
	who := v.scope.Actor()
	return audit.Entry{Merchant: v.scope.Merchant(), Actor: who.Name, Account: who.Account, Action: "audit.export",
		Outcome: audit.Done, From: v.from(), At: v.site.Clock.Now(),
		Details: map[string]any{"filter": f.Values().Encode(), "format": "csv"}}
}

func (s *site) writeAudit(v *visit, w io.Writer, f audit.Filter) error {
	heads := append(v.words("audit.col.", views.AuditColumns...), v.words("audit.act.", "reason", "agent", "session", "confirmation", "detail", "number")...)
	out := sheet.New(w, heads...)
	ctx := v.ctx()
	err := audit.Stream(ctx, s.DB.PG(), v.scope, f, func(r audit.Record) error {
		details, err := json.Marshal(r.Details)
		if err != nil {
			return fmt.Errorf("details of %s: %w", r.ID, err)
		}
		return out.Row(clock.Text(r.At), views.AuditAction(ctx, r.Action), views.AuditActor(ctx, r.Actor), r.Object, r.From.Address,
			views.AuditOutcome(ctx, r.Outcome), views.AuditReason(ctx, r.Reason), r.From.Agent, r.From.Session,
			idText(r.Confirmation), string(details), fmt.Sprint(r.Seq))
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
