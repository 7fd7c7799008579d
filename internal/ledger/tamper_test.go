package ledger_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// numberOf is a number of the environment, for longer runs than every day's.
func numberOf(t testing.TB, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s is %q", name, text)
	}
	return n
}

// written fills both merchants' books: three days of which two are closed, two of three moves being income
// of BASIC, the third a refund out of it: the last one too, and the one in the middle. Every move has an entry
// on BASIC, so its place is the move's number.
func written(t testing.TB, d *db.DB, rows int) (last int) {
	t.Helper()
	cast(t, d)
	each := rows / 18 * 6
	for day := range 3 {
		var some []ledger.Transfer
		for i := range each {
			key := fmt.Sprintf("K%d-%d", day, i)
			move := topUp(upgraded, ledger.Basic, key, money.Fen(100+i))
			if i%3 == 2 {
				move = spend(upgraded, ledger.Basic, key, 50, false)
			}
			move.Note, move.VoucherNo = "备注 "+key, "V"+key
			some = append(some, move)
			if i%10 == 0 {
				some = append(some, topUp(legacy, ledger.Available, key, 7))
			}
		}
		postAt(t, d, noon.AddDate(0, 0, day), some...)
	}
	closeDays(t, d, noon.AddDate(0, 0, 2))
	return 3 * each
}

