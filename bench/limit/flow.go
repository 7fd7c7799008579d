package limit

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// flowPage is the fund flow of BASIC, already as text.
type flowPage struct {
	page
	Query, Set, Seconds            string
	From, To, Direction, Type, Min string
	Count, Ins, In, Outs, Out      string
	Opening, Closing               string
	Capped                         bool
	Lines                          []line
}

// line is one row of the books.
type line struct {
	At, No, BusinessNo, VoucherNo, Type, Amount, Balance, Applicant, Note string

	In   bool
	time time.Time
	seq  int64
}

const (
	flowColumns = `SELECT e.seq, e.booked_at, e.row_type, e.amount, e.balance_after, t.business_no, t.voucher_no, t.applicant, t.note
		FROM (SELECT * FROM entries WHERE merchant_id = $1 AND account = 'BASIC'`
	flowOrder = ` ORDER BY booked_at DESC, seq DESC LIMIT 101) e JOIN transfers t ON t.merchant_id = $1 AND t.id = e.transfer_id
		ORDER BY e.booked_at DESC, e.seq DESC`
	sumDays = `SELECT sum(ins)::bigint, sum(in_amount)::bigint, sum(outs)::bigint, sum(out_amount)::bigint,
		coalesce((SELECT balance_after FROM entries WHERE merchant_id = $1 AND account = 'BASIC' AND booked_at < $2
			ORDER BY booked_at DESC, seq DESC LIMIT 1), 0),
		(SELECT balance FROM accounts WHERE merchant_id = $1 AND account = 'BASIC')
		FROM account_days WHERE merchant_id = $1 AND account = 'BASIC' AND day >= $3::text::date`
	sumRows = `SELECT count(*) FILTER (WHERE amount > 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint,
		count(*) FILTER (WHERE amount < 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint, 0::bigint, 0::bigint
		FROM (SELECT amount FROM entries WHERE merchant_id = $1 AND account = 'BASIC'`
	sumMax = 10_000
)

// read asks for who it is, and then for the sums and the rows together.
func (m *flowPage) read(ctx context.Context, pool *pgxpool.Pool, session []byte, asked url.Values) error {
	now := clock.Wall()
	if err := m.who(ctx, pool, session, now); err != nil {
		return err
	}
	m.frame(asked, clock.DayOf(now))
	where, args, err := m.where(asked, now)
	if err != nil {
		return err
	}
	var batch pgx.Batch
	m.queueSums(&batch, where, args)
	rowsWhere, rowsArgs := where, args
	if c := asked.Get("cursor"); c != "" {
		at, seq, err := parse(c)
		if err != nil {
			return err
		}
		rowsArgs = slices.Concat(args, []any{at, seq})
		rowsWhere += " AND (booked_at, seq) < ($" + strconv.Itoa(len(args)+1) + ", $" + strconv.Itoa(len(args)+2) + "::text::bigint)"
	}
	batch.Queue(flowColumns+rowsWhere+flowOrder, rowsArgs...).Query(m.lines)
	if err := pool.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}
	m.flowEnds(asked.Get("cursor") != "")
	return nil
}

// frame fills in what stands around the rows.
func (m *flowPage) frame(asked url.Values, today clock.Day) {
	m.From, m.To, m.Direction, m.Type, m.Min = asked.Get("from"), asked.Get("to"), asked.Get("direction"), asked.Get("business_type"), asked.Get("min")
	kept := url.Values{}
	for name, value := range asked {
		if name != "size" && name != "cursor" {
			kept[name] = value
		}
	}
	m.Query, m.Set = kept.Encode(), strconv.Itoa(len(kept))
	m.Presets = presets(today, "/funds/flow?account=BASIC&")
	m.Seconds = "/funds/flow?account=BASIC&from=" + today.String() + "T00%3A00%3A00&size=100&to=" + today.String() + "T23%3A59%3A59"
}

