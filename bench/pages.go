package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/postgres"
)

// What is asked of lists.
const (
	pagesMerchant = "1900000208"
	pagesOrders   = 1_000_000
	pagesSize     = 100
	pagesDeep     = 10_000
	pagesWant     = 0.75
	deepMax       = 1.5 // how much longer a deep page may take than the first
)

// pagesBench is the product's server and the hand-written one, on the same rows.
type pagesBench struct {
	product, limit string // their addresses
	cookie         string
	process        *exec.Cmd
}

// measurePages asks for the first and the ten-thousandth page of a million orders: from the product,
// with its sessions, rights and components, and from the same page written by hand.
func measurePages(ctx context.Context, w *world) (_ section, err error) {
	if err := w.useDemo(ctx); err != nil {
		return section{}, err
	}
	if err := fillOrders(ctx, w); err != nil {
		return section{}, err
	}
	b, err := openPages(ctx, w)
	if err != nil {
		return section{}, err
	}
	defer func() { err = errors.Join(err, stopProcess(b.process)) }()
	first := "/trades?size=" + strconv.Itoa(pagesSize)
	cursor, err := cursorOf(ctx, w, pagesDeep)
	if err != nil {
		return section{}, err
	}
	s := section{Title: "Lists", Text: []string{fmt.Sprintf(
		"%d orders of one merchant, %d to a page, %d connections. The product answers with its whole stack: session, rights and unread count in one query, "+
			"rows and sums, templates, compression. The limit is the same page of the same rows in one hand-written handler: net/http, pgx, one template, compression.",
		pagesOrders, pagesSize, loadConnections)}}
	err = b.firstAndDeep(ctx, w, &s, "of orders", [2]string{first, first + "&cursor=" + cursor}, pagesDeep)
	return s, err
}

// firstAndDeep measures the first page of a list and one far behind it.
func (b *pagesBench) firstAndDeep(ctx context.Context, w *world, s *section, of string, paths [2]string, deep int) error {
	first, err := b.compare(ctx, w, s, "first page "+of, paths[0])
	if err != nil {
		return err
	}
	far, err := b.compare(ctx, w, s, fmt.Sprintf("page %d %s", deep, of), paths[1])
	if err != nil {
		return err
	}
	slower := spreadOf(ours(first)).Median / spreadOf(ours(far)).Median
	s.Goals = append(s.Goals, goal{fmt.Sprintf("time of page %d %s ÷ time of the first", deep, of), fmt.Sprintf("≤ %.1f", deepMax),
		fmt.Sprintf("%.2f", slower), slower <= deepMax})
	return nil
}

// compare measures a page of the product against the same page written by hand.
func (b *pagesBench) compare(ctx context.Context, w *world, s *section, name, path string) ([]round, error) {
	if err := b.same(ctx, path); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d := duel{name: name, unit: "pages/s", ours: b.side(b.product, path), limit: b.side(b.limit, path),
		ourName: "product", other: "hand-written"}
	rounds, err := d.fight(ctx, w)
	if err != nil {
		return nil, err
	}
	r := ratios(rounds)
	s.Goals = append(s.Goals, goal{name + " ÷ the same page hand-written", fmt.Sprintf("≥ %.2f", pagesWant),
		fmt.Sprintf("%.2f [%.2f–%.2f]", r.Median, r.Min, r.Max), r.Median >= pagesWant})
	s.Duels = append(s.Duels, fought{d, rounds})
	return rounds, nil
}

func ours(rounds []round) []float64 {
	all := make([]float64, len(rounds))
	for i, r := range rounds {
		all[i] = r.Ours
	}
	return all
}

// openPages signs in to the product and starts the hand-written page beside it.
func openPages(ctx context.Context, w *world) (*pagesBench, error) {
	p, err := boundMember(ctx, w.base, pagesMerchant, "finance")
	if err != nil {
		return nil, err
	}
	desk, err := p.signIn(ctx, w.base)
	if err != nil {
		return nil, err
	}
	b := &pagesBench{product: w.base}
	at, err := url.Parse(w.base)
	if err != nil {
		return nil, err
	}
	for _, c := range desk.http.Jar.Cookies(at) {
		b.cookie += c.Name + "=" + c.Value + "; "
	}
	b.cookie = strings.TrimSuffix(b.cookie, "; ")
	b.process = exec.Command(os.Args[0], "limit", "-dsn", w.dsn(postgres.Owner)) // stopped by whoever asked
	b.process.Stderr = os.Stderr
	out, err := b.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.process.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the hand-written page did not start: %w", err), stopProcess(b.process))
	}
	b.limit = "http://" + strings.TrimSpace(line)
	return b, nil
}

func (b *pagesBench) side(base, path string) side {
	return func(ctx context.Context, _ int) (float64, error) { return load(ctx, base+path, b.cookie) }
}