// What somebody does who has every right in the database, but not the platform's key. {m} is the merchant,
// {k} a place in the middle of BASIC, of a closed day, {l} the last one, {n} the one after.
var tamperings = []struct{ name, sql, named string }{
	{"changes an amount", `UPDATE entries SET amount = amount + 1 WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k}: stands at"},
	{"changes a balance", `UPDATE entries SET balance_after = balance_after + 1 WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k}: stands at"},
	{"changes what a line is", `UPDATE entries SET row_type = 'opening' WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k}: not the entry"},
	{"dates an entry back", `UPDATE entries SET booked_at = booked_at - interval '1 hour' WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k} was booked at"},
	{"dates a transfer back", `UPDATE transfers SET booked_at = booked_at - interval '1 day' WHERE merchant_id = {m} AND id = {k};
		UPDATE entries SET booked_at = booked_at - interval '1 day' WHERE merchant_id = {m} AND transfer_id = {k}`, "merchant {m} transfer {k} was booked at"},
	{"changes a hash", `UPDATE entries SET hash = sha256('x') WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k}: not the entry"},
	{"changes the last hash", `UPDATE entries SET hash = sha256('x') WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {l}`, "merchant {m} BASIC seq {l}: not the entry"},
	{"changes a note", `UPDATE transfers SET note = note || '.' WHERE merchant_id = {m} AND id = {k}`, "seq {k}: not the entry"},
	{"changes a number", `UPDATE transfers SET business_no = business_no || '.' WHERE merchant_id = {m} AND id = {k}`, "seq {k}: not the entry"},
	{"changes a voucher", `UPDATE transfers SET voucher_no = '' WHERE merchant_id = {m} AND id = {k}`, "seq {k}: not the entry"},
	{"changes who asked for it", `UPDATE transfers SET applicant = 'nobody' WHERE merchant_id = {m} AND id = {k}`, "seq {k}: not the entry"},
	{"changes a transfer's amount", `UPDATE transfers SET amount = amount + 1 WHERE merchant_id = {m} AND id = {k}`, "merchant {m} transfer {k} moves"},
	{"changes a transfer's places", `UPDATE transfers SET seqs = ARRAY[1, 1] WHERE merchant_id = {m} AND id = {k}`, "seq 1 is claimed by leg"},
	{"deletes an entry", `DELETE FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k} is missing"},
	{"deletes the first entry", `DELETE FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = 1`, "merchant {m} BASIC seq 1 is missing"},
	{"deletes the last entry", `DELETE FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {l}`, "merchant {m} BASIC seq {l} is missing"},
	{"deletes a transfer", `DELETE FROM transfers WHERE merchant_id = {m} AND id = {k}`, "merchant {m} transfer {k} is missing"},
	{"deletes the last transfer", `DELETE FROM transfers WHERE merchant_id = {m} AND id = {l}`, "merchant {m} its books count {l} transfers"},
	{"deletes the last transfer and its entries", `DELETE FROM transfers WHERE merchant_id = {m} AND id = {l}; DELETE FROM entries WHERE merchant_id = {m} AND transfer_id = {l};
		UPDATE books SET transfers = transfers - 1 WHERE merchant_id = {m}`, "merchant {m} BASIC day 2026-11-25 refund: the sums are"},
	{"deletes an entry and moves the later ones up", `DELETE FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k};
		UPDATE entries SET seq = -seq + 1 WHERE merchant_id = {m} AND account = 'BASIC' AND seq > {k};
		UPDATE entries SET seq = -seq WHERE merchant_id = {m} AND account = 'BASIC' AND seq < 0`, "merchant {m} BASIC seq {k} says it is leg"},
	{"adds an entry at the end", `INSERT INTO entries SELECT merchant_id, {n}, transfer_id, amount, balance_after, booked_at, leg, account, row_type, hash
		FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {l}`, "merchant {m} BASIC seq {n} is claimed by no transfer"},
	{"adds an entry in the middle", `UPDATE entries SET seq = -seq - 1 WHERE merchant_id = {m} AND account = 'BASIC' AND seq >= {k};
		UPDATE entries SET seq = -seq WHERE merchant_id = {m} AND account = 'BASIC' AND seq < 0;
		INSERT INTO entries SELECT merchant_id, {k}, transfer_id, amount, balance_after, booked_at, leg, account, row_type, hash
		FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = 1`, "merchant {m} BASIC seq {k} says it is leg 2 of transfer 1"},
	{"adds an entry on an account that had none", `INSERT INTO entries SELECT merchant_id, 1, transfer_id, amount, balance_after, booked_at, leg, 'SUSPENSE', row_type, hash
		FROM entries WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {l}`, "merchant {m} SUSPENSE seq 1 is claimed by no transfer"},
	{"adds a transfer", `INSERT INTO transfers SELECT merchant_id, {n}, amount, booked_at, kind, 'another', business_no, voucher_no, applicant, note, accounts, seqs
		FROM transfers WHERE merchant_id = {m} AND id = {l}`, "seq {l} is claimed by leg"},
	{"books a transfer twice", `INSERT INTO transfers SELECT merchant_id, {n}, amount, booked_at, kind, 'another', business_no, voucher_no, applicant, note, accounts, ARRAY[seqs[1] + 1, seqs[2] + 1]
		FROM transfers WHERE merchant_id = {m} AND id = {l};
		INSERT INTO entries SELECT merchant_id, seq + 1, {n}, amount, balance_after + amount, booked_at, leg, account, row_type, hash
		FROM entries WHERE merchant_id = {m} AND transfer_id = {l}`, "seq {n}: not the entry"},
	{"exchanges two entries", `UPDATE entries SET seq = -seq WHERE merchant_id = {m} AND account = 'BASIC' AND seq IN ({k}, {k} + 1);
		UPDATE entries SET seq = 2 * {k} + 1 + seq WHERE merchant_id = {m} AND account = 'BASIC' AND seq < 0`, "merchant {m} BASIC seq {k} says it is leg"},
	{"exchanges entries of two accounts", `UPDATE entries SET account = 'T_PACKET' WHERE merchant_id = {m} AND account = 'BASIC' AND seq = 5;
		UPDATE entries SET account = 'BASIC' WHERE merchant_id = {m} AND account = 'BANK' AND seq = 5;
		UPDATE entries SET account = 'BANK' WHERE merchant_id = {m} AND account = 'T_PACKET' AND seq = 5`, "merchant {m} BANK seq 5 says it is leg"},
	{"gives an entry to another merchant", `UPDATE entries SET merchant_id = {o} WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {k}`, "merchant {m} BASIC seq {k} is missing"},
	{"gives an entry to nobody", `UPDATE entries SET merchant_id = 9999999999 WHERE merchant_id = {m} AND account = 'BASIC' AND seq = {l}`, "merchant {m} BASIC seq {l} is missing"},
	{"forges a day's sums", `UPDATE account_days SET in_amount = in_amount + 1 WHERE merchant_id = {m} AND account = 'BASIC' AND row_type = 'topup'`, "merchant {m} BASIC day 2026-11-23 topup: the sums are"},
	{"deletes a day's sums", `DELETE FROM account_days WHERE merchant_id = {m} AND account = 'BASIC' AND day = '2026-11-24' AND row_type = 'refund'`, "merchant {m} BASIC day 2026-11-24 refund: the sums are 0"},
	{"adds a day's sums", `INSERT INTO account_days VALUES ({m}, 1, 1, 0, 0, '2026-11-24', 'BASIC', 'opening')`, "merchant {m} BASIC day 2026-11-24 opening: there are sums without entries"},
	{"moves balances from one account to another", `UPDATE accounts SET balance = balance + 1 WHERE merchant_id = {m} AND account = 'BASIC';
		UPDATE accounts SET balance = balance - 1 WHERE merchant_id = {m} AND account = 'BANK'`, "merchant {m} BANK stands at"},
	{"changes where an account stands", `UPDATE accounts SET hash = sha256('x') WHERE merchant_id = {m} AND account = 'BASIC'`, "merchant {m} BASIC does not stand at the hash of its seq {l}"},
	{"takes an account away", `DELETE FROM accounts WHERE merchant_id = {m} AND account = 'BASIC'`, "merchant {m} BASIC is gone"},
	{"adds an account", `INSERT INTO accounts VALUES ({m}, 5, 0, '2026-11-20', 'OPERATION', sha256('x'))`, "merchant {m} OPERATION stands at 0.05"},
	{"takes the books away", `DELETE FROM books WHERE merchant_id = {m}`, "merchant {m} has no books"},
	{"takes the books back", `UPDATE books SET booked_at = booked_at - interval '1 hour' WHERE merchant_id = {m}`, "merchant {m} its books end at"},
	{"opens a closed day again", `UPDATE books SET closed = closed - 1 WHERE merchant_id = {m}`, "a head is signed without entries, or before the day was closed"},
	{"closes a day without a head", `UPDATE books SET closed = closed + 1 WHERE merchant_id = {m}`, "day 2026-11-25 is closed without a signed head"},
	{"takes a head away", `DELETE FROM ledger_heads WHERE merchant_id = {m} AND account = 'BASIC' AND day = '2026-11-23'`, "merchant {m} BASIC day 2026-11-23 is closed without a signed head: seq 1"},
	{"changes a head", `UPDATE ledger_heads SET count = count - 1 WHERE merchant_id = {m} AND account = 'BASIC' AND day = '2026-11-23'`, "merchant {m} BASIC day 2026-11-23: its head is not signed with the key"},
	{"changes a head's balance", `UPDATE ledger_heads SET balance = balance - 1 WHERE merchant_id = {m} AND account = 'BASIC' AND day = '2026-11-23'`, "merchant {m} BASIC day 2026-11-23: its head says"},
	{"puts another day's head in a head's place", `UPDATE ledger_heads h SET first_seq = o.first_seq, previous_hash = o.previous_hash, count = o.count, head = o.head, balance = o.balance,
			signature = o.signature FROM ledger_heads o WHERE h.merchant_id = {m} AND h.account = 'BASIC' AND h.day = '2026-11-23'
			AND o.merchant_id = {m} AND o.account = 'BASIC' AND o.day = '2026-11-24'`, "merchant {m} BASIC day 2026-11-23: its head is not signed with the key"},
	{"adds a head", `INSERT INTO ledger_heads SELECT merchant_id, first_seq, count, balance, signed_at, '2026-11-22', account, key_id, previous_hash, head, signature
		FROM ledger_heads WHERE merchant_id = {m} AND account = 'BASIC' AND day = '2026-11-23'`, "merchant {m} BASIC day 2026-11-22: a head is signed without entries"},
	{"changes the account system", `UPDATE merchants SET account_system = 'legacy' WHERE merchant_id = {m}`, "merchant {m} BASIC stands at"},
	{"empties the entries", `TRUNCATE entries`, "is missing: its transfer claims it"},
	{"empties everything but the heads", `TRUNCATE entries, transfers, account_days; UPDATE accounts SET balance = 0, seq = 0; UPDATE books SET transfers = 0`, "does not stand at the hash of its seq 0"},
}

