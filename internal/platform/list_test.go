package platform

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/merchant"
)

// opens opens n merchants, an hour apart.
func (w *world) opens(n int) {
	w.t.Helper()
	for i := range n {
		m := noodles()
		m.MchID, m.ShortName = 1900000400+int64(i), fmt.Sprintf("面馆%02d号", i)
		_, _, err := w.does("merchant.open", seat(access.PlatformAdmin), m)
		w.must(err)
		w.clock.Advance(time.Hour)
	}
}

func TestTheListWalksBothWaysAndMeetsEveryMerchantOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opens(7)
	var seen []int64
	at, pages := Place{}, []MerchantPage{}
	for {
		page, err := w.Merchants(t.Context(), across(t, access.ReadOnly), MerchantFilter{}, at, 3)
		w.must(err)
		pages = append(pages, page)
		for _, m := range page.Rows {
			seen = append(seen, m.ID)
		}
		if page.Next == "" {
			break
		}
		at, err = ParsePlace(page.Next)
		w.must(err)
	}
	if len(pages) != 3 || len(seen) != 7 || seen[0] != 1900000406 || seen[6] != 1900000400 || pages[0].Prev != "" {
		t.Fatalf("%d pages with %v", len(pages), seen)
	}
	back, err := ParsePlace(pages[2].Prev)
	w.must(err)
	page, err := w.Merchants(t.Context(), across(t, access.ReadOnly), MerchantFilter{}, back, 3)
	if err != nil || len(page.Rows) != 3 || page.Rows[0].ID != seen[3] || page.Next == "" || page.Prev == "" {
		t.Errorf("one back shows %+v, %v", page, err)
	}
}

func TestTheFilterFindsByNumberNameKindAndState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opens(3)
	_, _, err := w.does("merchant.suspend", seat(access.PlatformAdmin), Suspension{MchID: 1900000401, Reason: "x"})
	w.must(err)
	for name, c := range map[string]struct {
		f    MerchantFilter
		want int
	}{
		"all": {MerchantFilter{}, 3}, "a number": {MerchantFilter{Text: "1900000402"}, 1}, "half a number": {MerchantFilter{Text: "190000"}, 0},
		"part of a name": {MerchantFilter{Text: "02号"}, 1}, "the legal name": {MerchantFilter{Text: "兰州"}, 3}, "a sign of LIKE": {MerchantFilter{Text: "%"}, 0},
		"suspended": {MerchantFilter{State: Suspended}, 1}, "a kind": {MerchantFilter{Kind: merchant.SubMerchant}, 0}, "the platform": {MerchantFilter{Text: "平台运营"}, 0},
	} {
		page, err := w.Merchants(t.Context(), across(t, access.Service), c.f, Place{}, 10)
		if err != nil || len(page.Rows) != c.want {
			t.Errorf("%s finds %d, %v, want %d", name, len(page.Rows), err, c.want)
		}
	}
	for _, bad := range []string{"x", "o1.2.3", "o1", "z1.1900000400", "o1.-5", "o"} {
		if _, err := ParsePlace(bad); !errors.Is(err, ErrCursor) {
			t.Errorf("the place %q: %v", bad, err)
		}
	}
	if _, err := ParseMerchants(func(string) string { return "nonsense" }); len(fault.All(err)) != 3 {
		t.Errorf("a nonsense filter: %v", err)
	}
}

func TestTheOverviewCountsWhatNeedsSomebody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opens(2)
	w.must(w.inTx(func(ctx context.Context, tx db.Tx) error {
		return job.Enqueue(ctx, tx, job.Job{Kind: "x", Key: "x", Due: w.clock.Now().Add(-time.Minute)})
	}))
	v, err := w.Overview(t.Context(), across(t, access.ReadOnly))
	if err != nil || v.Merchants != 2 || v.AdminsUnbound != 2 || v.OpenedMonth != 2 || v.JobsDue != 1 || v.OldestDue == nil || v.VerifiedAt != nil || len(v.Missing) != 1 {
		t.Errorf("the overview is %+v, %v", v, err)
	}
}

func TestOnlyWhoMayReadsAndActs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nobody, err := access.Across(access.Member(access.Seat{Name: "x@ops", Roles: []access.Role{"made_up"}}))
	w.must(err)
	for name, f := range map[string]func(ctx context.Context, tx db.Tx) error{
		"merchants": func(ctx context.Context, _ db.Tx) error {
			_, err := w.Merchants(ctx, nobody, MerchantFilter{}, Place{}, 1)
			return err
		},
		"merchant": func(ctx context.Context, _ db.Tx) error { _, err := w.Merchant(ctx, nobody, 1900000400); return err },
		"number":   func(ctx context.Context, _ db.Tx) error { _, err := w.NextMchID(ctx, nobody); return err },
		"jobs":     func(ctx context.Context, _ db.Tx) error { _, _, err := w.Jobs(ctx, nobody, job.Filter{}); return err },
		"kinds":    func(ctx context.Context, _ db.Tx) error { _, err := w.JobKinds(ctx, nobody); return err },
		"retry": func(ctx context.Context, tx db.Tx) error {
			return w.RetryJob(ctx, tx, nobody, db.NewID(), audit.From{})
		},
		"verify": func(ctx context.Context, tx db.Tx) error {
			_, err := w.AskVerification(ctx, tx, nobody, audit.From{})
			return err
		},
		"verified": func(ctx context.Context, _ db.Tx) error {
			_, _, err := w.Verifications(ctx, nobody, db.NewID(), 1)
			return err
		},
	} {
		var missing fault.Forbidden
		if err := w.inTx(f); !errors.As(err, &missing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
