package confirm

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// approvalColumns are an approval with its confirmation, its two people, and what the reader $2 is to it.
// Whether the roles fit is told here for lists; who may answer is decided when the answer comes.
const approvalColumns = `
	SELECT p.id, p.action, coalesce(p.amount_fen, 0), m.login || '@' || m.merchant_id, m.name_masked,
		c.state, c.reason, c.reason_args, p.asked_at, c.expires_at, c.ended_at,
		coalesce(k.login || '@' || k.merchant_id, ''), p.answered_at, p.hash, c.words,
		p.maker_id = $2, p.maker_id = $2 AND c.secret <> '', p.maker_id <> $2 AND coalesce(p.always AND $2 = ANY (p.asked) OR mine.roles && r.checkers, false)
	FROM approvals p
	JOIN confirmations c ON c.merchant_id = p.merchant_id AND c.id = p.id
	JOIN login_accounts m ON m.merchant_id = p.merchant_id AND m.id = p.maker_id
	LEFT JOIN login_accounts k ON k.merchant_id = p.merchant_id AND k.id = p.checker_id
	LEFT JOIN approval_rules r ON r.merchant_id = p.merchant_id AND r.action = p.action
	CROSS JOIN (SELECT coalesce(array_agg(role), '{}') AS roles FROM account_roles
		WHERE merchant_id = $1 AND account_id = $2) mine
	WHERE p.merchant_id = $1`

// seen limits approvals to what the reader may see: the own, those one was asked about, may answer now or
// has answered; $3 sees all.
const seen = ` AND ($3 OR p.maker_id = $2 OR p.checker_id = $2 OR $2 = ANY (p.asked) OR coalesce(mine.roles && r.checkers, false))`

func scanApproval(row pgx.CollectableRow) (r ApprovalRow, err error) {
	var hash []byte
	err = row.Scan(&r.ID, &r.Action, &r.Amount, &r.Maker, &r.MakerName, &r.State, &r.code, &r.args, &r.AskedAt, &r.LapsesAt,
		&r.EndedAt, &r.Checker, &r.AnsweredAt, &hash, &r.frozen, &r.Mine, &r.HasSecret, &r.MayAnswer)
	r.Hash = hex.EncodeToString(hash)
	return r, err
}

func listApprovals(ctx context.Context, q db.Querier, s access.Scope, f Filter, now time.Time) ([]ApprovalRow, error) {
	rows, err := q.Query(ctx, approvalColumns+seen+`
		AND (NOT $4 OR c.state = 'approving' AND c.expires_at > $5)
		AND ($6 = '00000000-0000-0000-0000-000000000000'::uuid OR p.id < $6)
		ORDER BY p.id DESC LIMIT $7`,
		s.Merchant(), s.Actor().Account, s.May(access.ApprovalManage), f.Waiting, now, f.Before, f.Limit+1)
	if err != nil {
		return nil, fmt.Errorf("approvals: %w", err)
	}
	return pgx.CollectRows(rows, scanApproval)
}

func seenApproval(ctx context.Context, q db.Querier, s access.Scope, id uuid.UUID) (ApprovalRow, error) {
	rows, err := q.Query(ctx, approvalColumns+seen+" AND p.id = $4",
		s.Merchant(), s.Actor().Account, s.May(access.ApprovalManage), id)
	return oneApproval(rows, err)
}

func oneApproval(rows pgx.Rows, err error) (ApprovalRow, error) {
	if err != nil {
		return ApprovalRow{}, fmt.Errorf("approval: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanApproval)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, fault.ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("approval: %w", err)
	}
	return r, nil
}

// merchantOfApproval finds whose an approval is, by the id in a message's link.
func merchantOfApproval(ctx context.Context, q db.Querier, id uuid.UUID) (merchant int64, err error) {
	err = q.QueryRow(ctx, "SELECT merchant_id FROM approvals WHERE id = $1", id).Scan(&merchant)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("merchant of an approval: %w", err)
	}
	return merchant, nil
}
