package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

const (
	insertTransfers = `
		INSERT INTO transfers (merchant_id, id, amount, booked_at, kind, business_key, business_no, voucher_no, applicant, note, accounts, seqs)
		SELECT m, i, a, b, k, y, n, v, p, o, c::text[], s::bigint[]
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[],
			$9::text[], $10::text[], $11::text[], $12::text[]) AS t (m, i, a, b, k, y, n, v, p, o, c, s)`
	insertEntries = `
		INSERT INTO entries (merchant_id, transfer_id, leg, account, seq, amount, balance_after, booked_at, row_type, hash)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
			$8::timestamptz[], $9::text[], $10::bytea[])`
	saveAccounts = `
		INSERT INTO accounts AS a (merchant_id, account, balance, seq, hash, opened_at)
		SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[], $6::timestamptz[])
		ON CONFLICT (merchant_id, account) DO UPDATE SET balance = excluded.balance, seq = excluded.seq, hash = excluded.hash`
	addDays = `
		INSERT INTO account_days AS d (merchant_id, account, day, row_type, ins, in_amount, outs, out_amount)
		SELECT m, a, y::date, r, i, ia, o, oa
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
			AS t (m, a, y, r, i, ia, o, oa)
		ON CONFLICT (merchant_id, account, day, row_type) DO UPDATE SET ins = d.ins + excluded.ins,
			in_amount = d.in_amount + excluded.in_amount, outs = d.outs + excluded.outs, out_amount = d.out_amount + excluded.out_amount`
	saveBooks = `
		UPDATE books b SET transfers = t.n, booked_at = t.at
		FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS t (m, n, at) WHERE b.merchant_id = t.m`
)

// save writes what was booked, in one round trip. All entries enter by one statement, at whose end the
// database checks that every transfer is whole.
func save(ctx context.Context, tx db.Tx, pages map[int64]*page) error {
	var (
		transfers transferRows
		entries   entryRows
		accounts  accountRows
		days      dayRows
		books     bookRows
	)
	for _, m := range slices.Sorted(maps.Keys(pages)) {
		p := pages[m]
		if len(p.booked) == 0 {
			continue
		}
		transfers.add(p)
		entries.add(p)
		accounts.add(p)
		days.add(p)
		books.add(p)
	}
	if len(books.merchants) == 0 {
		return nil
	}
	var batch pgx.Batch
	transfers.queue(&batch)
	entries.queue(&batch)
	accounts.queue(&batch)
	days.queue(&batch)
	books.queue(&batch)
	if err := tx.PG().SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("book transfers: %w", err)
	}
	return nil
}

type transferRows struct {
	merchants, ids, amounts                                                        []int64
	at                                                                             []time.Time
	kinds, keys, businessNos, voucherNos, applicants, notes, accounts, accountSeqs []string
}

func (r *transferRows) add(p *page) {
	for _, b := range p.booked {
		r.merchants, r.ids, r.amounts, r.at = append(r.merchants, p.merchant), append(r.ids, b.id), append(r.amounts, int64(b.amount)), append(r.at, p.at)
		r.kinds, r.keys = append(r.kinds, string(b.Kind)), append(r.keys, b.Key)
		r.businessNos, r.voucherNos = append(r.businessNos, b.BusinessNo), append(r.voucherNos, b.VoucherNo)
		r.applicants, r.notes = append(r.applicants, b.Applicant), append(r.notes, b.Note)
		var accounts, seqs strings.Builder
		accounts.WriteByte('{')
		seqs.WriteByte('{')
		for i, a := range b.accounts {
			if i > 0 {
				accounts.WriteByte(',')
				seqs.WriteByte(',')
			}
			accounts.WriteString(string(a)) // letters, digits, _ and : need no quotes
			seqs.WriteString(strconv.FormatInt(b.seqs[i], 10))
		}
		accounts.WriteByte('}')
		seqs.WriteByte('}')
		r.accounts, r.accountSeqs = append(r.accounts, accounts.String()), append(r.accountSeqs, seqs.String())
	}
}

func (r *transferRows) queue(b *pgx.Batch) {
	b.Queue(insertTransfers, r.merchants, r.ids, r.amounts, r.at, r.kinds, r.keys, r.businessNos, r.voucherNos, r.applicants, r.notes,
		r.accounts, r.accountSeqs)
}

