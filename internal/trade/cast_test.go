package trade_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/trade"
	"zhanggui/internal/vault"
)

// The merchants of the sample bills.
const (
	noodles  = 1900000109
	store    = 1900000208
	gym      = 1900000307
	provider = 1230000001
	tea      = 1230000101
	books    = 1230000102
	corner   = 1230000103
)

// evening is when the tests import.
var evening = time.Date(2026, 11, 22, 20, 0, 0, 0, clock.Beijing)

// cast opens the merchants, all of the legacy system.
func cast(t testing.TB, d *db.DB) {
	t.Helper()
	castOn(t, d, merchant.Legacy)
}

func castOn(t testing.TB, d *db.DB, system merchant.System) {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		for id, parent := range map[int64]int64{noodles: 0, store: 0, gym: 0, provider: 0, tea: provider, books: provider, corner: provider} {
			n := merchant.New{ID: id, Kind: merchant.Direct, Parent: parent, LegalName: "商户", ShortName: "商户",
				Cycle: merchant.T1, System: system, FeeRate: 60, SettlementAccount: "6222000000001234", AppID: "wx1"}
			if parent != 0 {
				n.Kind = merchant.SubMerchant
			} else if id == provider {
				n.Kind = merchant.ServiceProvider
			}
			if err := merchant.Create(t.Context(), tx, v, n, evening); err != nil {
				return err
			}
			if err := ledger.OpenBooks(t.Context(), tx, id, n.System, evening); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// member is the scope of a merchant's super admin.
func member(id int64) access.Scope {
	return access.Member(access.Seat{Merchant: id, Provider: id == provider, Account: uuid.MustParse("01900000-0000-7000-8000-000000000001"),
		Name: "laoban@1900000109", Roles: []access.Role{access.SuperAdmin}})
}

func deps(d *db.DB) trade.Deps { return trade.Deps{DB: d, Clock: clock.At(evening)} }

// sample reads one of the sample bills; names are shortened to merchant and day.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata/bills", "tradebill-"+name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// imported imports a file that must be accepted.
func imported(t testing.TB, d *db.DB, id int64, raw []byte) trade.Report {
	t.Helper()
	i, err := importFile(t.Context(), d, id, raw)
	if err != nil {
		t.Fatalf("import for %d: %v %v", id, err, i.Report.Faults)
	}
	return i.Report
}

func importFile(ctx context.Context, d *db.DB, id int64, raw []byte) (trade.Import, error) {
	return trade.ImportFile(ctx, deps(d), member(id), trade.File{Name: "bill.csv", Size: int64(len(raw)), Body: bytes.NewReader(raw)}, nil)
}

// dump is everything the books hold of orders, refunds and days, without what names the import.
func dump(t testing.TB, d *db.DB) string {
	t.Helper()
	var all string
	err := d.PG().QueryRow(t.Context(), `
		SELECT coalesce((SELECT string_agg((to_jsonb(t) - '{import_id,recorded_at,due_at,charged,given_back,taken_back}'::text[])::text, E'\n' ORDER BY merchant_id, transaction_id) FROM trades t), '') ||
			E'\n' || coalesce((SELECT string_agg((to_jsonb(r) - '{import_id,recorded_at,source,fee_taken}'::text[])::text, E'\n' ORDER BY merchant_id, refund_id) FROM bill_refunds r), '') ||
			E'\n' || coalesce((SELECT string_agg(to_jsonb(y)::text, E'\n' ORDER BY merchant_id, sp_mchid, day) FROM trade_days y
				WHERE orders + total + refunded + paid_count + refund_count > 0), '')`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sound checks what must hold in any books.
func sound(t testing.TB, d *db.DB) {
	t.Helper()
	if _, problems, err := trade.Verify(t.Context(), d.PG()); err != nil || len(problems) > 0 {
		t.Errorf("the books do not hold: %v %v", problems, err)
	}
}

// count counts rows.
func count(t testing.TB, d *db.DB, sql string, args ...any) (n int64) {
	t.Helper()
	if err := d.PG().QueryRow(t.Context(), "SELECT count(*) FROM "+sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// faultsOf are the codes and lines a refused import names.
func faultsOf(i trade.Import) (codes []string) {
	for _, f := range i.Report.Faults {
		codes = append(codes, f.Code+"@"+f.Args["Line"])
	}
	return codes
}
