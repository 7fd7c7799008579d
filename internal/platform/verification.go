package platform

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/job"
)

// Check looks at one kind of what is stored: how much it looked at, and the first things that are not
// as they must be.
type Check struct {
	Name string // words: catalogue id "ops.check." + name
	Run  func(context.Context, db.Querier) (checked int64, problems []string, err error)
}

// Found is what came of a check.
type Found struct {
	Name     string   `json:"name"`
	OK       bool     `json:"ok"`
	Failed   bool     `json:"failed"` // it did not come to its end
	Checked  int64    `json:"checked"`
	Problems []string `json:"problems"`
	Millis   int64    `json:"millis"`
}

// Verification is one look at everything.
type Verification struct {
	ID         uuid.UUID
	AskedBy    string
	AskedAt    time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
	OK         *bool // nil until it is finished
	Checks     []Found
	Done       int64 // checks done, while it runs
	Total      int64
}

// Problems counts what was found.
func (v Verification) Problems() (n int) {
	for _, c := range v.Checks {
		n += len(c.Problems)
	}
	return n
}

// The jobs of verifying: one that was asked for, and the daily one.
const (
	VerifyKind  = "verification.run"
	VerifyDaily = "verification.daily"
	// VerifyAt is when the daily one runs, after midnight.
	VerifyAt = 3 * time.Hour
)

// verificationsKept bounds how many are kept.
const verificationsKept = 100

// AskVerification asks for a verification, or gives the one that is under way.
func (o *Office) AskVerification(ctx context.Context, tx db.Tx, p access.Platform, from audit.From) (uuid.UUID, error) {
	if err := p.Require(access.OpsVerifyRun); err != nil {
		return uuid.Nil, err
	}
	now := o.clock.Now()
	id, fresh, err := openVerification(ctx, tx, p.Actor().Name, now)
	if err != nil || !fresh {
		return id, err
	}
	err = job.Enqueue(ctx, tx, job.Job{Merchant: access.PlatformID, Kind: VerifyKind, Key: id.String(), Lane: VerifyKind, Payload: id, Due: now})
	if err != nil {
		return id, err
	}
	return id, audit.Write(ctx, tx, audit.Entry{Merchant: access.PlatformID, Actor: p.Actor().Name, Account: p.Actor().Account,
		Action: "verification.ask", Object: id.String(), Outcome: audit.Done, From: from, At: now})
}

// DailyVerification is the job that asks for one every day.
func (o *Office) DailyVerification(ctx context.Context, _ job.Run) error {
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	if err != nil {
		return err
	}
	return o.db.InTx(ctx, func(tx db.Tx) error {
		_, err := o.AskVerification(ctx, tx, p, audit.From{})
		return err
	})
}

// Verify is the job that looks at everything. A check that breaks is told as one: the others go on.
func (o *Office) Verify(ctx context.Context, r job.Run) error {
	var id uuid.UUID
	if err := r.Decode(&id); err != nil {
		return err
	}
	if err := o.db.InTx(ctx, func(tx db.Tx) error { return startVerification(ctx, tx, id, o.clock.Now()) }); err != nil {
		return err
	}
	found := make([]Found, 0, len(o.checks))
	for i, c := range o.checks {
		if err := r.Progress(ctx, int64(i), int64(len(o.checks))); err != nil {
			return err
		}
		f, err := c.look(ctx, o.db.PG())
		if err != nil {
			return err
		}
		found = append(found, f)
	}
	return o.db.InTx(ctx, func(tx db.Tx) error { return o.finish(ctx, tx, id, found) })
}

func (c Check) look(ctx context.Context, q db.Querier) (Found, error) {
	began := clock.Wall()
	n, problems, err := c.Run(ctx, q)
	if errors.Is(err, context.Canceled) { // the program is stopping: another one takes over
		return Found{}, err
	}
	if err != nil {
		slog.ErrorContext(ctx, "a check did not come to its end", "check", c.Name, "error", err)
	}
	if problems == nil {
		problems = []string{}
	}
	return Found{Name: c.Name, OK: err == nil && len(problems) == 0, Failed: err != nil, Checked: n, Problems: problems,
		Millis: clock.Wall().Sub(began).Milliseconds()}, nil
}

// finish keeps what was found, and tells the platform's admins of a breach.
func (o *Office) finish(ctx context.Context, tx db.Tx, id uuid.UUID, found []Found) error {
	ok, now := true, o.clock.Now()
	for _, f := range found {
		ok = ok && f.OK
	}
	if err := saveVerification(ctx, tx, id, ok, found, now); err != nil || ok {
		return err
	}
	return inbox.Tell(ctx, tx, inbox.Message{Merchant: access.PlatformID, Role: access.PlatformAdmin, Category: inbox.Security,
		Kind: "verification_failed", Link: "/ops/verification", Args: map[string]string{"Time": clock.Text(now)}, At: now})
}

// Verifications lists the newest ones; the first may be under way.
func (o *Office) Verifications(ctx context.Context, p access.Platform, before uuid.UUID, size int) ([]Verification, bool, error) {
	if err := p.Require(access.OpsVerifyRead); err != nil {
		return nil, false, err
	}
	return listVerifications(ctx, o.db.PG(), before, size)
}
