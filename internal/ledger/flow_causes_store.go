package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// CausedMax is how many rows RowsOf reads.
const CausedMax = 200

const readCaused = `
	SELECT ` + flowColumns + ` FROM unnest($2::text[]) AS n (no)
	CROSS JOIN LATERAL (SELECT x.id, x.kind, x.business_no, x.voucher_no, x.applicant, x.note, x.accounts, x.seqs FROM transfers x
		WHERE x.merchant_id = $1 AND right(x.business_no, 6) = right(n.no, 6) AND x.business_no = n.no) t
	CROSS JOIN LATERAL unnest(t.accounts, t.seqs) AS l (account, seq)
	JOIN entries e ON e.merchant_id = $1 AND e.account = l.account AND e.seq = l.seq
	WHERE l.account = ANY ($3) ORDER BY t.id, e.leg LIMIT $4`

// RowsOf lists what business numbers did to the accounts of the scope's own merchant, first booked first: rows
// that bills show and claims, and of a transfer without such a row what it did on its way.
func RowsOf(ctx context.Context, q db.Querier, s access.Scope, numbers []string) ([]FlowRow, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, err
	}
	var names []string
	for _, a := range slices.Concat(shown, Transit(), []Account{Due}) {
		names = append(names, string(a))
	}
	rows, err := q.Query(ctx, readCaused, s.Merchant(), numbers, names, CausedMax)
	if err != nil {
		return nil, fmt.Errorf("rows of %d numbers: %w", len(numbers), err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r FlowRow, err error) {
		r.Merchant = s.Merchant()
		err = row.Scan(r.fields()...)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("rows of %d numbers: %w", len(numbers), err)
	}
	told := map[int64]bool{}
	for i := range all {
		told[all[i].Transfer] = told[all[i].Transfer] || all[i].Account.Shown()
	}
	return slices.DeleteFunc(all, func(r FlowRow) bool {
		return !r.Account.Shown() && r.Account != Due && told[r.Transfer]
	}), nil
}