// where is the filter in SQL; its parameters begin with the merchant.
func (m *flowPage) where(asked url.Values, now time.Time) (sql string, args []any, err error) {
	args = []any{m.id}
	add := func(condition string, value any) {
		args = append(args, value)
		sql += " AND " + condition + " $" + strconv.Itoa(len(args))
	}
	from := clock.DayOf(clock.DayOf(now).Start().AddDate(-1, 0, 0))
	if m.From != "" {
		from = clock.Day(m.From)
	}
	add("booked_at >=", from.Start())
	if m.To != "" {
		add("booked_at <", clock.Day(m.To).Next().Start())
	}
	if m.Type != "" {
		add("row_type =", m.Type)
	}
	if m.Direction == "out" {
		sql += " AND amount < 0"
	}
	if m.Min != "" {
		least, err := money.Parse(m.Min)
		if err != nil {
			return "", nil, err
		}
		add("abs(amount) >=", int64(least))
	}
	if asked.Get("account") != "BASIC" {
		return "", nil, errors.New("this page shows BASIC alone")
	}
	return sql, args, nil
}

// queueSums asks the daily sums where they know, else no more than 10,001 rows.
func (m *flowPage) queueSums(batch *pgx.Batch, where string, args []any) {
	sql, inDays := sumRows+where+" LIMIT 10001) e", m.Min == ""
	if inDays {
		since := args[1].(time.Time)
		sql, args = sumDays, []any{m.id, since, clock.DayOf(since).String()}
		if m.Type != "" {
			sql, args = sql+" AND row_type = $4", append(args, m.Type)
		}
	}
	batch.Queue(sql, args...).QueryRow(func(row pgx.Row) error {
		var ins, in, outs, out, opening, closing int64
		if err := row.Scan(&ins, &in, &outs, &out, &opening, &closing); err != nil {
			return err
		}
		m.Capped = !inDays && ins+outs > sumMax
		m.Count, m.Ins, m.Outs = whole(ins+outs), whole(ins), whole(outs)
		m.In, m.Out = "+"+money.Fen(in).String(), money.Fen(-out).String()
		if inDays && m.Type == "" {
			m.Opening, m.Closing = money.Fen(opening).String(), money.Fen(closing).String()
		}
		return nil
	})
}

func (m *flowPage) lines(rows pgx.Rows) error {
	m.Lines = make([]line, 0, pageSize+1)
	for rows.Next() {
		var l line
		var kind string
		var amount, balance int64
		if err := rows.Scan(&l.seq, &l.time, &kind, &amount, &balance, &l.BusinessNo, &l.VoucherNo, &l.Applicant, &l.Note); err != nil {
			return err
		}
		l.At, l.Type, l.In = clock.Text(l.time), lineTypes[kind], amount > 0
		l.Amount, l.Balance = money.Fen(amount).String(), money.Fen(balance).String()
		tail := strconv.FormatInt(10_000_000+l.seq%10_000_000, 10)
		l.No = m.MchID + l.At[:4] + l.At[5:7] + l.At[8:10] + "103" + tail[1:]
		if l.Note == "" {
			l.Note = "—"
		}
		m.Lines = append(m.Lines, l)
	}
	return rows.Err()
}

// flowEnds cuts the row that only says that more follow, and sets the links around the page.
func (m *flowPage) flowEnds(later bool) {
	if len(m.Lines) > pageSize {
		m.Lines = m.Lines[:pageSize]
		m.Next = m.flowLink("o", m.Lines[pageSize-1])
	}
	if later && len(m.Lines) > 0 {
		m.Prev = m.flowLink("n", m.Lines[0])
	}
	m.Shown = strconv.Itoa(len(m.Lines))
}

func (m *flowPage) flowLink(direction string, l line) string {
	return "/funds/flow?" + m.Query + "&cursor=" + base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{direction,
		strconv.FormatInt(l.time.UnixMicro(), 10), "BASIC", strconv.FormatInt(l.seq, 10)}, "."))) + "&size=100"
}
