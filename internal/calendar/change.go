package calendar

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// Add enters a span of days. Days entered already are ErrTaken and days that have begun ErrBegun; then
// nothing is entered. The same entry again changes nothing.
func Add(ctx context.Context, tx db.Tx, p access.Platform, e Entry, from audit.From, now time.Time) error {
	if err := p.Require(access.OpsCalendarWrite); err != nil {
		return err
	}
	if err := e.begun(now); err != nil {
		return err
	}
	added, err := insertDays(ctx, tx, e, p.Actor().Name, now)
	if err != nil || added == 0 {
		return err
	}
	return audit.Write(ctx, tx, e.entry(p, "calendar.add", from, now))
}

// Remove takes entered days away again. It refuses with ErrBegun, and with ErrNothing where none of
// the days is entered.
func Remove(ctx context.Context, tx db.Tx, p access.Platform, e Entry, from audit.From, now time.Time) error {
	if err := p.Require(access.OpsCalendarWrite); err != nil {
		return err
	}
	if err := e.begun(now); err != nil {
		return err
	}
	removed, err := deleteDays(ctx, tx, e)
	if err != nil {
		return err
	}
	if removed == 0 {
		return ErrNothing
	}
	return audit.Write(ctx, tx, e.entry(p, "calendar.remove", from, now))
}

func (e Entry) entry(p access.Platform, action string, from audit.From, now time.Time) audit.Entry {
	return audit.Entry{Merchant: access.PlatformID, Actor: p.Actor().Name, Account: p.Actor().Account, Action: action,
		Object: e.From.String(), Outcome: audit.Done, From: from, At: now,
		Details: map[string]any{"from": e.From, "to": e.To, "kind": e.Kind, "name": e.Name}}
}

// Seed enters days that have begun, too: the sandbox starts with the calendar of the years it shows.
func Seed(ctx context.Context, tx db.Tx, e Entry, now time.Time) error {
	_, err := insertDays(ctx, tx, e, access.System.Name, now)
	return err
}
