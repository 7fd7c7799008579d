package web

import (
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/ledger"
	"zhanggui/internal/operations"
	"zhanggui/internal/product"
	"zhanggui/internal/topup"
	"zhanggui/internal/withdrawal"
)

// thing is one merchant's: an id for each kind of thing that a route can name. Routes are told apart by
// how their path begins.
type thing map[string]string

// nobodys are ids that exist nowhere.
var nobodys = thing{"": "0193a0a0-0000-7000-8000-000000000000", "/trades/{no}": "4200000000000000000000000000",
	"/funds/flow/":      "1900000208202001011030000099",
	"/account/members/": "nobody99", "/account/roles/": "r99999999", "/m/t/": strings.Repeat("A", 43), "/m/c/": strings.Repeat("A", 43),
	"/account/approvals/rules/": "no.such", "/ops/merchants/": "1999999999", "/ops/operators/": "nobody99",
	"/funds/settlements/": "2020-01-01", "/funds/transfers/{no}": "1900000208202001012400000099", "/funds/flow/counts/": "0193a0a0-0000-7000-8000-000000000000"}

// in puts the id that the path asks for into it; what the merchant has none of, nobody has.
func (t thing) in(path string) string {
	best, id := "", nobodys[""]
	for _, ids := range []thing{nobodys, t} {
		for begin, known := range ids {
			if len(begin) >= len(best) && strings.HasPrefix(path, begin) {
				best, id = begin, known
			}
		}
	}
	return pathParam.ReplaceAllString(path, id)
}

// thingsOf makes one of everything for a merchant, at the desktop of its owner.
func (p *portal) thingsOf(merchant int64, c *client, owner string) thing {
	p.t.Helper()
	ctx, name := p.t.Context(), decimal(int(merchant))
	i := p.takes(merchant, name+"-2026-11-20")
	made := thing{"/trades/imports/": i.ID.String()}
	made["/trades/{no}"] = p.text("SELECT transaction_id FROM trades WHERE merchant_id = $1 LIMIT 1", merchant)
	own := ledger.Basic
	if merchant == noodles {
		own = ledger.Available
	}
	made["/funds/flow/"] = ledger.FlowNo(merchant, own, clock.DayOf(p.topsUp(merchant, own, 100, "own").BookedAt), p.seq(merchant, own))
	c.post("/funds/flow/counts", "query", "direction=in").is(200)
	made["/funds/flow/counts/"] = p.text("SELECT id::text FROM flow_counts WHERE merchant_id = $1 LIMIT 1", merchant)
	c.post("/views", "list", "trades", "name", "我的", "query", "trade_state=SUCCESS").is(200)
	made["/views/"] = p.text("SELECT id::text FROM saved_views WHERE merchant_id = $1 LIMIT 1", merchant)
	p.tells(merchant, access.SuperAdmin, inbox.Security, "binding_done", map[string]string{"Login": "x", "Time": "x"}, "")
	made["/funds/settlements/"] = p.lineOf(merchant)
	made["/inbox/"] = p.text("SELECT id::text FROM inbox_messages WHERE merchant_id = $1 LIMIT 1", merchant)
	made["/account/sessions/"] = p.text("SELECT handle::text FROM sessions WHERE merchant_id = $1 LIMIT 1", merchant)
	made["/funds/top-ups/"] = p.topUpOf(merchant)
	made["/funds/withdrawals/"] = p.withdrawalOf(merchant, own)
	made["/products/agreements/"] = p.openingOf(merchant)
	made["/marketing/transfers/{no}"], made["/marketing/transfers/batch/"] = p.paymentOf(merchant), p.paymentFileOf(merchant)
	if merchant != noodles { // nothing moves on the legacy account system
		made["/funds/transfers/{no}"] = p.moveOf(merchant)
	}
	made["/account/audit/"] = p.text("SELECT id::text FROM audit_rows WHERE merchant_id = $1 LIMIT 1", merchant)
	must(p.t, p.db.InTx(ctx, func(tx db.Tx) error {
		_, _, err := p.gate.CreateAccount(ctx, tx, identity.NewAccount{Merchant: merchant, Login: "own" + name[6:], Mobile: "13800001234",
			Person: identity.Person{Name: "某人", IDType: identity.Passport, IDNumber: "E" + name}, Roles: []access.Role{access.Service}, Actor: access.System})
		return err
	}))
	made["/account/members/"] = "own" + name[6:]
	made["/account/roles/"] = string(p.ownRole(merchant, "自定"+name, access.TradeRead))
	made["/account/handover/"] = p.handoverOf(merchant)
	made["/m/handover/"] = made["/account/handover/"]
	made["/account/merchant/card/"] = p.cardChangeOf(c, owner)
	p.needsFinance(c, owner)
	made["/account/approvals/"] = p.waiting(c, owner)
	made["/m/approvals/"] = made["/account/approvals/"]
	made["/confirmations/"] = idOf(p.asking(c, "好店"+name))
	made["/m/permissions/"] = p.askedOf(merchant)
	made["/m/bindings/"] = p.bindingOf(merchant)
	return made
}