type entryRows struct {
	merchants, transfers, seqs, amounts, balances []int64
	legs                                          []int16
	accounts, rows                                []string
	at                                            []time.Time
	hashes                                        [][]byte
}

func (r *entryRows) add(p *page) {
	for i := range p.entries {
		e := &p.entries[i]
		r.merchants, r.transfers, r.seqs = append(r.merchants, p.merchant), append(r.transfers, e.transfer), append(r.seqs, e.seq)
		r.amounts, r.balances = append(r.amounts, int64(e.amount)), append(r.balances, int64(e.balance))
		r.legs, r.at = append(r.legs, int16(e.leg)), append(r.at, p.at) //nolint:gosec // LegsMax fits
		r.accounts, r.rows, r.hashes = append(r.accounts, string(e.account)), append(r.rows, string(e.row)), append(r.hashes, e.hash[:])
	}
}

func (r *entryRows) queue(b *pgx.Batch) {
	b.Queue(insertEntries, r.merchants, r.transfers, r.legs, r.accounts, r.seqs, r.amounts, r.balances, r.at, r.rows, r.hashes)
}

type accountRows struct {
	merchants, balances, seqs []int64
	accounts                  []string
	hashes                    [][]byte
	at                        []time.Time
}

func (r *accountRows) add(p *page) {
	for _, a := range slices.Sorted(maps.Keys(p.accounts)) {
		if s := p.accounts[a]; s.touched {
			r.merchants, r.accounts, r.balances = append(r.merchants, p.merchant), append(r.accounts, string(a)), append(r.balances, int64(s.balance))
			r.seqs, r.hashes, r.at = append(r.seqs, s.seq), append(r.hashes, s.hash[:]), append(r.at, p.at)
		}
	}
}

func (r *accountRows) queue(b *pgx.Batch) {
	b.Queue(saveAccounts, r.merchants, r.accounts, r.balances, r.seqs, r.hashes, r.at)
}

type dayRows struct {
	merchants, ins, inAmounts, outs, outAmounts []int64
	accounts, days, rows                        []string
}

func (r *dayRows) add(p *page) {
	for k, s := range p.sums {
		r.merchants, r.accounts = append(r.merchants, p.merchant), append(r.accounts, string(k.account))
		r.days, r.rows = append(r.days, string(p.day)), append(r.rows, string(k.row))
		r.ins, r.inAmounts = append(r.ins, s.ins), append(r.inAmounts, int64(s.inAmount))
		r.outs, r.outAmounts = append(r.outs, s.outs), append(r.outAmounts, int64(s.outAmount))
	}
}

func (r *dayRows) queue(b *pgx.Batch) {
	b.Queue(addDays, r.merchants, r.accounts, r.days, r.rows, r.ins, r.inAmounts, r.outs, r.outAmounts)
}

type bookRows struct {
	merchants, transfers []int64
	at                   []time.Time
}

func (r *bookRows) add(p *page) {
	r.merchants, r.transfers, r.at = append(r.merchants, p.merchant), append(r.transfers, p.transfers), append(r.at, p.at)
}

func (r *bookRows) queue(b *pgx.Batch) { b.Queue(saveBooks, r.merchants, r.transfers, r.at) }

// Balances reads how the open accounts of a merchant stand. Inside a transaction that holds the merchant
// nobody moves them meanwhile. Accounts without an entry stand at nothing.
func Balances(ctx context.Context, q db.Querier, merchant int64) (map[Account]money.Fen, error) {
	all, err := BalancesOf(ctx, q, merchant)
	return all[merchant], err
}

// BalancesOf is Balances of several merchants at once.
func BalancesOf(ctx context.Context, q db.Querier, merchants ...int64) (map[int64]map[Account]money.Fen, error) {
	rows, err := q.Query(ctx, "SELECT merchant_id, account, balance FROM accounts WHERE merchant_id = ANY ($1) AND closed_at IS NULL", merchants)
	if err != nil {
		return nil, fmt.Errorf("balances of %v: %w", merchants, err)
	}
	all := make(map[int64]map[Account]money.Fen, len(merchants))
	for _, m := range merchants {
		all[m] = map[Account]money.Fen{}
	}
	var merchant int64
	var account string
	var balance money.Fen
	_, err = pgx.ForEachRow(rows, []any{&merchant, &account, &balance}, func() error { all[merchant][Account(account)] = balance; return nil })
	if err != nil {
		return nil, fmt.Errorf("balances of %v: %w", merchants, err)
	}
	return all, nil
}
