package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/product"
)

// others are things of somebody else, by the route they would be reached by.
type others map[string]func(t *testing.T, p *portal) string

// foreignIDs hold for every route with a part in its path: a route that is not here fails the test.
var foreignIDs = others{
	"/login/tickets/{id}/events":                   foreignTicket,
	"/login/tickets/{id}/session":                  foreignTicket,
	"/bind/tickets/{id}/events":                    foreignTicket,
	"/account/sessions/{id}/end":                   foreignSession,
	"/m/t/{token}":                                 nil, // a code is for whoever scans it; signin_attacks_test.go
	"/m/bindings/{id}":                             nil, // needs a request; bind_test.go
	"/trades/imports/{id}":                         elsewhere,
	"/trades/imports/{id}/events":                  elsewhere,
	"/trades/{no}":                                 elsewhere,
	"/views/{id}/deletion":                         elsewhere,
	"/inbox/{id}/read":                             foreignMessage,
	"/account/approvals/rules/{action}":            elsewhere,
	"/account/approvals/rules/{action}/deletion":   elsewhere,
	"/account/approvals/{id}":                      foreignApproval,
	"/account/approvals/{id}/answer":               foreignApproval,
	"/account/approvals/{id}/withdrawal":           foreignApproval,
	"/account/approvals/{id}/secret":               foreignApproval,
	"/funds/top-ups/{no}":                          foreignTopUp,
	"/funds/transfers/{no}":                        foreignMove,
	"/marketing/transfers/{no}":                    foreignPayment,
	"/marketing/transfers/batch/{id}":              foreignPaymentFile,
	"/marketing/transfers/batch/{id}/events":       foreignPaymentFile,
	"/marketing/transfers/batch/{id}/rows.csv":     foreignPaymentFile,
	"/marketing/transfers/batch/{id}/confirmation": foreignPaymentFile,
	"/funds/flow/{no}":                             elsewhere, // matrix_test.go
	"/funds/withdrawals/{no}":                      elsewhere, // matrix_test.go
	"/funds/withdrawals/{no}/closure":              elsewhere,
	"/funds/flow/counts/{id}":                      foreignCount,
	"/funds/flow/counts/{id}/events":               foreignCount,
	"/funds/alerts/{account}":                      elsewhere, // accounts have names that many merchants share
	"/funds/alerts/{account}/deletion":             elsewhere,
	"/products/{code}":                             elsewhere, // products have names that many merchants share
	"/products/{code}/opening":                     elsewhere,
	"/products/{code}/closing":                     elsewhere,
	"/products/agreements/{no}":                    foreignOpening,
	"/confirmations/{id}":                          foreignConfirmation,
	"/confirmations/{id}/events":                   foreignConfirmation,
	"/confirmations/{id}/cancellation":             foreignConfirmation,
	"/confirmations/{id}/secret":                   foreignConfirmation,
	"/m/c/{token}":                                 nil,       // a code is for its asker; confirmation_test.go
	"/m/approvals/{id}":                            nil,       // approval_test.go
	"/account/members/{login}":                     elsewhere, // these stand in the matrix, too
	"/account/members/{login}/roles":               elsewhere,
	"/account/members/{login}/suspension":          elsewhere,
	"/account/members/{login}/resumption":          elsewhere,
	"/account/members/{login}/sessions/end":        elsewhere,
	"/account/members/{login}/reset":               elsewhere,
	"/account/members/{login}/binding":             elsewhere,
	"/account/handover/{id}/withdrawal":            elsewhere,
	"/account/roles/{code}":                        elsewhere,
	"/account/roles/{code}/deletion":               elsewhere,
	"/m/handover/{id}":                             nil, // matrix_test.go
	"/m/permissions/{id}":                          nil,
	"/account/audit/{id}":                          elsewhere,
	"/account/merchant/card/{id}/cancellation":     elsewhere,
	"/account/merchant/card/{id}/check":            elsewhere,
	"/funds/settlements/{day}":                     foreignLine,
	"/funds/settlements/{day}/orders.csv":          foreignLine,
	"/funds/settlements/{day}/orders.json":         nil, // each refusal in JSON has a number of its own; matrix_test.go
	"/funds/settlements/{day}/payment":             foreignLine,
}

// elsewhere is left to the tests of the pages that have such things.
func elsewhere(*testing.T, *portal) string { return uuid.NewString() }