func (p *portal) text(query string, args ...any) (text string) {
	p.t.Helper()
	must(p.t, p.db.PG().QueryRow(p.t.Context(), query, args...).Scan(&text))
	return text
}

// lineOf is a line of a legacy merchant that came back from its bank, on a day of the merchant's own.
func (p *portal) lineOf(merchant int64) string {
	p.t.Helper()
	day := clock.Day("2025-01-01").Add(int(merchant % 300)).String()
	_, err := p.db.PG().Exec(p.t.Context(), `
		WITH line AS (INSERT INTO settlement_lines (merchant_id, day, system, state, count, gross, fee, net, begun_at, cut_at, cut_day, pay_day, batch_no, bank_no)
			VALUES ($1, $2::text::date, 'legacy', 'failed', 3, 1000, 6, 994, $3, $3, $2::text::date, $2::text::date, 'B1', 'S0000001'))
		INSERT INTO bank_payments (merchant_id, number, batch_no, kind, day, amount, try, state, bank, tail, account, memo, reason, made_at, sent_at, ended_at)
		VALUES ($1, 'S0000001', 'B1', 'settlement', $2::text::date, 994, 1, 'failed', '招商银行', '0123', '\x01', '货款结算', '账户已销户', $3, $3, $3)`,
		merchant, day, p.clock.Now())
	must(p.t, err)
	return day
}

// withdrawalOf is one that waits to be handed in.
func (p *portal) withdrawalOf(merchant int64, from ledger.Account) (no string) {
	p.t.Helper()
	p.topsUp(merchant, from, 100_000_000, "withdrawn") // whatever the merchant owes is taken from it first
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		w, err := p.withdrawals().Accept(p.t.Context(), tx, withdrawal.Ask{Params: withdrawal.Params{Account: from, Amount: 100},
			Scope: access.Job(merchant, access.System), Kind: withdrawal.Manual})
		no = w.No()
		return err
	}))
	return no
}

// ownRole makes a role of a merchant's own.
func (p *portal) ownRole(merchant int64, name string, all ...access.Permission) (code access.Role) {
	p.t.Helper()
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		c, err := access.CreateRole(p.t.Context(), tx, access.Job(merchant, access.System), access.RoleDraft{Name: name, Permissions: all}, p.clock.Now())
		code = c.Code
		return err
	}))
	return code
}

// handoverOf is one that waits for the merchant's first clerk.
func (p *portal) handoverOf(merchant int64) string {
	p.t.Helper()
	id := db.NewID()
	_, err := p.db.PG().Exec(p.t.Context(), `
		INSERT INTO handovers (merchant_id, id, from_id, to_id, keeps, asked_at, lapses_at)
		SELECT $1, $2, f.id, t.id, '{readonly}', $3::timestamptz, $3::timestamptz + interval '1 day' FROM login_accounts f, login_accounts t
		WHERE f.merchant_id = $1 AND f.login = 'admin01' AND t.merchant_id = $1 AND t.login = 'kefu01'`, merchant, id, p.clock.Now())
	must(p.t, err)
	return id.String()
}

