package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const (
	readTransfer = `
		SELECT t.id, t.kind, t.business_key, t.amount, t.booked_at, t.business_no, t.voucher_no, t.applicant, t.note,
			e.leg, e.account, e.seq, e.amount, e.balance_after, e.row_type, e.hash
		FROM transfers t CROSS JOIN LATERAL unnest(t.accounts, t.seqs) AS l (account, seq)
		JOIN entries e ON e.merchant_id = t.merchant_id AND e.account = l.account AND e.seq = l.seq
		WHERE t.merchant_id = $1 AND t.booked_at >= $2 AND t.booked_at < $3 AND t.id = `
	byJournal = `$4 ORDER BY e.leg`
	byFlow    = `(SELECT x.transfer_id FROM accounts c CROSS JOIN LATERAL generate_series($4::bigint, c.seq, $6::bigint) AS p (seq)
			JOIN entries x ON x.merchant_id = c.merchant_id AND x.account = c.account AND x.seq = p.seq
			WHERE c.merchant_id = $1 AND c.account = $5 AND x.booked_at >= $2 AND x.booked_at < $3 LIMIT 1) ORDER BY e.leg`
	readRelated = `
		SELECT id, kind, amount, booked_at, accounts, seqs FROM transfers
		WHERE merchant_id = $1 AND right(business_no, 6) = ANY (SELECT right(n, 6) FROM unnest($2::text[]) AS n) AND business_no = ANY ($2)
		ORDER BY id LIMIT $3`
)

// FindTransfer reads the transfer that a flow number or a 记账号 of the scope's own merchant leads to.
// Anything else is not found.
func FindTransfer(ctx context.Context, q db.Querier, s access.Scope, no string) (t BookedTransfer, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return t, err
	}
	p, ok := placeOf(s.Merchant(), no)
	if !ok {
		return t, fault.ErrNotFound
	}
	sql, args := readTransfer+byJournal, []any{s.Merchant(), p.day.Start(), p.day.Next().Start(), p.id}
	if p.account != "" {
		sql, args = readTransfer+byFlow, append(args, string(p.account), int64(flowTail))
	}
	rows, _ := q.Query(ctx, sql, args...) // rows know of an error, too
	if t, err = readBooked(rows, s.Merchant()); err != nil {
		return t, fmt.Errorf("transfer %s: %w", no, err)
	}
	if len(t.Legs) == 0 {
		return t, fault.ErrNotFound
	}
	t.Related, err = FlowsOf(ctx, q, s, t.BusinessNo)
	if t.More = len(t.Related) > RelatedMax; t.More {
		t.Related = t.Related[:RelatedMax]
	}
	return t, err
}

func readBooked(rows pgx.Rows, merchant int64) (t BookedTransfer, err error) {
	t.Merchant = merchant
	var l BookedLeg
	var hash []byte
	fields := []any{&t.ID, (*string)(&t.Kind), &t.Key, (*int64)(&t.Amount), &t.BookedAt, &t.BusinessNo, &t.VoucherNo, &t.Applicant, &t.Note,
		&l.Leg, (*string)(&l.Account), &l.Seq, (*int64)(&l.Amount), (*int64)(&l.Balance), (*string)(&l.Row), &hash}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		l.Hash = Hash(hash)
		l.Merchant, l.BookedAt, l.Transfer, l.Kind = merchant, t.BookedAt, t.ID, t.Kind
		t.Legs = append(t.Legs, l)
		return nil
	})
	return t, err
}

// FlowsOf lists the transfers of business numbers, first booked first: no more than RelatedMax and one.
// An order's page leads from its amounts to them.
func FlowsOf(ctx context.Context, q db.Querier, s access.Scope, businessNos ...string) (all []TransferRef, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, err
	}
	rows, _ := q.Query(ctx, readRelated, s.Merchant(), businessNos, RelatedMax+1)
	var (
		r        TransferRef
		id       int64
		at       time.Time
		accounts []string
		seqs     []int64
	)
	_, err = pgx.ForEachRow(rows, []any{&id, (*string)(&r.Kind), (*int64)(&r.Amount), &at, &accounts, &seqs}, func() error {
		r.No, r.BookedAt = refOf(s.Merchant(), id, at, accounts, seqs), at
		all = append(all, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("transfers of %v: %w", businessNos, err)
	}
	return all, nil
}
