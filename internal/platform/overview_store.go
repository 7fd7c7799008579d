package platform

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

const week = 7 * 24 * time.Hour

// readOverview counts, and gives a day of each year that is entered in the calendar.
func readOverview(ctx context.Context, q db.Querier, now time.Time) (v Overview, entered []string, err error) {
	month := (clock.DayOf(now)[:8] + "01").Start()
	err = q.QueryRow(ctx, `
		SELECT m.count, m.suspended, m.month, m.unbound, p.operators, p.requests, j.due, j.dead, j.oldest, l.finished_at, l.ok,
			(SELECT count(*) FROM (SELECT FROM channel_differences WHERE last_at > $3 LIMIT 1000) d),
			(SELECT coalesce(array_agg(d::text), '{}') FROM (SELECT min(day) AS d FROM calendar_days GROUP BY extract(year FROM day)) y)
		FROM (SELECT count(*), count(*) FILTER (WHERE state = 'suspended') AS suspended,
				count(*) FILTER (WHERE opened_at >= $2) AS month,
				count(*) FILTER (WHERE b.account_id IS NULL) AS unbound
			FROM merchants m LEFT JOIN account_roles r ON r.merchant_id = m.merchant_id AND r.role = 'super_admin'
			LEFT JOIN wechat_bindings b ON b.merchant_id = r.merchant_id AND b.account_id = r.account_id
			WHERE m.merchant_id <> 0) m,
			(SELECT count(*) FILTER (WHERE a.state = 'active' AND b.account_id IS NOT NULL) AS operators,
				(SELECT count(*) FROM binding_requests WHERE merchant_id = 0 AND state = 'waiting' AND lapses_at > $1) AS requests
			FROM login_accounts a LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id
			WHERE a.merchant_id = 0) p,
			(SELECT count(*) FILTER (WHERE state = 'open' AND due_at <= $1) AS due, count(*) FILTER (WHERE state = 'dead') AS dead,
				min(due_at) FILTER (WHERE state = 'open' AND due_at <= $1) AS oldest
			FROM jobs WHERE state <> 'done') j
		LEFT JOIN (SELECT finished_at, ok FROM verifications WHERE finished_at IS NOT NULL ORDER BY asked_at DESC, id DESC LIMIT 1) l ON true`,
		now, month, now.Add(-week)).Scan(&v.Merchants, &v.SuspendedNow, &v.OpenedMonth, &v.AdminsUnbound, &v.Operators, &v.Requests,
		&v.JobsDue, &v.JobsDead, &v.OldestDue, &v.VerifiedAt, &v.VerifiedOK, &v.Differences, &entered)
	if err != nil {
		return v, nil, fmt.Errorf("overview: %w", err)
	}
	return v, entered, nil
}
