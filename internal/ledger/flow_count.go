package ledger

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// FlowCountKind is the job that counts all rows of a filter; one of a merchant runs at a time.
const FlowCountKind = "ledger.count"

// flowQueryMax bounds a filter's text.
const flowQueryMax = 2000

// FlowCount is a question after the sums of a filter that a page does not add up, and its answer. What is
// booked after AskedAt is not in it.
type FlowCount struct {
	MerchantID int64
	ID         uuid.UUID
	AccountID  uuid.UUID // who asked
	Query      string    // the filter as an address has it
	FlowTotals
	AskedAt    time.Time
	FinishedAt *time.Time
}

// Filter is what is counted: no later than the question.
func (c FlowCount) Filter() (FlowFilter, error) {
	v, err := url.ParseQuery(c.Query)
	if err != nil {
		return FlowFilter{}, fault.New("ledger.count_query").On("query")
	}
	f, err := ParseFlowFilter(v, clock.DayOf(c.AskedAt))
	if f.AsOf.IsZero() {
		f.AsOf = c.AskedAt
	}
	return f, err
}

type countJob struct{ Count string }

// AskCount puts down that a filter's rows are to be counted.
func AskCount(ctx context.Context, tx db.Tx, s access.Scope, query string, at time.Time) (c FlowCount, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return c, err
	}
	c = FlowCount{MerchantID: s.Merchant(), ID: db.NewID(), AccountID: s.Actor().Account, Query: query, AskedAt: at}
	if len(query) > flowQueryMax {
		return c, fault.New("ledger.count_query").On("query")
	}
	if _, err := c.Filter(); err != nil {
		return c, err
	}
	if err := insertCount(ctx, tx, c); err != nil {
		return c, err
	}
	return c, job.Enqueue(ctx, tx, job.Job{Merchant: c.MerchantID, Kind: FlowCountKind, Key: c.ID.String(), Lane: FlowCountKind,
		Payload: countJob{c.ID.String()}, Due: at})
}

// CountHandler counts what was asked for.
func CountHandler(d *db.DB, now clock.Clock) job.Handler {
	return func(ctx context.Context, r job.Run) error {
		var p countJob
		if err := r.Decode(&p); err != nil {
			return err
		}
		id, err := uuid.Parse(p.Count)
		if err != nil {
			return job.Discard(err)
		}
		s := access.Job(r.Merchant, access.System)
		c, err := Count(ctx, d.PG(), s, id)
		switch {
		case errors.Is(err, fault.ErrNotFound):
			return job.Discard(err)
		case err != nil || c.FinishedAt != nil:
			return err
		}
		f, err := c.Filter()
		if err != nil {
			return job.Discard(err)
		}
		if c.FlowTotals, err = countAll(ctx, d.PG(), s, f); err != nil {
			return err
		}
		return d.InTx(ctx, func(tx db.Tx) error { return finishCount(ctx, tx, c, now.Now()) })
	}
}
