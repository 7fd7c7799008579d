package calendar_test

import (
	"errors"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

var november = time.Date(2026, 11, 22, 11, 20, 5, 0, clock.Beijing)

func operator(t *testing.T, r access.Role) access.Platform {
	t.Helper()
	p, err := access.Across(access.Member(access.Seat{Name: "shenhe01@ops", Roles: []access.Role{r}}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func span(from, to clock.Day, k calendar.Kind) calendar.Entry {
	return calendar.Entry{From: from, To: to, Kind: k, Name: "春节"}
}

func TestWhatOperatorsEnterIsTheCalendarAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	d, ctx, p := dbtest.Tx(t), t.Context(), operator(t, access.Reviewer)
	in := func(f func(tx db.Tx) error) error { return d.InTx(ctx, f) }
	add := func(e calendar.Entry) error {
		return in(func(tx db.Tx) error { return calendar.Add(ctx, tx, p, e, audit.From{}, november) })
	}
	spring := span("2027-02-05", "2027-02-11", calendar.Holiday)
	for range 2 { // the same again changes nothing
		if err := add(spring); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(span("2027-02-11", "2027-02-12", calendar.Holiday)); !errors.Is(err, calendar.ErrTaken) {
		t.Errorf("an overlapping span: %v", err)
	}
	if err := add(span("2026-11-22", "2026-11-22", calendar.Workday)); !errors.Is(err, calendar.ErrBegun) {
		t.Errorf("today: %v", err)
	}
	c, err := calendar.Load(ctx, d.PG(), november)
	if err != nil || c.Workday("2027-02-08") || !c.Workday("2027-02-12") || !c.Entered(2027) {
		t.Fatalf("the calendar is %+v, %v", c, err)
	}
	if err := in(func(tx db.Tx) error { return calendar.Remove(ctx, tx, p, spring, audit.From{}, november) }); err != nil {
		t.Fatal(err)
	}
	if err := in(func(tx db.Tx) error { return calendar.Remove(ctx, tx, p, spring, audit.From{}, november) }); !errors.Is(err, calendar.ErrNothing) {
		t.Errorf("removed twice: %v", err)
	}
	var rows int
	if err := d.PG().QueryRow(ctx, "SELECT count(*) FROM audit_rows WHERE merchant_id = 0 AND action LIKE 'calendar.%'").Scan(&rows); err != nil || rows != 2 {
		t.Errorf("%d audit rows, %v: want the entry and its removal", rows, err)
	}
}

func TestOnlyWhoMayWritesTheCalendar(t *testing.T) {
	t.Parallel()
	d, ctx := dbtest.Tx(t), t.Context()
	for _, r := range []access.Role{access.Service, access.ReadOnly, "nobody"} {
		err := d.InTx(ctx, func(tx db.Tx) error {
			return calendar.Add(ctx, tx, operator(t, r), span("2027-02-05", "2027-02-05", calendar.Holiday), audit.From{}, november)
		})
		var missing fault.Forbidden
		if !errors.As(err, &missing) {
			t.Errorf("%s: %v", r, err)
		}
	}
}
