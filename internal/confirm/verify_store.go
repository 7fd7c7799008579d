package confirm

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// problemsMax bounds how many broken rows a check names.
const problemsMax = 20

// crossedSQL finds approvals that their own maker answered, by any path, or that ran without an answer of the
// checker's own, and what always takes two operators and had one.
const crossedSQL = `
	SELECT format('approval %s of merchant %s: %s', p.id, p.merchant_id, CASE
		WHEN c.state = 'done' AND p.checker_id IS NULL THEN 'ran without a second person'
		WHEN p.hash <> c.hash THEN 'its confirmation is not what was approved'
		ELSE 'answered by its maker' END)
	FROM approvals p JOIN confirmations c ON c.merchant_id = p.merchant_id AND c.id = p.id
	WHERE c.state = 'done' AND (p.checker_id IS NULL OR p.hash <> c.hash)
		OR p.checker_id = p.maker_id OR p.checker_openid = p.maker_openid
		OR p.checker_paper <> '' AND p.checker_paper = p.maker_paper
		OR EXISTS (SELECT FROM confirmations k WHERE k.merchant_id = p.merchant_id AND k.id = p.answered_in
			AND (k.account_id <> p.checker_id OR k.state <> 'done'))
	UNION ALL
	SELECT format('%s of confirmation %s ran without a second operator', c.action, c.id)
	FROM confirmations c WHERE c.merchant_id = 0 AND c.state = 'done' AND c.action IN ('opening.set', 'rollout.full')
		AND NOT EXISTS (SELECT FROM approvals p WHERE p.merchant_id = c.merchant_id AND p.id = c.id)
	LIMIT $1`

// Verify looks at every confirmation that ran: its hash is that of its row; and at every approval: nobody
// answered the own one, and none ran without an answer.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	rows, err := q.Query(ctx, "SELECT merchant_id, id, action, params, words, hash FROM confirmations WHERE state = 'done'")
	if err != nil {
		return 0, nil, fmt.Errorf("confirmations: %w", err)
	}
	var c confirmation
	_, err = pgx.ForEachRow(rows, []any{&c.MerchantID, &c.ID, &c.Action, &c.Params, &c.Words, &c.Hash}, func() error {
		if checked++; !c.intact() && len(problems) < problemsMax {
			problems = append(problems, broken(c.MerchantID, c.ID))
		}
		return nil
	})
	if err != nil {
		return checked, nil, fmt.Errorf("confirmations: %w", err)
	}
	rows, err = q.Query(ctx, crossedSQL, problemsMax)
	if err != nil {
		return checked, nil, fmt.Errorf("approvals: %w", err)
	}
	crossed, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return checked, nil, fmt.Errorf("approvals: %w", err)
	}
	return checked, append(problems, crossed...), nil
}

func broken(merchant int64, id uuid.UUID) string {
	return fmt.Sprintf("confirmation %s of merchant %d ran, and its row is not what was confirmed", id, merchant)
}
