package seed

import (
	"bytes"
	"context"
	"fmt"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/settlement"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

// file is one merchant's bill; a service provider's holds its sub-merchants' shops.
type file struct {
	merchant int64
	first    clock.Day
	shops    []shop
}

// files are the bills of a day; since is the first of all.
func files(today, since, day clock.Day) []file {
	var all []file
	for _, s := range shops {
		first, owner := today.Add(-weeksDays), s.merchant
		if s.merchant == shops[0].merchant {
			first = since
		}
		if s.provider != 0 {
			owner = s.provider
		}
		if day < first {
			continue
		}
		if n := len(all); n > 0 && all[n-1].merchant == owner {
			all[n-1].shops = append(all[n-1].shops, s)
			continue
		}
		all = append(all, file{merchant: owner, first: first, shops: []shop{s}})
	}
	return all
}

// bills imports the bills of a day: of orders that no notice told, and of refunds.
func (j *journey) bills(ctx context.Context, day clock.Day) error {
	d := trade.Deps{DB: j.DB, Clock: j.clock, Due: settlement.Schedule}
	for _, f := range files(j.today, j.since(), day) {
		if err := f.load(ctx, d, day); err != nil {
			return fmt.Errorf("seed %s of %d: %w", day, f.merchant, err)
		}
	}
	return nil
}

// load writes the bill and imports it, unless an earlier start did.
func (f file) load(ctx context.Context, d trade.Deps, day clock.Day) error {
	done, err := seeded(ctx, d.DB, f.merchant, day)
	if err != nil || done {
		return err
	}
	var raw bytes.Buffer
	w := bill.NewWriter(&raw, bill.All)
	for _, s := range f.shops {
		for _, r := range rowsOf(s, day, f.first) {
			w.Write(&r)
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	i, err := trade.ImportFile(ctx, d, access.Job(f.merchant, access.System), trade.File{
		Name: fmt.Sprintf("tradebill-%d-%s.csv", f.merchant, day), Size: int64(raw.Len()), Body: bytes.NewReader(raw.Bytes()),
	}, nil)
	if err != nil {
		return fmt.Errorf("%w: %v", err, i.Report.Faults)
	}
	return markSeeded(ctx, d.DB, f.merchant, day)
}