// same refuses to compare pages that are not the same: their tables read alike.
func (b *pagesBench) same(ctx context.Context, path string) error {
	texts, sizes := make([]string, 2), make([]int, 2)
	for i, base := range []string{b.product, b.limit} {
		text, err := b.fetch(ctx, base, path)
		if err != nil {
			return err
		}
		texts[i], sizes[i] = tableOf(text), len(text)
	}
	if n := strings.Count(texts[0], "\n"); n != pagesSize || texts[0] != texts[1] {
		return fmt.Errorf("the product's page of %d rows and the hand-written one differ:\n%.300s\n%.300s", n, texts[0], texts[1])
	}
	fmt.Printf("the same %d rows; %d bytes by the product, %d by hand\n", pagesSize, sizes[0], sizes[1])
	return nil
}

// fetch gets a page as the signed-in member.
func (b *pagesBench) fetch(ctx context.Context, base, path string) (text string, err error) {
	at, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	one := newBrowser(base, "")
	defer one.close()
	for pair := range strings.SplitSeq(b.cookie, "; ") {
		name, value, _ := strings.Cut(pair, "=")
		one.setCookie(at, name, value)
	}
	_, text, err = one.fetch(ctx, path)
	return text, err
}

var (
	rowEnd = regexp.MustCompile(`</tr>`)
	markup = regexp.MustCompile(`(?:<[^>]*>|\s)+`)
)

// tableOf is what the page's table says, a line a row.
func tableOf(text string) string {
	_, text, _ = strings.Cut(text, "<tbody>")
	text, _, _ = strings.Cut(text, "</tbody>")
	lines := rowEnd.Split(text, -1)
	for i, line := range lines {
		lines[i] = strings.TrimSpace(markup.ReplaceAllString(line, " "))
	}
	return strings.Join(lines, "\n")
}

// cursorOf is the cursor behind the page before the numbered one.
func cursorOf(ctx context.Context, w *world, page int) (string, error) {
	var at time.Time
	var id string
	err := w.owner.PG().QueryRow(ctx, `
		SELECT success_time, transaction_id FROM trades WHERE merchant_id = $1
		ORDER BY success_time DESC, transaction_id DESC OFFSET $2 LIMIT 1`, pagesMerchant, (page-1)*pagesSize-1).Scan(&at, &id)
	return base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("o.%d.%s.%s", at.UnixMicro(), pagesMerchant, id))), err
}

// fillOrders gives the merchant its million, spread over eleven months, with their daily figures.
func fillOrders(ctx context.Context, w *world) error {
	fmt.Println("writing", pagesOrders, "orders")
	for _, sql := range []string{`
		INSERT INTO trades (merchant_id, total, settlement_total, coupon, fee, success_time, recorded_at, rate, source,
			transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid, device, rate_note, body, attach)
		SELECT $1::bigint, 100 + g % 90000, 100 + g % 90000, 0, (100 + g % 90000) * 6 / 1000, at, at, 60, 'channel',
			'4200777777' || lpad(g::text, 18, '0'), 'BENCH' || lpad(g::text, 15, '0'), (ARRAY['JSAPI', 'NATIVE', 'APP'])[1 + g % 3], 'SUCCESS',
			(ARRAY['CMB_DEBIT', 'ICBC_DEBIT', 'OTHERS'])[1 + g % 3], 'wx0000000000000901', 'oBench' || lpad((g % 100000)::text, 22, '0'), '', '', '日用百货 组合装', ''
		FROM generate_series(1, $2::bigint) g, LATERAL (SELECT date_trunc('second', $3::timestamptz - g * interval '28 seconds') AS at) t`, `
		INSERT INTO trade_days (merchant_id, sp_mchid, day, orders, total, settlement_total, coupon, fee, refunded, paid_count, paid_total, refund_count, refund_total)
		SELECT $1::bigint, 0, (success_time AT TIME ZONE 'Asia/Shanghai')::date, count(*), sum(total), sum(settlement_total), 0, sum(fee), 0, count(*), sum(total), 0, 0
		FROM trades WHERE merchant_id = $1 AND transaction_id LIKE '4200777777%' AND $2::bigint > 0 AND $3::timestamptz IS NOT NULL GROUP BY 3
		ON CONFLICT (merchant_id, sp_mchid, day) DO UPDATE SET orders = trade_days.orders + excluded.orders, total = trade_days.total + excluded.total,
			settlement_total = trade_days.settlement_total + excluded.settlement_total, fee = trade_days.fee + excluded.fee,
			paid_count = trade_days.paid_count + excluded.paid_count, paid_total = trade_days.paid_total + excluded.paid_total`} {
		if _, err := w.owner.PG().Exec(ctx, sql, pagesMerchant, pagesOrders, time.Now()); err != nil {
			return fmt.Errorf("fill orders: %w", err)
		}
	}
	_, err := w.owner.PG().Exec(ctx, "VACUUM ANALYZE trades, trade_days")
	return err
}