// fences are what keeps rows from being rewritten; their owner can take them away.
var fences = []string{
	"ALTER TABLE entries DISABLE TRIGGER USER", "ALTER TABLE transfers DISABLE TRIGGER USER", "ALTER TABLE ledger_heads DISABLE TRIGGER USER",
	"ALTER TABLE entries DROP CONSTRAINT entries_seq_check", "ALTER TABLE entries DROP CONSTRAINT entries_check", "ALTER TABLE merchants DISABLE TRIGGER USER",
}

// tampered gives f the books with every fence down; what is done to them is taken back.
func tampered(t *testing.T, owner *db.DB, sql string, f func(d *db.DB)) {
	t.Helper()
	d, end, err := owner.Pin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	for _, fence := range fences {
		exec(t, d, fence)
	}
	for statement := range strings.SplitSeq(sql, ";") {
		exec(t, d, statement)
	}
	f(d)
}

func exec(t *testing.T, d *db.DB, sql string, args ...any) {
	t.Helper()
	if _, err := d.PG().Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestWhateverIsTamperedWithInTheBooksIsNamed(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	owner := dbtest.Owner(t, dsn)
	last := written(t, dbtest.Open(t, dsn), numberOf(t, "ZHANGGUI_LEDGER_ROWS", 180))
	entries := sound(t, owner)
	fill := strings.NewReplacer("{m}", fmt.Sprint(upgraded), "{o}", fmt.Sprint(legacy), "{k}", fmt.Sprint(last/2),
		"{l}", fmt.Sprint(last), "{n}", fmt.Sprint(last+1)).Replace
	for _, c := range tamperings {
		tampered(t, owner, fill(c.sql), func(d *db.DB) {
			if _, problems := verified(t, d); len(problems) == 0 || !strings.Contains(problems[0], fill(c.named)) {
				t.Errorf("somebody %s: %q, want %q first", c.name, problems, fill(c.named))
			}
		})
	}
	if n := sound(t, owner); n != entries {
		t.Errorf("%d entries, before %d", n, entries)
	}
	dbtest.Figure(t, "ways to tamper with the books, each done by a superuser and named", "%d of %d, in books of %d entries", len(tamperings), len(tamperings), entries)
}

func TestTheProgramItselfCannotRewriteTheBooks(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	last := written(t, d, 30)
	for _, table := range []string{"entries", "transfers", "ledger_heads"} {
		for _, sql := range []string{"UPDATE %s SET merchant_id = 1", "DELETE FROM %s", "TRUNCATE %s", "ALTER TABLE %s DISABLE TRIGGER USER"} {
			if _, err := d.PG().Exec(t.Context(), fmt.Sprintf(sql, table)); err == nil {
				t.Errorf("%s was done to %s", sql, table)
			}
		}
	}
	for _, table := range []string{"books", "accounts", "account_days"} {
		if _, err := d.PG().Exec(t.Context(), "DELETE FROM "+table); err == nil {
			t.Errorf("%s was emptied", table)
		}
	}
	if n := sound(t, d); n < int64(2*last) {
		t.Errorf("%d entries", n)
	}
}

// rewrite makes the chain of an account fit what is stored, from a place on: its hashes, balances and where
// the account stands. It is what somebody does who knows the program, but not the key.
func rewrite(t *testing.T, d *db.DB, a ledger.Account, from int64) {
	t.Helper()
	var hash []byte
	var balance money.Fen
	if err := d.PG().QueryRow(t.Context(), "SELECT hash, balance_after FROM entries WHERE merchant_id = $1 AND account = $2 AND seq = $3",
		upgraded, string(a), from-1).Scan(&hash, &balance); err != nil {
		t.Fatal(err)
	}
	rows, err := d.PG().Query(t.Context(), `SELECT e.seq, e.booked_at, t.business_no, '' AS flow, e.row_type, e.amount, e.balance_after, t.applicant, t.note, t.voucher_no
		FROM entries e JOIN transfers t ON t.merchant_id = e.merchant_id AND t.id = e.transfer_id
		WHERE e.merchant_id = $1 AND e.account = $2 AND e.seq >= $3 ORDER BY e.seq`, upgraded, string(a), from)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Line])
	if err != nil {
		t.Fatal(err)
	}
	at := ledger.Hash(hash)
	var batch pgx.Batch
	for _, l := range lines {
		balance += l.Amount
		l.Balance, l.FlowNo = balance, ledger.FlowNo(upgraded, a, clock.DayOf(l.BookedAt), l.Seq)
		at = at.Next(l)
		next := at
		batch.Queue("UPDATE entries SET hash = $4, balance_after = $5 WHERE merchant_id = $1 AND account = $2 AND seq = $3", upgraded, string(a), l.Seq, next[:], balance)
	}
	batch.Queue("UPDATE accounts SET hash = $3, balance = $4 WHERE merchant_id = $1 AND account = $2", upgraded, string(a), at[:], balance)
	if err := d.PG().SendBatch(t.Context(), &batch).Close(); err != nil {
		t.Fatal(err)
	}
}

