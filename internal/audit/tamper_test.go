package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

// tamperedRows is how many rows the log has that is tampered with; ZHANGGUI_AUDIT_ROWS makes it larger.
func tamperedRows(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ZHANGGUI_AUDIT_ROWS")
	if text == "" {
		return 600
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 600 {
		t.Fatalf("ZHANGGUI_AUDIT_ROWS is %q", text)
	}
	return n
}

// fill writes n rows that wait for their seals, of the merchants in turn.
func fill(t testing.TB, owner *db.DB, merchants []int64, n int) {
	t.Helper()
	for _, m := range merchants {
		if m == 0 {
			continue
		}
		if _, err := owner.PG().Exec(t.Context(), `
			INSERT INTO merchants (merchant_id, kind, legal_name, short_name, settlement_cycle, account_system, settlement_account,
				settlement_account_index, settlement_account_tail, appid, opened_at)
			VALUES ($1, 'direct', 'x', 'x', 'T+1', 'legacy', 'x', 'x', '0123', 'wx', $2)`, m, noon); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := owner.PG().Exec(t.Context(), `
		WITH rows AS (
			INSERT INTO audit_rows (merchant_id, id, at, wall_at, actor, action, object, outcome, address, agent, session, details)
			SELECT ($1::bigint[])[1 + g % cardinality($1::bigint[])], gen_random_uuid(), $2::timestamptz + g * interval '1 minute', $2,
				'staff1@' || g, 'trade.import', 'bill-' || g, 'done', '10.0.0.1', 'Mozilla/5.0', 's-1', jsonb_build_object('rows', g, 'b', 'x y')
			FROM generate_series(0, $3::int - 1) g RETURNING merchant_id, id, at)
		INSERT INTO audit_queue (merchant_id, id, at) SELECT merchant_id, id, at FROM rows ORDER BY at`,
		merchants, noon, n); err != nil {
		t.Fatal(err)
	}
}

// tampering is what somebody does with every right in the database but without the key. %[1]d is the
// merchant, %[2]d a number in the middle of its chain, %[3]d the last one, %[4]d the one after.
var tamperings = []struct {
	name  string
	sql   string
	named string // what the first problem says
}{
	{"rewrites a row", `UPDATE audit_rows SET actor = 'nobody' WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d seq %[2]d: row"},
	{"adds a detail", `UPDATE audit_rows SET details = details || '{"note": 1}' WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d seq %[2]d: row"},
	{"names a confirmation", `UPDATE audit_rows SET confirmation = gen_random_uuid() WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d seq %[2]d: row"},
	{"dates a row back", `UPDATE audit_rows SET at = at - interval '1 year' WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d seq %[2]d: its row"},
	{"gives a row to another merchant", `UPDATE audit_rows SET merchant_id = 0 WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d seq %[2]d: its row"},
	{"deletes the last row", `DELETE FROM audit_rows WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[3]d)`,
		"merchant %[1]d seq %[3]d: its row"},
	{"deletes a row in the middle", `DELETE FROM audit_rows WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d seq %[2]d: its row"},
	{"deletes the last row with its seal", `WITH s AS (DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[3]d RETURNING row_id)
		DELETE FROM audit_rows WHERE id IN (SELECT row_id FROM s)`, "merchant %[1]d seq %[3]d is missing"},
	{"deletes a row in the middle with its seal", `WITH s AS (DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d RETURNING row_id)
		DELETE FROM audit_rows WHERE id IN (SELECT row_id FROM s)`, "merchant %[1]d seq %[2]d is missing"},
	{"deletes the first row with its seal", `WITH s AS (DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq = 1 RETURNING row_id)
		DELETE FROM audit_rows WHERE id IN (SELECT row_id FROM s)`, "merchant %[1]d seq 1 is missing"},
	{"deletes a row and moves the later numbers up", `WITH s AS (DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d RETURNING row_id)
		DELETE FROM audit_rows WHERE id IN (SELECT row_id FROM s);
		UPDATE audit_seals SET seq = -seq + 1 WHERE merchant_id = %[1]d AND seq > %[2]d;
		UPDATE audit_seals SET seq = -seq WHERE merchant_id = %[1]d AND seq < 0`, "merchant %[1]d seq %[2]d: row"},
	{"deletes a merchant's log", `DELETE FROM audit_rows WHERE merchant_id = %[1]d; DELETE FROM audit_seals WHERE merchant_id = %[1]d`,
		"merchant %[1]d seq 1 is missing"},
	{"empties the log", `TRUNCATE audit_rows`, "merchant 0 seq 1: its row"},
	{"empties the log and its seals", `TRUNCATE audit_rows, audit_seals`, "merchant 0 seq 1 is missing"},
	{"reorders two rows", `UPDATE audit_seals SET seq = -seq WHERE merchant_id = %[1]d AND seq IN (%[2]d, %[2]d + 1);
		UPDATE audit_seals SET seq = 2 * %[2]d + 1 + seq WHERE merchant_id = %[1]d AND seq < 0`, "merchant %[1]d seq %[2]d: row"},
	{"rewrites a row and its hash", `UPDATE audit_rows SET actor = 'nobody' WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d);
		UPDATE audit_seals SET hash = sha256(hash) WHERE merchant_id = %[1]d AND seq = %[2]d`, "merchant %[1]d seq %[2]d: row"},
	{"adds a row", `INSERT INTO audit_rows SELECT (jsonb_populate_record(a, '{"id": "00000000-0000-0000-0000-000000000001"}')).*
		FROM audit_rows a WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d)`,
		"merchant %[1]d: row 00000000-0000-0000-0000-000000000001 was never sealed"},
	{"adds a row with a seal", `INSERT INTO audit_rows SELECT (jsonb_populate_record(a, '{"id": "00000000-0000-0000-0000-000000000001"}')).*
		FROM audit_rows a WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d);
		INSERT INTO audit_seals SELECT merchant_id, %[3]d + 1, '00000000-0000-0000-0000-000000000001', row_at, hash, mac
		FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d`, "merchant %[1]d seq %[4]d: row 00000000"},
	{"takes a seal away", `DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d`, "merchant %[1]d seq %[2]d is missing"},
	{"takes a row away before it is sealed", `INSERT INTO audit_queue (merchant_id, id, at) VALUES (%[1]d, '00000000-0000-0000-0000-000000000001', '2026-11-20')`,
		"merchant %[1]d: row 00000000-0000-0000-0000-000000000001 was taken away before"},
	{"stops the sealing of a row", `WITH a AS (INSERT INTO audit_rows SELECT (jsonb_populate_record(a, '{"id": "00000000-0000-0000-0000-000000000001"}')).*
			FROM audit_rows a WHERE id = (SELECT row_id FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[2]d) RETURNING merchant_id, id, at)
		INSERT INTO audit_queue (merchant_id, id, at) SELECT merchant_id, id, at FROM a`,
		"merchant %[1]d: row 00000000-0000-0000-0000-000000000001 waits for its seal"},
	{"takes the newest head away", `DELETE FROM audit_heads WHERE number = (SELECT max(number) FROM audit_heads)`, "merchant 0 seq"},
	{"takes a head in the middle away", `DELETE FROM audit_heads WHERE number = 2`, "audit head 2 is missing"},
	{"puts an older head in the newest's place", `UPDATE audit_heads h SET sealed_at = o.sealed_at, merchants = o.merchants, seqs = o.seqs,
			hashes = o.hashes, hash = o.hash, mac = o.mac
		FROM audit_heads o WHERE o.number = 2 AND h.number = (SELECT max(number) FROM audit_heads)`, "is not the head that was sealed"},
	{"takes one merchant back to an older head", `WITH o AS (SELECT seqs[array_position(merchants, %[1]d)] AS seq FROM audit_heads WHERE number = 2),
			s AS (DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq > (SELECT seq FROM o) RETURNING row_id)
		DELETE FROM audit_rows WHERE id IN (SELECT row_id FROM s)`, "is missing: the chain was sealed up to %[3]d"},
	{"empties the heads", `TRUNCATE audit_heads`, "no signed head tells of it"},
}

// sealedLog is the log of three merchants, sealed up to the last row, in the hands of its owner.
func sealedLog(t *testing.T, rows int) *db.DB {
	t.Helper()
	dsn := dbtest.DSN(t)
	d, owner := dbtest.Open(t, dsn), dbtest.Owner(t, dsn)
	s := sealerOf(t, d)
	merchants := []int64{0, 1000000001, 1000000002}
	fill(t, owner, merchants, rows-6)
	seals(t, s, rows-6)
	for range 2 {
		for _, m := range merchants {
			write(t, d, act(m, 1))
		}
		seals(t, s, 3)
	}
	return owner
}

// chained are the tables whose rows nobody changes.
var chained = []string{"audit_rows", "audit_seals", "audit_heads"}

// tampered runs the statements in a transaction with every fence down, and gives it to f.
func tampered(t *testing.T, owner *db.DB, sql string, f func(d *db.DB)) {
	t.Helper()
	d, end, err := owner.Pin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	for _, table := range chained {
		exec(t, d, "ALTER TABLE "+table+" DISABLE TRIGGER append_only")
	}
	exec(t, d, "ALTER TABLE audit_seals DROP CONSTRAINT audit_seals_seq_check")
	for statement := range strings.SplitSeq(sql, ";") {
		exec(t, d, statement)
	}
	f(d)
}

func TestWhateverIsTamperedWithWithoutTheKeyIsNamed(t *testing.T) {
	t.Parallel()
	rows := tamperedRows(t)
	owner := sealedLog(t, rows)
	sound(t, owner, int64(rows))
	const merchant = 1000000001
	last := rows / 3
	for _, c := range tamperings {
		fill := func(text string) string { return filled(text, merchant, last/2, last) }
		tampered(t, owner, fill(c.sql), func(d *db.DB) {
			_, problems, err := Verifier{Vault: openVault(t, 1)}.Verify(t.Context(), d.PG())
			if err != nil || len(problems) == 0 || !strings.Contains(problems[0], fill(c.named)) {
				t.Errorf("somebody %s: %q, want %q first (%v)", c.name, problems, fill(c.named), err)
			}
		})
	}
	sound(t, owner, int64(rows))
}

func filled(text string, merchant, middle, last int) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return strings.NewReplacer("%[1]d", fmt.Sprint(merchant), "%[2]d", fmt.Sprint(middle), "%[3]d", fmt.Sprint(last), "%[4]d", fmt.Sprint(last+1)).Replace(text)
}

// forge seals a merchant's rows again from a number on, as somebody would who knows the program but
// not its key, and makes all heads fit.
func forge(t *testing.T, d *db.DB, merchant, from int64) {
	t.Helper()
	other := openVault(t, 2)
	all, err := sealsAfter(t.Context(), d.PG(), merchant, from-2, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	at := all[0].link
	rows, err := sealedRows(t.Context(), d.PG(), merchant, all)
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[int64][]byte{}
	for _, s := range all[1:] {
		forged := at.seal(other, rows[s.RowID])
		at = forged.link
		hashes[at.Seq] = at.Hash
		exec(t, d, "UPDATE audit_seals SET hash = $3, mac = $4 WHERE merchant_id = $1 AND seq = $2", merchant, at.Seq, at.Hash, forged.MAC)
	}
	heads, err := headsAfter(t.Context(), d.PG(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var before head
	for _, h := range heads {
		for i, m := range h.Merchants {
			if hash, ok := hashes[h.Seqs[i]]; ok && m == merchant {
				h.Hashes[i] = hash
			}
		}
		h.Hash = h.sum(before.Hash)
		exec(t, d, "UPDATE audit_heads SET hashes = $2, hash = $3 WHERE number = $1", h.Number, h.Hashes, h.Hash)
		before = h
	}
}

func exec(t *testing.T, d *db.DB, sql string, args ...any) {
	t.Helper()
	if _, err := d.PG().Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestARowRewrittenWithAllLaterHashesRecomputedIsNamed(t *testing.T) {
	t.Parallel()
	owner := sealedLog(t, 600)
	const merchant, seq = 1000000001, 77
	rewrite := filled(tamperings[0].sql, merchant, seq, 0)
	tampered(t, owner, rewrite, func(d *db.DB) {
		forge(t, d, merchant, seq)
		_, problems, err := Verifier{Vault: openVault(t, 1)}.Verify(t.Context(), d.PG())
		want := fmt.Sprintf("merchant %d seq %d: the seal of row", merchant, seq)
		if err != nil || !strings.Contains(strings.Join(problems, "\n"), want) || !strings.HasPrefix(problems[0], "audit head 1 was not signed") {
			t.Errorf("%q, %v", problems, err)
		}
		if _, problems, err = (Verifier{}).Verify(t.Context(), d.PG()); err != nil || len(problems) > 0 {
			t.Errorf("the forgery is not whole: %q, %v", problems, err)
		}
	})
}

func TestRowsSealedAgainInPlaceOfOthersAreNamed(t *testing.T) {
	t.Parallel()
	owner := sealedLog(t, 600)
	back := filled(`WITH s AS (DELETE FROM audit_seals WHERE merchant_id = %[1]d AND seq = %[3]d RETURNING row_id)
		DELETE FROM audit_rows WHERE id IN (SELECT row_id FROM s)`, 1000000001, 0, 200)
	tampered(t, owner, back, func(d *db.DB) {
		write(t, d, act(1000000001, 9), act(1000000001, 10))
		seals(t, sealerOf(t, d), 2)
		_, problems, err := Verifier{Vault: openVault(t, 1)}.Verify(t.Context(), d.PG())
		if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0], "merchant 1000000001 seq 200 is not what was sealed there") {
			t.Errorf("%q, %v", problems, err)
		}
	})
}

func TestADatabaseTakenBackAsAWholeIsNamedByWhatTheMachineRemembers(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d, owner := dbtest.Open(t, dsn), dbtest.Owner(t, dsn)
	s := sealerOf(t, d)
	s.Anchor = Anchor(filepath.Join(t.TempDir(), "audit.head"))
	for n := range 3 {
		write(t, d, act(0, n+1))
		seals(t, s, 1)
	}
	verifier := Verifier{Vault: s.Vault, Anchor: s.Anchor}
	if _, problems, err := verifier.Verify(t.Context(), d.PG()); err != nil || len(problems) > 0 {
		t.Fatalf("%q, %v", problems, err)
	}
	tampered(t, owner, `DELETE FROM audit_heads WHERE number = 3; DELETE FROM audit_rows WHERE object = 'bill-000003.csv';
		DELETE FROM audit_seals WHERE seq = 3`, func(d *db.DB) {
		sound(t, d, 2)
		_, problems, err := verifier.Verify(t.Context(), d.PG())
		if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0], "audit head 3 is missing") {
			t.Errorf("%q, %v", problems, err)
		}
		s.DB = d
		write(t, d, act(0, 4), act(0, 5))
		if n, err := s.Seal(t.Context()); n != 2 || err == nil || !strings.Contains(err.Error(), "was taken back behind head 3") {
			t.Errorf("sealed %d, %v", n, err)
		}
		_, problems, err = verifier.Verify(t.Context(), d.PG())
		if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0], "audit head 3 is not the one") {
			t.Errorf("after more rows: %q, %v", problems, err)
		}
	})
}

func TestNobodyRewritesTheLogByMistake(t *testing.T) {
	t.Parallel()
	owner := sealedLog(t, 600)
	program := dbtest.Clone(t)
	for _, table := range chained {
		for _, sql := range []string{"UPDATE %s SET hash = hash", "DELETE FROM %s", "TRUNCATE %s"} {
			sql = fmt.Sprintf(sql, table)
			if table == "audit_rows" {
				sql = strings.Replace(sql, "hash = hash", "actor = actor", 1)
			}
			if _, err := program.PG().Exec(t.Context(), sql); err == nil {
				t.Errorf("the program may %s", sql)
			}
			if _, err := owner.PG().Exec(t.Context(), sql); !strings.HasPrefix(sql, "TRUNCATE") && err == nil {
				t.Errorf("the owner may %s", sql)
			}
		}
	}
}
