package limit

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// pageSize is the one size this page has.
const pageSize = 100

// page is everything the page shows, already as text.
type page struct {
	CSS, JS, Mark, Back          string
	Merchant, MchID, Name, Login string
	Unread, Today                string
	Presets                      []preset
	Count, Total, Refunded, Fee  string
	Rows                         []row
	Shown, Next, Prev            string
	id                           int64
}

type preset struct{ Word, Href string }

// row is one order.
type row struct {
	At, ID, OutTradeNo, Body, Type, Bank, State string
	Total, Refunded, Fee                        string
	time                                        time.Time
}

// read asks three times, as the product does: who it is, the sums, the rows.
func (m *page) read(ctx context.Context, pool *pgxpool.Pool, session []byte, cursor string) error {
	now := clock.Wall()
	if err := m.who(ctx, pool, session, now); err != nil {
		return err
	}
	today := clock.DayOf(now)
	m.Today, m.Presets = today.String(), presets(today, "/trades?")
	from := today.Start().AddDate(-1, 0, 0)
	if err := m.sums(ctx, pool, clock.DayOf(from)); err != nil {
		return err
	}
	return m.rows(ctx, pool, from, cursor)
}

// who finds the session's member.
func (m *page) who(ctx context.Context, pool *pgxpool.Pool, session []byte, now time.Time) error {
	var unread int
	var login string
	err := pool.QueryRow(ctx, `
		SELECT s.merchant_id, a.login, a.name_masked, m.short_name,
			(SELECT count(*) FROM inbox_messages i WHERE i.merchant_id = s.merchant_id AND i.account_id = s.account_id AND i.read_at IS NULL)
		FROM sessions s JOIN login_accounts a ON a.merchant_id = s.merchant_id AND a.id = s.account_id
		JOIN merchants m ON m.merchant_id = s.merchant_id
		WHERE s.id_hash = $1 AND s.expires_at > $2`, session, now).Scan(&m.id, &login, &m.Name, &m.Merchant, &unread)
	m.MchID, m.Unread = strconv.FormatInt(m.id, 10), strconv.Itoa(unread)
	m.Login = login + "@" + m.MchID
	return err
}

func (m *page) sums(ctx context.Context, pool *pgxpool.Pool, from clock.Day) error {
	var count int64
	var total, refunded, fee money.Fen
	err := pool.QueryRow(ctx, `
		SELECT coalesce(sum(orders), 0)::bigint, coalesce(sum(total), 0)::bigint, coalesce(sum(refunded), 0)::bigint, coalesce(sum(fee), 0)::bigint
		FROM trade_days WHERE merchant_id = $1 AND sp_mchid = 0 AND day >= $2::text::date`, m.id, from.String()).
		Scan(&count, &total, &refunded, &fee)
	m.Count, m.Total, m.Refunded, m.Fee = whole(count), total.String(), refunded.String(), fee.String()
	return err
}

// whole writes a number with its thousands apart.
func whole(n int64) string {
	text := money.Fen(n * 100).String()
	return text[:len(text)-3]
}

const (
	firstSQL = `SELECT success_time, transaction_id, out_trade_no, body, trade_type, bank_type, trade_state, total, refunded, fee
		FROM trades WHERE merchant_id = $1 AND success_time >= $2
		ORDER BY success_time DESC, transaction_id DESC LIMIT 101`
	laterSQL = `SELECT success_time, transaction_id, out_trade_no, body, trade_type, bank_type, trade_state, total, refunded, fee
		FROM trades WHERE merchant_id = $1 AND success_time >= $2 AND (success_time, transaction_id) < ($3, $4)
		ORDER BY success_time DESC, transaction_id DESC LIMIT 101`
)

func (m *page) rows(ctx context.Context, pool *pgxpool.Pool, from time.Time, cursor string) error {
	sql, args := firstSQL, []any{m.id, from}
	if cursor != "" {
		at, id, err := parse(cursor)
		if err != nil {
			return err
		}
		sql, args = laterSQL, append(args, at, id)
	}
	rows, err := pool.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	m.Rows = make([]row, 0, pageSize+1)
	for rows.Next() {
		var r row
		var total, refunded, fee money.Fen
		if err := rows.Scan(&r.time, &r.ID, &r.OutTradeNo, &r.Body, &r.Type, &r.Bank, &r.State, &total, &refunded, &fee); err != nil {
			return err
		}
		r.At, r.Total, r.Refunded, r.Fee = clock.Text(r.time), total.String(), refunded.String(), fee.String()
		m.Rows = append(m.Rows, r)
	}
	m.ends(cursor != "")
	return rows.Err()
}

// ends cuts the row that only says that more follow, and sets the links around the page.
func (m *page) ends(later bool) {
	if len(m.Rows) > pageSize {
		m.Rows = m.Rows[:pageSize]
		m.Next = m.link("o", m.Rows[pageSize-1])
	}
	if later && len(m.Rows) > 0 {
		m.Prev = m.link("n", m.Rows[0])
	}
	m.Shown = strconv.Itoa(len(m.Rows))
}

func (m *page) link(direction string, r row) string {
	return "/trades?cursor=" + base64.RawURLEncoding.EncodeToString([]byte(direction+"."+strconv.FormatInt(r.time.UnixMicro(), 10)+"."+
		m.MchID+"."+r.ID)) + "&size=100"
}

func parse(cursor string) (at time.Time, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return at, "", err
	}
	parts := strings.SplitN(string(raw), ".", 4)
	if len(parts) != 4 {
		return at, "", errors.New("not a cursor")
	}
	micros, err := strconv.ParseInt(parts[1], 10, 64)
	return time.UnixMicro(micros), parts[3], err
}
