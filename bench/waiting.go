package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What is asked of waiting sign-ins.
const (
	waiters        = 5_000
	waitersPerHost = 20 // tickets one address may have open
	openersAtOnce  = 16
	eachMaxKiB     = 32
	wakeMax        = 500 * time.Millisecond
	confirmsByHand = 100
)

// waiter is one desktop that shows a QR code and waits for its phone.
type waiter struct {
	browser *browser
	card    card
	told    chan time.Time // when the page heard that the phone had confirmed
}

// measureWaiting opens thousands of sign-in pages, asks what each costs, and how long their desktops
// take to hear of a confirmation: one after another by real phones, then all at the same moment.
func measureWaiting(ctx context.Context, w *world) (section, error) {
	if err := w.useDemo(ctx); err != nil { // the first time it fills its database, which leaves much behind
		return section{}, err
	}
	if err := w.freshDemo(ctx); err != nil {
		return section{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	settle(ctx)
	before, err := w.memory(ctx)
	if err != nil {
		return section{}, err
	}
	began := time.Now()
	all, err := openWaiters(ctx, w.base)
	if err != nil {
		return section{}, err
	}
	opened := time.Since(began)
	// A busy machine may take longer over all this than a ticket lives.
	if _, err := w.owner.PG().Exec(ctx, "UPDATE login_tickets SET expires_at = expires_at + interval '10 minutes'"); err != nil {
		return section{}, err
	}
	after, err := w.memory(ctx)
	if err != nil {
		return section{}, err
	}
	each := memoryOf(before, after, len(all))
	fmt.Printf("%d waiting after %s, %.1f KiB each, %.1f with garbage\n", len(all), opened.Round(time.Millisecond), each.used, each.resident)
	byHand, err := confirmSome(ctx, w, all[:confirmsByHand])
	if err != nil {
		return section{}, err
	}
	atOnce, err := wakeAll(ctx, w, all[confirmsByHand:])
	if err != nil {
		return section{}, err
	}
	return waitingSection(len(all), opened, each, byHand, atOnce), nil
}

// share is what one of many costs, in KiB.
type share struct{ used, resident float64 }

func memoryOf(before, after memory, n int) share {
	return share{float64(after.UsedKiB-before.UsedKiB) / float64(n), float64(after.ResidentKiB-before.ResidentKiB) / float64(n)}
}

func waitingSection(n int, opened time.Duration, each share, byHand, atOnce []time.Duration) section {
	p99 := percentile(atOnce, 0.99)
	return section{
		Title: "Waiting sign-ins",
		Goals: []goal{
			{fmt.Sprintf("memory of each of %d waiting sign-ins", n), fmt.Sprintf("≤ %d KiB", eachMaxKiB),
				fmt.Sprintf("%.1f KiB", each.used), each.used <= eachMaxKiB},
			{"confirm → desktop, all at once, p99", "≤ " + wakeMax.String(), ms(p99), p99 <= wakeMax},
		},
		Text: []string{
			fmt.Sprintf("%d sign-in pages were opened in %s, each by a browser of its own with a ticket of its own, %d to a client address; "+
				"each holds one stream of events. Memory is what the collector found in use, heap and stacks, more than before; "+
				"the kernel counted %.1f KiB each, with the garbage of serving the pages that nobody needed collected.",
				n, opened.Round(100*time.Millisecond), waitersPerHost, each.resident),
			fmt.Sprintf("While all wait, %d of them were confirmed by real phones, one after another: from the phone's post to the desktop's event "+
				"p50 %s, p99 %s. Then all the others were confirmed in one transaction: from its commit to the event p50 %s, p99 %s, last %s.",
				len(byHand), ms(percentile(byHand, 0.5)), ms(percentile(byHand, 0.99)), ms(percentile(atOnce, 0.5)), ms(p99), ms(percentile(atOnce, 1))),
		},
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }

// openWaiters opens all sign-in pages and their streams.
func openWaiters(ctx context.Context, base string) ([]*waiter, error) {
	all := make([]*waiter, waiters)
	next := make(chan int)
	failed := make(chan error, openersAtOnce)
	var opening sync.WaitGroup
	for range openersAtOnce {
		opening.Go(func() {
			for i := range next {
				var err error
				if all[i], err = openWaiter(ctx, base, i); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	opening.Wait()
	select {
	case err := <-failed:
		return nil, err
	default:
		return all, nil
	}
}

func openWaiter(ctx context.Context, base string, i int) (*waiter, error) {
	host := i / waitersPerHost
	w := &waiter{browser: newBrowser(base, fmt.Sprintf("127.0.%d.%d", 1+host/250, 1+host%250)), told: make(chan time.Time, 1)}
	var err error
	for range 600 {
		if w.card, err = w.browser.openSignIn(ctx); !errors.Is(err, errSlowDown) {
			break
		}
		select { // the program takes only so many in a second
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	if err != nil {
		return nil, err
	}
	return w, w.listen(ctx)
}

// listen opens the stream; its reader ends with ctx.
func (w *waiter) listen(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.browser.absolute(w.card.events), nil)
	if err != nil {
		return err
	}
	resp, err := w.browser.http.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return fmt.Errorf("the stream of events answers %d", resp.StatusCode)
	}
	go func() {
		defer func() { _ = resp.Body.Close() }()
		lines := bufio.NewReaderSize(resp.Body, 1<<10)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			if strings.Contains(line, `data-scan-state="confirmed"`) {
				w.told <- time.Now()
				return
			}
		}
	}()
	return nil
}

// heard waits for the event.
func (w *waiter) heard(ctx context.Context, since time.Time) (time.Duration, error) {
	select {
	case at := <-w.told:
		return at.Sub(since), nil
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(20 * time.Second):
		return 0, errors.New("a desktop never heard of its confirmation")
	}
}

// confirmSome lets a real phone answer one desktop after another.
func confirmSome(ctx context.Context, w *world, some []*waiter) ([]time.Duration, error) {
	p, err := boundMember(ctx, w.base, pagesMerchant, "finance")
	if err != nil {
		return nil, err
	}
	took := make([]time.Duration, len(some))
	for i, desk := range some {
		phone, confirm, err := p.scan(ctx, w.base, desk.card)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if err := confirm(); err != nil {
			return nil, err
		}
		if took[i], err = desk.heard(ctx, began); err != nil {
			return nil, fmt.Errorf("confirmed by hand, %d of %d: %w", i+1, len(some), err)
		}
		phone.close()
	}
	return took, nil
}

// wakeAll confirms all tickets in one transaction, which no number of phones could do in a moment.
func wakeAll(ctx context.Context, w *world, all []*waiter) ([]time.Duration, error) {
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = one.card.id
	}
	tag, err := w.owner.PG().Exec(ctx, `
		WITH confirmed AS (
			UPDATE login_tickets SET state = 'confirmed', openid = a.openid, merchant_id = a.merchant_id, account_id = a.account_id
			FROM (SELECT * FROM wechat_bindings WHERE merchant_id = $2::bigint ORDER BY account_id LIMIT 1) a
			WHERE id = ANY($1::uuid[]) AND state = 'waiting' RETURNING id)
		SELECT pg_notify('zhanggui', 'ticket:' || id) FROM confirmed`, ids, pagesMerchant)
	if err != nil {
		return nil, err
	}
	if tag.RowsAffected() != int64(len(ids)) {
		return nil, fmt.Errorf("%d of %d tickets still waited", tag.RowsAffected(), len(ids))
	}
	committed := time.Now()
	took := make([]time.Duration, len(all))
	for i, one := range all {
		if took[i], err = one.heard(ctx, committed); err != nil {
			return nil, fmt.Errorf("confirmed all at once, %d of %d: %w", i+1, len(all), err)
		}
	}
	return took, nil
}
