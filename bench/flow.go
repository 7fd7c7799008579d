package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
)

const (
	flowFirst = "/funds/flow?account=BASIC&size=100"
	flowDeep  = 10_000
	// statisticsRest is after how long PostgreSQL's connections have told what they did.
	statisticsRest = 12 * time.Second
)

// measureFlow asks for pages of the fund flow of an account of ten million rows: the first, one far behind it,
// and two filtered ones.
func measureFlow(ctx context.Context, w *world) (_ section, err error) {
	if err := w.useDemo(ctx); err != nil {
		return section{}, err
	}
	if err := fillFlow(ctx, w, w.flowRows); err != nil {
		return section{}, err
	}
	b, err := openPages(ctx, w)
	if err != nil {
		return section{}, err
	}
	defer func() { err = errors.Join(err, stopProcess(b.process)) }()
	deep := min(flowDeep, w.flowRows/pagesSize/2)
	cursor, err := flowCursorOf(ctx, w, deep)
	if err != nil {
		return section{}, err
	}
	s := section{Title: "Fund flow", Text: []string{fmt.Sprintf(
		"%d rows of one account, trades and their fees over eleven months, %d to a page, %d connections; against the same pages written by hand, as for orders.",
		w.flowRows, pagesSize, loadConnections)}}
	if err := b.firstAndDeep(ctx, w, &s, "of the fund flow", [2]string{flowFirst, flowFirst + "&cursor=" + cursor}, deep); err != nil {
		return s, err
	}
	filtered := flowFirst + "&business_type=trade_fee"
	if _, err := b.compare(ctx, w, &s, "fund flow, one type", filtered); err != nil {
		return s, err
	}
	counted := flowFirst + "&direction=out&" + flowMonth() + "&min=1"
	if _, err := b.compare(ctx, w, &s, "fund flow, out, a month, a least amount", counted); err != nil {
		return s, err
	}
	return s, b.counted(ctx, w, &s, counted)
}

// flowMonth is the last whole month.
func flowMonth() string {
	now := clock.Wall().In(clock.Beijing)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, clock.Beijing)
	return "from=" + clock.DayOf(first.AddDate(0, -1, 0)).String() + "&to=" + clock.DayOf(first.Add(-time.Second)).String()
}

// counted tells that a page whose filter only rows can answer stops adding them up, and how many rows
// PostgreSQL took by index for one request: it reads past those the filter does not mean.
func (b *pagesBench) counted(ctx context.Context, w *world, s *section, path string) error {
	const requests = 20
	before, err := entriesRead(ctx, w)
	if err != nil {
		return err
	}
	text := ""
	for range requests {
		if text, err = b.fetch(ctx, b.product, path); err != nil {
			return err
		}
	}
	after, err := entriesRead(ctx, w)
	if err != nil {
		return err
	}
	stopped := strings.Contains(text, "10,000+") || strings.Contains(text, "最近 10,000 笔")
	s.Goals = append(s.Goals, goal{"rows added up for one request of the fund flow", "≤ 10,001", map[bool]string{true: "10,001", false: "more"}[stopped], stopped})
	s.Text = append(s.Text, fmt.Sprintf("For one request of the page of a month and a least amount PostgreSQL took %d entries by index, of %d that stand in the account.",
		(after-before)/requests, w.flowRows))
	return nil
}

// entriesRead is how many entries were taken by index so far, as the server's own statistics tell once its
// connections have rested a while.
func entriesRead(ctx context.Context, w *world) (n int64, err error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(statisticsRest):
	}
	err = w.owner.PG().QueryRow(ctx, "SELECT idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'entries'").Scan(&n)
	return n, err
}

// flowCursorOf is the cursor behind the page before the numbered one.
func flowCursorOf(ctx context.Context, w *world, page int) (string, error) {
	var at time.Time
	var seq int64
	err := w.owner.PG().QueryRow(ctx, `
		SELECT booked_at, seq FROM entries WHERE merchant_id = $1 AND account = 'BASIC'
		ORDER BY booked_at DESC, seq DESC OFFSET $2 LIMIT 1`, pagesMerchant, (page-1)*pagesSize-1).Scan(&at, &seq)
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{"o", strconv.FormatInt(at.UnixMicro(), 10), "BASIC",
		strconv.FormatInt(seq, 10)}, "."))), err
}
