package trade

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"

	"github.com/jackc/pgx/v5"
)

func TestPlans(t *testing.T) {
	dsn := dbtest.DSN(t)
	d := dbtest.Open(t, dsn)
	o := dbtest.Owner(t, dsn)
	for _, sql := range []string{`INSERT INTO merchants (merchant_id, kind, parent_mchid, legal_name, short_name, settlement_cycle, account_system, settlement_account, settlement_account_index, settlement_account_tail, appid, opened_at) SELECT 1230000000+g, CASE WHEN g=1 THEN 'service_provider' ELSE 'sub_merchant' END, CASE WHEN g=1 THEN 0 ELSE 1230000001 END, 'x','x','T+1','legacy','x','x','1234','wx',now() FROM generate_series(1,500) g`,
		`INSERT INTO trades (merchant_id, sp_mchid, total, settlement_total, coupon, fee, success_time, recorded_at, import_id, rate, source, transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid, device, rate_note, body, attach)
		SELECT 1900000208, 0, g%50000, g%50000, 0, 0, '2026-11-22'::timestamptz - g * interval '30 second', now(), gen_random_uuid(), 60, 'bill', '4200' || lpad((g::bigint*7919%1000003)::text, 24, '0'), 'A' || lpad(g::text, 20, '0'), 'JSAPI', CASE WHEN g%5000=0 THEN 'REVOKED' ELSE 'SUCCESS' END, '','','','','','','' FROM generate_series(1,1000000) g`,
		`INSERT INTO trades (merchant_id, sp_mchid, total, settlement_total, coupon, fee, success_time, recorded_at, import_id, rate, source, transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid, device, rate_note, body, attach)
		SELECT 1230000002+g%499, 1230000001, g%50000, g%50000, 0, 0, '2026-11-22'::timestamptz - g * interval '30 second', now(), gen_random_uuid(), 60, 'bill', '4201' || lpad((g::bigint*7919%1000003)::text, 24, '0'), 'A' || lpad(g::text, 20, '0'), 'JSAPI', CASE WHEN g%5000=0 THEN 'REVOKED' ELSE 'SUCCESS' END, '','','','','','','' FROM generate_series(1,500000) g`,
		`ANALYZE trades`, `ANALYZE merchants`} {
		if _, err := o.PG().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []access.Scope{access.Member(access.Seat{Merchant: 1900000208, Roles: []access.Role{access.ReadOnly}}), access.Member(access.Seat{Merchant: 1230000001, Provider: true, Roles: []access.Role{access.ReadOnly}})} {
		for _, q := range []string{"", "no=123456", "no=4200000000000000000000123456", "trade_state=REVOKED", "trade_state=NONE", "min=100&max=101", "from=2026-11-20&to=2026-11-20", "sub_mchid=1230000009", "no=A1"} {
			v, _ := url.ParseQuery(q)
			f, err := ParseFilter(v, clock.Day("2026-11-22"))
			if err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				b := time.Now()
				rows, next, _, err := List(t.Context(), d.PG(), s, f, Page{Size: 50})
				l := time.Since(b)
				b = time.Now()
				tot, err2 := Sum(t.Context(), d.PG(), s, f)
				if i == 1 {
					t.Log(s.Merchant(), q, len(rows), next != "", err, l, "sum", time.Since(b), tot.Count, err2)
				}
			}
		}
		b := time.Now()
		hits, err := Find(t.Context(), d.PG(), s, "123456")
		t.Log("find", len(hits), err, time.Since(b))
		Get(t.Context(), d.PG(), s, "A00000000000000123456")
		b = time.Now()
		_, err = Get(t.Context(), d.PG(), s, "A00000000000000123456")
		t.Log("get", err, time.Since(b))
		if true {
			c := filtered(s, Filter{State: "REVOKED"})
			rows, _ := d.PG().Query(t.Context(), "explain "+selectRows(s)+c.String()+newestFirst, c.args...)
			x, _ := pgx.CollectRows(rows, pgx.RowTo[string])
			t.Log(strings.Join(x, "\n"))
		}
	}
}
