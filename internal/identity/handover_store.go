package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const handoverColumns = `h.merchant_id, h.id, h.from_id, h.to_id, h.keeps, h.asked_at, h.lapses_at, h.state, h.reason, h.answered_at`

func (h *handover) fields() []any {
	return []any{&h.MerchantID, &h.ID, &h.FromID, &h.ToID, &h.Keeps, &h.AskedAt, &h.LapsesAt, &h.State, &h.Reason, &h.AnsweredAt}
}

// insertHandover asks. One waits at a time; one past its time gives way.
func insertHandover(ctx context.Context, tx db.Tx, h handover) error {
	b := &pgx.Batch{}
	b.Queue(`UPDATE handovers SET state = 'lapsed', answered_at = $2
		WHERE merchant_id = $1 AND state = 'waiting' AND lapses_at <= $2`, h.MerchantID, h.AskedAt)
	if err := tx.PG().SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("lapse handovers: %w", err)
	}
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO handovers (merchant_id, id, from_id, to_id, keeps, asked_at, lapses_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		h.MerchantID, h.ID, h.FromID, h.ToID, h.Keeps, h.AskedAt, h.LapsesAt)
	if err != nil {
		return fmt.Errorf("ask for handover: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrHandoverWaiting
	}
	return nil
}

// handoverFor finds whose a handover is, for the WeChat of its receiver.
func handoverFor(ctx context.Context, q db.Querier, id uuid.UUID, openid string) (merchant int64, err error) {
	err = q.QueryRow(ctx, `
		SELECT h.merchant_id FROM handovers h
		JOIN wechat_bindings b ON b.merchant_id = h.merchant_id AND b.account_id = h.to_id
		WHERE h.id = $1 AND b.openid = $2`, id, openid).Scan(&merchant)
	return merchant, noRows(err, fault.ErrNotFound, "handover")
}

func lockHandover(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (h handover, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT "+handoverColumns+" FROM handovers h WHERE merchant_id = $1 AND id = $2 FOR UPDATE",
		merchant, id).Scan(h.fields()...)
	return h, noRows(err, fault.ErrNotFound, "handover")
}

// waitingHandover finds the one that waits in a merchant; false where none does.
func waitingHandover(ctx context.Context, q db.Querier, merchant int64, now time.Time) (h handover, found bool, err error) {
	err = q.QueryRow(ctx, "SELECT "+handoverColumns+` FROM handovers h
		WHERE merchant_id = $1 AND state = 'waiting' AND lapses_at > $2`, merchant, now).Scan(h.fields()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, false, nil
	}
	return h, err == nil, noRows(err, nil, "handover")
}

func saveHandover(ctx context.Context, tx db.Tx, h handover) error {
	tag, err := tx.PG().Exec(ctx, `UPDATE handovers SET state = $3, reason = $4, answered_at = $5
		WHERE merchant_id = $1 AND id = $2 AND state = 'waiting'`, h.MerchantID, h.ID, h.State, h.Reason, h.AnsweredAt)
	if err != nil {
		return fmt.Errorf("answer handover: %w", err)
	}
	if tag.RowsAffected() != 1 {
		return ErrHandoverEnded
	}
	return nil
}

// passSuperAdmin moves the role, both sides in one transaction: at its end there is one super admin, as
// there was before.
func passSuperAdmin(ctx context.Context, tx db.Tx, h handover) error {
	if err := takeRoles(ctx, tx, h.MerchantID, h.ToID); err != nil {
		return err
	}
	if err := replaceRoles(ctx, tx, h.MerchantID, h.FromID, h.Keeps); err != nil {
		return err
	}
	return giveRoles(ctx, tx, h.MerchantID, h.ToID, []access.Role{access.SuperAdmin})
}

// memberBoard reads what waits for the super admin of a merchant, and the merchant's own roles.
func memberBoard(ctx context.Context, q db.Querier, merchant int64, now time.Time) (b MemberBoard, err error) {
	var h *boardHandover
	err = q.QueryRow(ctx, `
		SELECT (SELECT coalesce(json_agg(json_build_object('name', a.login, 'name_masked', a.name_masked, 'asked_at', w.asked_at,
					'lapses_at', w.lapses_at, 'roles', ARRAY(SELECT role FROM account_roles r
						WHERE r.merchant_id = a.merchant_id AND r.account_id = a.id)) ORDER BY w.asked_at), '[]')
				FROM binding_requests w JOIN login_accounts a ON a.merchant_id = w.merchant_id AND a.id = w.account_id
				WHERE w.merchant_id = m.merchant_id AND w.state = 'waiting' AND w.lapses_at > $2),
			(SELECT coalesce(json_agg(json_build_object('code', c.code, 'name', c.name, 'permissions', c.permissions) ORDER BY c.name), '[]')
				FROM roles c WHERE c.merchant_id = m.merchant_id),
			(SELECT json_build_object('id', h.id, 'from', f.login, 'from_name', f.name_masked, 'to', t.login, 'to_name', t.name_masked,
					'keeps', h.keeps, 'asked_at', h.asked_at, 'lapses_at', h.lapses_at) FROM handovers h
				JOIN login_accounts f ON f.merchant_id = h.merchant_id AND f.id = h.from_id
				JOIN login_accounts t ON t.merchant_id = h.merchant_id AND t.id = h.to_id
				WHERE h.merchant_id = m.merchant_id AND h.state = 'waiting' AND h.lapses_at > $2)
		FROM merchants m WHERE m.merchant_id = $1`, merchant, now).Scan(&b.Bindings, &b.Custom, &h)
	if err != nil {
		return b, noRows(err, fault.ErrNotFound, "what waits")
	}
	if h != nil {
		b.Handover = &Handover{ID: h.ID, State: HandoverWaiting, Mchid: merchant, FromLogin: fullLogin(h.From, merchant), FromName: h.FromName,
			ToLogin: fullLogin(h.To, merchant), ToName: h.ToName, Keeps: h.Keeps, Custom: b.Custom, AskedAt: h.AskedAt, LapsesAt: h.LapsesAt}
	}
	return b, nil
}

// boardHandover is a waiting handover as the query writes it.
type boardHandover struct {
	ID       uuid.UUID     `json:"id"`
	From     string        `json:"from"`
	FromName string        `json:"from_name"`
	To       string        `json:"to"`
	ToName   string        `json:"to_name"`
	Keeps    []access.Role `json:"keeps"`
	AskedAt  time.Time     `json:"asked_at"`
	LapsesAt time.Time     `json:"lapses_at"`
}

// WaitingBinding is an employee's WeChat that waits for the super admin's answer.
type WaitingBinding struct {
	Name       string        `json:"name"` // of the login, without @mchid
	NameMasked string        `json:"name_masked"`
	Roles      []access.Role `json:"roles"`
	AskedAt    time.Time     `json:"asked_at"`
	LapsesAt   time.Time     `json:"lapses_at"`
}
