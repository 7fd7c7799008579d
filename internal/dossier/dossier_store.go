package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/merchant"
)

const look = `
	SELECT coalesce(p.short_name, ''), m.profile_changed_at, m.profile_changed_by, m.profile_confirmation,
		CASE WHEN m.payouts_from > $4 THEN m.payouts_from END,
		(SELECT json_build_object('ID', c.id, 'Bank', c.bank, 'Tail', c.account_tail, 'OldTail', c.old_tail, 'State', c.state,
			'AskedBy', c.asked_by, 'AskedAt', c.asked_at, 'Confirmation', c.confirmation, 'CheckNo', c.check_no,
			'Tries', c.tries, 'CheckedAt', c.checked_at, 'Reason', c.reason, 'EndedBy', c.ended_by, 'EndedAt', c.ended_at)
			FROM settlement_card_changes c WHERE c.merchant_id = m.merchant_id ORDER BY c.asked_at DESC, c.id DESC LIMIT 1),
		(SELECT coalesce(json_agg(json_build_object('ID', f.id, 'Action', f.action, 'Approving', f.state = 'approving',
			'Here', f.session_id = $3, 'ExpiresAt', f.expires_at) ORDER BY f.id DESC), '[]')
			FROM confirmations f WHERE f.merchant_id = m.merchant_id AND f.action IN ('` + ProfileAction + `', '` + CardAction + `')
				AND f.expires_at > $4
				AND (f.state IN ('waiting', 'scanned') AND f.account_id = $2 OR f.state = 'approving'))
	FROM merchants m LEFT JOIN merchants p ON p.merchant_id = m.parent_mchid AND m.parent_mchid <> 0
	WHERE m.merchant_id = $1`

// Read looks for the reader's merchant, in one query; session is the reader's own.
func Read(ctx context.Context, q db.Querier, s access.Scope, session uuid.UUID, now time.Time) (View, error) {
	var v View
	var changed *time.Time
	var by string
	var confirmation uuid.NullUUID
	var card, pending json.RawMessage
	err := q.QueryRow(ctx, look, s.Merchant(), s.Actor().Account, session, now).
		Scan(&v.Provider, &changed, &by, &confirmation, &v.Rest, &card, &pending)
	if err != nil {
		return v, fmt.Errorf("dossier of %d: %w", s.Merchant(), err)
	}
	if changed != nil {
		v.Profile = &merchant.ProfileChange{By: by, At: *changed, Confirmation: confirmation.UUID}
	}
	if card != nil {
		if err := json.Unmarshal(card, &v.Card); err != nil {
			return v, fmt.Errorf("card change of %d: %w", s.Merchant(), err)
		}
	}
	if err := json.Unmarshal(pending, &v.Pending); err != nil {
		return v, fmt.Errorf("pending changes of %d: %w", s.Merchant(), err)
	}
	return v, nil
}
