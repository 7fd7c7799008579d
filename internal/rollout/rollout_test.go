package rollout_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/merchant"
	"zhanggui/internal/rollout"
	"zhanggui/internal/vault"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, clock.Beijing)

const many = 20_000

// TestALargerPercentageOnlyAdds draws salts, and looks at every merchant at every percentage.
func TestALargerPercentageOnlyAdds(t *testing.T) {
	t.Parallel()
	for salt := range 3 {
		r := rollout.Rollout{Salt: bytes.Repeat([]byte{byte(salt + 1)}, 32)}
		counts := map[int]int{}
		for m := int64(1900000000); m < 1900000000+many; m++ {
			was := false
			for _, percentage := range []int{0, 1, 37, 38, 99, 100} {
				r.Percentage = percentage
				is, why := r.Includes(m, "")
				if was && !is {
					t.Fatalf("%d was in and is not at %d %%", m, percentage)
				}
				if is != (why == rollout.Within) || percentage == 0 && is || percentage == 100 && !is {
					t.Fatalf("%d at %d %%: %v, %s", m, percentage, is, why)
				}
				if was = is; is {
					counts[percentage]++
				}
			}
		}
		if n := counts[37]; n < many*36/100 || n > many*38/100 {
			t.Errorf("37 %% are %d of %d", n, many)
		}
	}
}

func TestPlacesAreForEver(t *testing.T) {
	t.Parallel()
	r := rollout.Rollout{Salt: bytes.Repeat([]byte{7}, 32)}
	for m, want := range map[int64]int{1900000109: 5824, 1230000103: 9123, 1900000307: 5548} {
		if got := r.Place(m); got != want {
			t.Errorf("%d stands at %d, stood at %d before", m, got, want)
		}
	}
}

func TestDenyBeatsAllowBeatsPercentage(t *testing.T) {
	t.Parallel()
	for _, percentage := range []int{0, 37, 100} {
		r := rollout.Rollout{Salt: make([]byte, 32), Percentage: percentage}
		if in, why := r.Includes(1900000109, rollout.Denied); in || why != rollout.ByDeny {
			t.Errorf("denied at %d %%: %v %s", percentage, in, why)
		}
		if in, why := r.Includes(1900000109, rollout.Allowed); !in || why != rollout.ByAllow {
			t.Errorf("allowed at %d %%: %v %s", percentage, in, why)
		}
	}
}

func TestWhoSeesTheEntry(t *testing.T) {
	t.Parallel()
	at := noon
	can := rollout.Merchant{ID: 1, System: merchant.Legacy, Cycle: merchant.T1, Listed: rollout.Allowed}
	with := func(change func(*rollout.Merchant)) rollout.Merchant { m := can; change(&m); return m }
	for _, c := range []struct {
		m      rollout.Merchant
		paused bool
		want   rollout.Standing
	}{
		{can, false, rollout.Offered},
		{can, true, rollout.Paused},
		{with(func(m *rollout.Merchant) { m.Listed = "" }), true, rollout.Outside},
		{with(func(m *rollout.Merchant) { m.Listed = rollout.Denied }), false, rollout.Outside},
		{with(func(m *rollout.Merchant) { m.Cycle = merchant.T7 }), false, rollout.Weekly},
		{with(func(m *rollout.Merchant) { m.Suspended = true }), false, rollout.Suspended},
		{with(func(m *rollout.Merchant) { m.System = merchant.Upgraded }), false, rollout.Born},
		{with(func(m *rollout.Merchant) { m.System, m.UpgradedAt = merchant.Upgraded, &at }), true, rollout.Upgraded},
	} {
		if got := (rollout.Rollout{Salt: make([]byte, 32), Paused: c.paused}).Judge(c.m); got != c.want {
			t.Errorf("%+v paused %v: %s, want %s", c.m, c.paused, got, c.want)
		}
	}
}

func TestChangesAreReadAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form map[string]string
		want rollout.Change
		code error
	}{
		{map[string]string{"change": "percentage", "percentage": " 37 % ", "mchids": "1"}, rollout.Change{Kind: rollout.SetPercentage, Percentage: 37}, nil},
		{map[string]string{"change": "percentage", "percentage": "101"}, rollout.Change{}, rollout.ErrPercentage},
		{map[string]string{"change": "percentage", "percentage": "3.7"}, rollout.Change{}, rollout.ErrPercentage},
		{map[string]string{"change": "percentage"}, rollout.Change{}, rollout.ErrPercentage},
		{map[string]string{"change": "allow", "mchids": "1900000109\n1230000103\uff0c1900000109", "reason": " x "},
			rollout.Change{Kind: rollout.Allow, MchIDs: []int64{1900000109, 1230000103}, Reason: "x"}, nil},
		{map[string]string{"change": "deny", "mchids": "abc"}, rollout.Change{}, rollout.ErrMerchants},
		{map[string]string{"change": "deny"}, rollout.Change{}, rollout.ErrMerchants},
		{map[string]string{"change": "pause", "percentage": "x"}, rollout.Change{Kind: rollout.Pause}, nil},
		{map[string]string{"change": "everything"}, rollout.Change{}, rollout.ErrChange},
	} {
		got, err := rollout.Parse(func(name string) string { return c.form[name] })
		if !errors.Is(err, c.code) {
			t.Errorf("%v: %v", c.form, err)
		}
		if err == nil && (got.Kind != c.want.Kind || got.Percentage != c.want.Percentage || got.Reason != c.want.Reason || !slices.Equal(got.MchIDs, c.want.MchIDs)) {
			t.Errorf("%v: %+v", c.form, got)
		}
	}
}

