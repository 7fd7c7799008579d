package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// latency posts at half of what the ledger carried, one merchant of the many after another, and holds the
// slowest in a hundred against pgbench at half of its own rate.
func (b *postingBench) latency(ctx context.Context, s *section, rate float64) error {
	times, err := b.paced(ctx, rate)
	if err != nil {
		return err
	}
	theirs, err := b.pgbenchPaced(ctx, spreadOf(limits(s.Duels[0].Rounds)).Median/2)
	if err != nil {
		return err
	}
	p99, q99 := percentile(times, 0.99), percentile(theirs, 0.99)
	s.Goals = append(s.Goals,
		goal{"one posting at half the greatest rate, p99", "≤ " + latencyMax.String(), p99.Round(100 * time.Microsecond).String(), p99 <= latencyMax},
		goal{"the same ÷ p99 of pgbench at half its rate", fmt.Sprintf("≤ %.0f", latencyTimesMax),
			fmt.Sprintf("%.2f", p99.Seconds()/q99.Seconds()), p99.Seconds() <= latencyTimesMax*q99.Seconds()})
	s.Text = append(s.Text, fmt.Sprintf("At half the greatest rate (%.0f transfers/s) one posting took p50 %s, p99 %s; pgbench at half of its own p50 %s, p99 %s.",
		rate, percentile(times, 0.5).Round(100*time.Microsecond), p99.Round(100*time.Microsecond),
		percentile(theirs, 0.5).Round(100*time.Microsecond), q99.Round(100*time.Microsecond)))
	return nil
}

func limits(rounds []round) []float64 {
	all := make([]float64, len(rounds))
	for i, r := range rounds {
		all[i] = r.Limit
	}
	return all
}

// paced begins postings at an even pace and tells how long each took from the moment it was due.
func (b *postingBench) paced(ctx context.Context, rate float64) ([]time.Duration, error) {
	const lasts = 2 * sideMin
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var all sync.WaitGroup
	began := time.Now()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; time.Since(began) < lasts && ctx.Err() == nil; <-tick.C {
		for due := int(time.Since(began).Seconds() * rate); n < due; n++ {
			at := began.Add(time.Duration(float64(n) / rate * float64(time.Second)))
			key, merchant := fmt.Sprintf("4200%024d", b.number.Add(1)), int64(postingFirst+n%postingMerchants)
			all.Go(func() {
				err := b.ours(ctx, merchant, key, 100)
				mu.Lock()
				defer mu.Unlock()
				times = append(times, time.Since(at))
				if err != nil {
					failed = err
				}
			})
		}
	}
	all.Wait()
	return times, failed
}

// pgbenchPaced is pgbench at a rate of its own, its log read.
func (b *postingBench) pgbenchPaced(ctx context.Context, rate float64) ([]time.Duration, error) {
	prefix := filepath.Join(b.world.folder, "tpcb-log")
	err := b.runPgbench(ctx, "-c", strconv.Itoa(pgbenchClients), "-j", "2", "-M", "prepared", "-T", "6", "-R", fmt.Sprintf("%.0f", rate),
		"-l", "--log-prefix="+prefix)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(prefix + ".*")
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range pgbenchLatency.FindAllSubmatch(raw, -1) {
			us, err := strconv.ParseInt(string(m[1]), 10, 64)
			if err != nil {
				return nil, err
			}
			times = append(times, time.Duration(us)*time.Microsecond)
		}
	}
	if len(times) == 0 {
		return nil, fmt.Errorf("pgbench logged nothing under %s", prefix)
	}
	return times, nil
}

// rowsWritten tells that both sides wrote the same kinds of rows.
func (b *postingBench) rowsWritten(ctx context.Context) (string, error) {
	told := "Rows written in all repetitions:"
	for i, name := range []string{"ledger", "by hand"} {
		var transfers, entries, days int64
		err := b.pools[i].QueryRow(ctx, "SELECT (SELECT count(*) FROM transfers), (SELECT count(*) FROM entries), (SELECT count(*) FROM account_days)").
			Scan(&transfers, &entries, &days)
		if err != nil {
			return "", err
		}
		told += fmt.Sprintf(" %s %d transfers, %d entries, %d daily sums;", name, transfers, entries, days)
	}
	return told[:len(told)-1] + ".", nil
}
