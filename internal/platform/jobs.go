package platform

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// ErrNotDead refuses to try again what is not at its end.
var ErrNotDead = fault.New("platform.not_dead")

// JobKinds counts the jobs that are not done, by kind.
func (o *Office) JobKinds(ctx context.Context, p access.Platform) ([]job.KindCount, error) {
	if err := p.Require(access.OpsJobsRead); err != nil {
		return nil, err
	}
	return job.Kinds(ctx, o.db.PG(), o.clock.Now())
}

// Jobs lists jobs, the newest first.
func (o *Office) Jobs(ctx context.Context, p access.Platform, f job.Filter) ([]job.Listed, bool, error) {
	if err := p.Require(access.OpsJobsRead); err != nil {
		return nil, false, err
	}
	return job.List(ctx, o.db.PG(), f, o.clock.Now())
}

// RetryJob tries a dead job again, from its first attempt. It refuses with ErrNotDead, also where there
// is no such job.
func (o *Office) RetryJob(ctx context.Context, tx db.Tx, p access.Platform, id uuid.UUID, from audit.From) error {
	if err := p.Require(access.OpsJobsRetry); err != nil {
		return err
	}
	now := o.clock.Now()
	j, err := job.Retry(ctx, tx, id, now)
	switch {
	case errors.Is(err, job.ErrNotDead):
		return ErrNotDead
	case err != nil:
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Merchant: access.PlatformID, Actor: p.Actor().Name, Account: p.Actor().Account,
		Action: "job.retry", Object: id.String(), Outcome: audit.Done, From: from, At: now,
		Details: map[string]any{"kind": j.Kind, "key": j.Key, "merchant": j.Merchant, "error": j.LastError}})
}