func TestAnEffectNamesWhoGainsAndWhoLoses(t *testing.T) {
	t.Parallel()
	legacy := func(id int64, l rollout.Listing) rollout.Merchant {
		return rollout.Merchant{ID: id, System: merchant.Legacy, Cycle: merchant.T1, Listed: l}
	}
	s := rollout.State{Rollout: rollout.Rollout{Salt: make([]byte, 32)}, Merchants: []rollout.Merchant{legacy(1, rollout.Allowed), legacy(2, ""), legacy(3, rollout.Denied)}}
	for _, c := range []struct {
		change         rollout.Change
		appears, loses []int64
		before, after  int
		refused        error
	}{
		{rollout.Change{Kind: rollout.SetPercentage, Percentage: 100}, []int64{2}, nil, 1, 2, nil},
		{rollout.Change{Kind: rollout.Pause}, nil, []int64{1}, 1, 1, nil},
		{rollout.Change{Kind: rollout.Deny, MchIDs: []int64{1}}, nil, []int64{1}, 1, 0, nil},
		{rollout.Change{Kind: rollout.Allow, MchIDs: []int64{2, 3}}, []int64{2, 3}, nil, 1, 3, nil},
		{rollout.Change{Kind: rollout.Remove, MchIDs: []int64{1}}, nil, []int64{1}, 1, 0, nil},
		{rollout.Change{Kind: rollout.Remove, MchIDs: []int64{2}}, nil, nil, 1, 1, rollout.ErrNotListed},
		{rollout.Change{Kind: rollout.Allow, MchIDs: []int64{1}}, nil, nil, 1, 1, rollout.ErrSame},
		{rollout.Change{Kind: rollout.Allow, MchIDs: []int64{9}}, nil, nil, 1, 1, rollout.ErrUnknown},
		{rollout.Change{Kind: rollout.Resume}, nil, nil, 1, 1, rollout.ErrSame},
	} {
		next, err := s.Apply(c.change)
		e := rollout.EffectOf(s, next)
		if !errors.Is(err, c.refused) || e.Before != c.before || e.After != c.after || !slices.Equal(ids(e.Appears), c.appears) || !slices.Equal(ids(e.Vanishes), c.loses) {
			t.Errorf("%+v: %+v, %v", c.change, e, err)
		}
	}
}

func ids(all []rollout.Merchant) (numbers []int64) {
	for _, m := range all {
		numbers = append(numbers, m.ID)
	}
	return numbers
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChangeIsKeptAndTheSaltStays(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	must(t, err)
	owner, err := access.Across(access.Member(access.Seat{Name: "pingtai01@ops", Merchant: access.PlatformID, Roles: []access.Role{access.PlatformAdmin}}))
	must(t, err)
	deps := rollout.Deps{Clock: clock.At(noon)}
	in := func(f func(tx db.Tx) error) { t.Helper(); must(t, d.InTx(t.Context(), f)) }
	change := func(c rollout.Change) (e rollout.Effect, err error) {
		err = d.InTx(t.Context(), func(tx db.Tx) (err error) { e, _, err = deps.Change(t.Context(), tx, owner, c); return err })
		return e, err
	}
	in(func(tx db.Tx) error {
		for _, id := range []int64{1900000109, 1230000103} {
			err := merchant.Create(t.Context(), tx, v, merchant.New{ID: id, Kind: merchant.Direct, LegalName: "x", ShortName: "x", Cycle: merchant.T1,
				System: merchant.Legacy, SettlementAccount: "62220212345678"}, noon)
			if err != nil {
				return err
			}
		}
		return rollout.Seed(t.Context(), tx, "demo", []int64{1900000109}, deps)
	})
	before, err := rollout.Read(t.Context(), d.PG())
	must(t, err)
	if _, err := change(rollout.Change{Kind: rollout.Deny, MchIDs: []int64{1900000109}, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	in(func(tx db.Tx) error { return rollout.Seed(t.Context(), tx, "demo", []int64{1900000109}, deps) }) // the next start
	m, standing, err := rollout.Of(t.Context(), d.PG(), 1900000109)
	must(t, err)
	if m.Listed != rollout.Denied || standing != rollout.Outside {
		t.Errorf("after another start it is %+v, %s", m, standing)
	}
	if e, err := change(rollout.Change{Kind: rollout.SetPercentage, Percentage: 99}); err != nil || e.Before != 0 {
		t.Errorf("%+v %v", e, err)
	}
	if _, err := change(rollout.Change{Kind: rollout.SetPercentage, Percentage: 100}); !errors.Is(err, rollout.ErrFull) {
		t.Errorf("one alone opens it to all: %v", err)
	}
	after, err := rollout.Read(t.Context(), d.PG())
	must(t, err)
	if !bytes.Equal(before.Salt, after.Salt) || after.Percentage != 99 || after.ChangedBy != "pingtai01@ops" {
		t.Errorf("%+v, then %+v", before, after)
	}
}