// askedOf is a permission that the merchant's first clerk asked for.
func (p *portal) askedOf(merchant int64) string {
	p.t.Helper()
	id := db.NewID()
	_, err := p.db.PG().Exec(p.t.Context(), `
		INSERT INTO permission_requests (merchant_id, id, account_id, permission, day, asked_at)
		SELECT $1, $2, id, 'trade.import', '2026-11-22', $3 FROM login_accounts WHERE merchant_id = $1 AND login = 'kefu01'`,
		merchant, id, p.clock.Now())
	must(p.t, err)
	return id.String()
}

// bindingOf is an employee's WeChat that waits for the merchant's super admin.
func (p *portal) bindingOf(merchant int64) string {
	p.t.Helper()
	id := db.NewID()
	_, err := p.db.PG().Exec(p.t.Context(), `
		INSERT INTO binding_requests (merchant_id, id, account_id, openid, compared, consent, consented_at, asked_at, lapses_at)
		SELECT $1, $2::uuid, id, 'o-' || $2::uuid::text, repeat('x', 48)::bytea, '2026-11', $3::timestamptz, $3::timestamptz, $3::timestamptz + interval '1 day'
		FROM login_accounts WHERE merchant_id = $1 AND login LIKE 'own%'`, merchant, id, p.clock.Now())
	must(p.t, err)
	return id.String()
}

// cardChangeOf is a settlement card's change that the owner asked for.
func (p *portal) cardChangeOf(c *client, owner string) string {
	p.t.Helper()
	form := c.get("/account/merchant/card").is(200)
	asked := c.submit(form, "bank", "中国银行深圳分行", "account", "6213001234567894321", "account_again", "6213001234567894321").is(200)
	p.confirmedBy(owner, asked).is(200).reads("h1", "已确认并执行")
	page := c.get("/account/merchant").is(200)
	for _, f := range find(page.doc, "form") {
		if at := attr(f, "action"); strings.HasSuffix(at, "/cancellation") {
			return strings.TrimSuffix(strings.TrimPrefix(at, "/account/merchant/card/"), "/cancellation")
		}
	}
	p.t.Fatal("the change cannot be cancelled")
	return uuid.Nil.String()
}

// seq is how many entries an account has.
func (p *portal) seq(merchant int64, a ledger.Account) (n int64) {
	p.t.Helper()
	must(p.t, p.db.PG().QueryRow(p.t.Context(), "SELECT seq FROM accounts WHERE merchant_id = $1 AND account = $2", merchant, string(a)).Scan(&n))
	return n
}

// topUpOf is money that the merchant's bank sent.
func (p *portal) topUpOf(merchant int64) string {
	p.t.Helper()
	transfer := must1(p.fromBank(p.t.Context(), merchant, p.text("SELECT account FROM accounts WHERE merchant_id = $1 AND account IN ('BASIC', 'AVAILABLE')", merchant), 100))
	return must1(topup.OfTransfer(p.t.Context(), p.db.PG(), merchant, transfer)).No()
}

// openingOf is the operations account that the merchant asked for and operators look at.
func (p *portal) openingOf(merchant int64) string {
	p.t.Helper()
	d := operations.Product()
	o := product.Opening{Merchant: merchant, N: 1, AskedAt: p.clock.Now()}
	_, err := p.db.PG().Exec(p.t.Context(), `
		INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, version, agreement, hash)
		VALUES ($1, 1, $2, 'reviewing', 'admin01', $3, $4, $5, $6)`, merchant, d.Code, o.AskedAt, d.Agreement.Version, d.Agreement.Text, d.Agreement.Hash())
	must(p.t, err)
	return o.No()
}

// moveOf is a cent that the merchant moved to its operations account.
func (p *portal) moveOf(merchant int64) (no string) {
	p.t.Helper()
	p.topsUp(merchant, ledger.Basic, 100_000_000, db.NewID().String()) // whatever the merchant owes is taken from it first
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		if err := ledger.OpenAccount(p.t.Context(), tx, merchant, ledger.Operation, p.clock.Now()); err != nil {
			return err
		}
		m, err := operations.Do(p.t.Context(), tx, access.Job(merchant, access.System), operations.Params{Direction: operations.ToOperation, Amount: 1}, db.NewID(), p.clock.Now())
		no = m.No()
		return err
	}))
	return no
}