func TestASignedHeadTellsWhenEverythingElseWasMadeToFit(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	owner := dbtest.Owner(t, dsn)
	last := written(t, dbtest.Open(t, dsn), 90)
	sound(t, owner)
	place := int64(last/2 - last/2%3 + 1) // a move that is income
	forgery := fmt.Sprintf(`UPDATE transfers SET amount = amount + 100 WHERE merchant_id = %[1]d AND id = %[2]d;
		UPDATE entries SET amount = amount + CASE account WHEN 'BASIC' THEN 100 ELSE -100 END WHERE merchant_id = %[1]d AND transfer_id = %[2]d;
		UPDATE account_days SET in_amount = in_amount + 100 WHERE merchant_id = %[1]d AND account = 'BASIC' AND row_type = 'topup' AND day = '2026-11-24'`,
		upgraded, place)
	tampered(t, owner, forgery, func(d *db.DB) {
		var seqs []int64
		if err := d.PG().QueryRow(t.Context(), "SELECT seqs FROM transfers WHERE merchant_id = $1 AND id = $2", upgraded, place).Scan(&seqs); err != nil {
			t.Fatal(err)
		}
		rewrite(t, d, ledger.Bank, seqs[0])
		rewrite(t, d, ledger.Basic, seqs[1])
		_, problems := verified(t, d)
		if len(problems) != 2 || !strings.Contains(problems[0]+problems[1], fmt.Sprintf("merchant %d BASIC day 2026-11-24: seq 31 to 60 are not the entries that were signed", upgraded)) {
			t.Errorf("%q", problems)
		}
	})
	tampered(t, owner, fmt.Sprintf(`DELETE FROM entries WHERE merchant_id = %[1]d AND transfer_id > 58; DELETE FROM transfers WHERE merchant_id = %[1]d AND id > 58;
		UPDATE books SET transfers = 58, booked_at = (SELECT max(booked_at) FROM transfers WHERE merchant_id = %[1]d) WHERE merchant_id = %[1]d;
		UPDATE accounts a SET seq = e.seq, hash = e.hash, balance = e.balance_after
		FROM (SELECT DISTINCT ON (account) * FROM entries WHERE merchant_id = %[1]d ORDER BY account, seq DESC) e
		WHERE a.merchant_id = %[1]d AND a.account = e.account; DELETE FROM account_days WHERE merchant_id = %[1]d AND day > '2026-11-24'`, upgraded), func(d *db.DB) {
		_, problems := verified(t, d)
		if !strings.Contains(strings.Join(problems, "\n"), fmt.Sprintf("merchant %d BASIC day 2026-11-24: 30 entries from seq 31 were signed, there are 28", upgraded)) {
			t.Errorf("%q", problems)
		}
	})
}

func TestHeadsOfAnotherKeyAreNamed(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	written(t, d, 18)
	_, problems, err := ledger.Verifier{DB: d, Keys: keyOf(2)}.Verify(t.Context())
	if err != nil || len(problems) == 0 || !strings.Contains(problems[0], "its head is not signed with the key key-1") {
		t.Errorf("%q, %v", problems, err)
	}
}
