package web

import (
	"net/http"

	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// auditParams are the filter's, with the place in the list.
const auditParams = "?no ?from ?to ?actor ?action ?outcome ?size ?cursor"

// audit is the log of what people did. A filter that cannot be meant keeps its typed text and finds nothing.
func (s *site) audit(v *visit) error {
	m, f, p := v.auditList()
	status := http.StatusOK
	if len(m.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	} else {
		var err error
		if m.Rows, m.Next, m.Prev, err = audit.List(v.ctx(), s.DB.PG(), v.scope, f, p); err != nil {
			return err
		}
	}
	return v.show(status, views.AuditPage(v.settingsFrame("audit.page.title"), m))
}

// auditList reads the filter of the address: as typed for the page, and as meant for the log.
func (v *visit) auditList() (m views.Audit, f audit.Filter, p audit.Page) {
	m = views.Audit{Query: views.AuditQueryOf(v.asked), Today: clock.DayOf(v.site.Clock.Now())}
	f, badFilter := audit.ParseFilter(v.asked, m.Today)
	p, badPage := audit.ParsePage(v.asked)
	m.Query.Size = p.Size
	m.Faults = append(fault.All(badFilter), fault.All(badPage)...)
	return m, f, p
}

// auditAct is one act, with where it came from and what belongs to it.
func (s *site) auditAct(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	r, err := audit.Get(v.ctx(), s.DB.PG(), v.scope, id)
	if err != nil {
		return err
	}
	m := views.AuditAct{Record: r}
	if r.From.Agent != "" {
		m.Browser = identity.BrowserWords(v.ctx(), r.From.Agent)
	}
	frame := v.settingsFrame("audit.act.title", ui.Crumb{Word: v.word("audit.page.title"), Href: views.AuditPath})
	return v.show(http.StatusOK, views.AuditActPage(frame, m))
}
