package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// opsForeign makes, for each part of an operators' path, what belongs to another operator.
func (p *portal) opsForeign() map[string]string {
	p.t.Helper()
	d := p.browser().desk("/ops/login")
	other := p.opsIn(opsReviewer)
	asked := other.posts("/ops/merchants/1900000208", "reason", "核实")
	return map[string]string{
		"/ops/login/tickets/": strings.TrimPrefix(d.refreshedAddress(), "/ops/login?ticket="),
		"/ops/sessions/":      p.text("SELECT s.handle::text FROM sessions s JOIN login_accounts a ON a.id = s.account_id WHERE a.login = 'shenhe01'"),
		"/ops/inbox/":         uuid.NewString(),
		"/ops/audit/":         p.text("SELECT id::text FROM audit_rows WHERE merchant_id <> 0 LIMIT 1"),
		"/ops/confirmations/": strings.TrimPrefix(asked.url.Path, "/ops/confirmations/"),
	}
}

func TestWhatIsAnotherOperatorsIsNotFound(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	theirs, c := p.opsForeign(), p.opsIn(opsAdmin)
	probes := 0
	for _, r := range opsRoutes() {
		if !strings.Contains(r.Path, "{") || r.Policy == opsSeated {
			continue
		}
		ids := []string{uuid.NewString(), "nonsense-" + "nobody"}
		for begin, id := range theirs {
			if strings.HasPrefix(r.Path, begin) {
				ids = append(ids, id)
			}
		}
		for _, id := range ids {
			probes++
			if a := c.do(r.Method, withID(r, id), nil); a.status != http.StatusNotFound {
				t.Errorf("%s %s answers %d: %s", r.Method, withID(r, id), a.status, a.text())
			}
		}
	}
	if probes < 30 {
		t.Errorf("only %d probes", probes)
	}
}
