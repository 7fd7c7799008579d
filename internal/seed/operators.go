package seed

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/sandbox"
)

// operators makes the platform's own people, bound where the cast says so, and enters the calendar of
// the years that are announced.
func operators(ctx context.Context, p Parts, gate *identity.Gate, opened time.Time) error {
	bound, err := identity.BoundLogins(ctx, p.DB.PG())
	if err != nil {
		return err
	}
	return p.DB.InTx(ctx, func(tx db.Tx) error {
		for _, c := range sandbox.Operators {
			if _, made := bound[c.Login+"@ops"]; made {
				continue // by an earlier start
			}
			if err := operator(ctx, tx, gate, c); err != nil {
				return fmt.Errorf("operator %s: %w", c.Login, err)
			}
		}
		for _, e := range holidays {
			if err := calendar.Seed(ctx, tx, e, opened); err != nil {
				return fmt.Errorf("calendar from %s: %w", e.From, err)
			}
		}
		return nil
	})
}

func operator(ctx context.Context, tx db.Tx, gate *identity.Gate, c sandbox.CastMember) error {
	id, _, err := gate.CreateAccount(ctx, tx, identity.NewAccount{
		Merchant: access.PlatformID, Login: c.Login, Person: c.Holder, Mobile: c.Mobile, Roles: []access.Role{c.Role},
		Actor: access.System, NoPassword: c.Bound, Password: c.Password,
	})
	if err != nil || !c.Bound {
		return err
	}
	return gate.BindForSeed(ctx, tx, access.PlatformID, id, sandbox.OpenID(sandbox.DemoAppID, c.Person))
}

// holidays are the public holidays of two years and the weekend days that are worked for them. The year
// after is announced only late in the year before.
var holidays = []calendar.Entry{
	off("2025-01-01", "2025-01-01", "元旦"), on("2025-01-26", "春节调休"), off("2025-01-28", "2025-02-04", "春节"),
	on("2025-02-08", "春节调休"), off("2025-04-04", "2025-04-06", "清明节"), on("2025-04-27", "劳动节调休"),
	off("2025-05-01", "2025-05-05", "劳动节"), off("2025-05-31", "2025-06-02", "端午节"), on("2025-09-28", "国庆节调休"),
	off("2025-10-01", "2025-10-08", "国庆节、中秋节"), on("2025-10-11", "国庆节调休"),
	off("2026-01-01", "2026-01-03", "元旦"), on("2026-01-04", "元旦调休"), on("2026-02-14", "春节调休"),
	off("2026-02-15", "2026-02-23", "春节"), on("2026-02-28", "春节调休"), off("2026-04-04", "2026-04-06", "清明节"),
	off("2026-05-01", "2026-05-05", "劳动节"), on("2026-05-09", "劳动节调休"), off("2026-06-19", "2026-06-21", "端午节"),
	on("2026-09-20", "国庆节调休"), off("2026-09-25", "2026-09-27", "中秋节"), off("2026-10-01", "2026-10-07", "国庆节"),
	on("2026-10-10", "国庆节调休"),
}

func off(from, to clock.Day, name string) calendar.Entry {
	return calendar.Entry{From: from, To: to, Kind: calendar.Holiday, Name: name}
}

func on(day clock.Day, name string) calendar.Entry {
	return calendar.Entry{From: day, To: day, Kind: calendar.Workday, Name: name}
}