// foreignLine is a line of a legacy merchant's settlement record.
func foreignLine(_ *testing.T, p *portal) string {
	if p.count("settlement_lines") == 0 {
		p.lineOf(noodles)
	}
	return p.text("SELECT day::text FROM settlement_lines LIMIT 1")
}

func foreignTicket(t *testing.T, p *portal) string {
	t.Helper()
	link := p.desk().refreshedAddress()
	return strings.TrimPrefix(link, "/login?ticket=")
}

func foreignSession(t *testing.T, p *portal) string {
	t.Helper()
	p.signedIn("p-hejingyi")
	var handle uuid.UUID
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT s.handle FROM sessions s JOIN login_accounts a ON a.id = s.account_id
		WHERE a.login = 'caiwu01' AND a.merchant_id = 1900000208`).Scan(&handle))
	return handle.String()
}

func foreignMessage(t *testing.T, p *portal) string {
	t.Helper()
	ctx := t.Context()
	must(t, p.db.InTx(ctx, func(tx db.Tx) error {
		return inbox.Tell(ctx, tx, inbox.Message{Merchant: 1900000208, Role: access.Finance, Category: inbox.Security,
			Kind: "binding_done", Args: map[string]string{"Login": "x", "Time": "x"}, At: p.clock.Now()})
	}))
	var id uuid.UUID
	must(t, p.db.PG().QueryRow(ctx, `SELECT id FROM inbox_messages WHERE kind = 'binding_done' LIMIT 1`).Scan(&id))
	return id.String()
}

// foreignConfirmation is of the same person at another desktop.
func foreignConfirmation(t *testing.T, p *portal) string {
	t.Helper()
	return idOf(p.asking(p.signedIn(storeOwner), "云上好店"))
}

func foreignApproval(t *testing.T, p *portal) string {
	t.Helper()
	owner := p.signedIn(teaOwner)
	if p.count("approval_rules") == 0 {
		p.needsFinance(owner, teaOwner)
	}
	return p.waiting(owner, teaOwner)
}

func foreignTopUp(t *testing.T, p *portal) string {
	t.Helper()
	return p.topUpOf(noodles)
}

func foreignPayment(t *testing.T, p *portal) string {
	t.Helper()
	return p.paymentOf(noodles)
}

func foreignPaymentFile(t *testing.T, p *portal) string {
	t.Helper()
	return p.paymentFileOf(noodles)
}

func foreignMove(t *testing.T, p *portal) string {
	t.Helper()
	return p.moveOf(tea)
}

func foreignOpening(t *testing.T, p *portal) string {
	t.Helper()
	if p.count("product_openings") == 0 {
		return p.openingOf(noodles)
	}
	return product.Opening{Merchant: noodles, N: 1, AskedAt: p.clock.Now()}.No()
}

// foreignCount is a count that another merchant's member asked for.
func foreignCount(t *testing.T, p *portal) string {
	t.Helper()
	at := p.signedIn(noodlesOwner).post("/funds/flow/counts", "query", "direction=in").is(200).url.Path
	return at[strings.LastIndex(at, "/")+1:]
}

func TestForeignAndUnknownIDsGetTheSameAnswer(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn("p-sumingyue")
	for _, r := range siteMap(false) {
		if !strings.Contains(r.Path, "{") || doorOf(r.Path).platform { // ops_foreign_test.go
			continue
		}
		make, known := foreignIDs[r.Path]
		if !known {
			t.Errorf("%s: say in foreignIDs what is somebody else's there", r.Path)
		}
		if make == nil || strings.HasPrefix(r.Path, "/bind/") { // a full session has no binding to follow
			continue
		}
		theirs := c.do(r.Method, withID(r, make(t, p)), nil)
		unknown := c.do(r.Method, withID(r, uuid.NewString()), nil)
		nonsense := c.do(r.Method, withID(r, "nonsense"), nil)
		for _, a := range []*answer{theirs, unknown, nonsense} {
			if a.status != http.StatusNotFound || a.body != strings.ReplaceAll(unknown.body, unknown.url.Path, a.url.Path) {
				t.Errorf("%s: %d for %s, %d for an unknown id", r.name(), a.status, a.url.Path, unknown.status)
			}
		}
	}
}

func withID(r route, id string) string {
	return pathParam.ReplaceAllString(r.Path, id)
}
