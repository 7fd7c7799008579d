package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
)

// NotifyKind is the job that sends notifications.
const NotifyKind = "sandbox.notify"

// event is a notification on its way.
type event struct {
	ID        string
	Batch     string
	Kind      string // trade: the last part of the path
	EventType string // TRANSACTION.SUCCESS
	Resource  json.RawMessage
	Probe     bool // its first try carries a wrong signature
	Again     bool // it is sent once more after it was accepted
	CreatedAt time.Time
}

// retries are the channel's waits between one try and the next, in business time.
var retries = []time.Duration{15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute, 20 * time.Minute,
	30 * time.Minute, 30 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour}

// sendersMax is how many notifications of a batch go out at once.
const sendersMax = 64

// sending is the payload of the job: a batch, and how many tries it had.
type sending struct {
	Batch string `json:"batch"`
	Tries int    `json:"tries"`
}

// notifyIn tells the provider of something that happened in the transaction: the resource is sealed, the
// envelope signed, and sent until it is accepted or a day is over. A drawn fault brings its delay, its probe,
// its repetition, and, where it is to be overtaken by what happens later, some seconds more.
func (w *WeChat) notifyIn(ctx context.Context, tx db.Tx, kind, eventType string, resource any, f Fault) error {
	e, err := w.newEvent(ctx, tx, kind, eventType, resource, f)
	if err != nil {
		return err
	}
	if err := w.store.addEvents(ctx, tx, []event{e}); err != nil {
		return err
	}
	return enqueueSending(ctx, tx, sending{Batch: e.Batch}, e.CreatedAt.Add(f.Delay+f.Late))
}

func (w *WeChat) newEvent(ctx context.Context, tx db.Tx, kind, eventType string, resource any, f Fault) (event, error) {
	text, err := json.Marshal(resource)
	if err != nil {
		return event{}, fmt.Errorf("notification: %w", err)
	}
	numbers, err := w.store.numbers(ctx, tx, 1)
	if err != nil {
		return event{}, err
	}
	e := event{Kind: kind, EventType: eventType, Resource: text, Probe: f.SignTest, Again: f.Duplicate, CreatedAt: w.cfg.Business.Now()}
	e.ID = eventID(e.CreatedAt, numbers[0])
	e.Batch = e.ID
	return e, nil
}

func eventID(at time.Time, number int64) string {
	return fmt.Sprintf("EV-%s%010d", at.In(clock.Beijing).Format("20060102150405"), number)
}

func enqueueSending(ctx context.Context, tx db.Tx, s sending, due time.Time) error {
	return job.Enqueue(ctx, tx, job.Job{Kind: NotifyKind, Key: s.Batch + "/" + strconv.Itoa(s.Tries), Payload: s, Due: due})
}

// Deliver is the handler of NotifyKind.
func (w *WeChat) Deliver(ctx context.Context, r job.Run) error {
	var s sending
	if err := r.Decode(&s); err != nil {
		return err
	}
	_, err := w.try(ctx, s)
	return err
}

// try sends what of a batch was not accepted yet, and puts down the next try of what fails again.
func (w *WeChat) try(ctx context.Context, s sending) (failed map[string]error, err error) {
	waiting, err := w.store.waiting(ctx, s.Batch)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	tried := w.sendAll(ctx, waiting, s.Tries == 0)
	if ctx.Err() != nil {
		return nil, ctx.Err() // nothing is known of what was cut off: this try is made again
	}
	now, failed := w.cfg.Business.Now(), map[string]error{}
	for id, err := range tried {
		if err != nil {
			failed[id] = err
		}
	}
	err = w.store.db.InTx(ctx, func(tx db.Tx) error {
		if err := w.store.tried(ctx, tx, tried, now); err != nil {
			return err
		}
		if len(failed) == 0 || s.Tries >= len(retries) {
			return nil
		}
		return enqueueSending(ctx, tx, sending{Batch: s.Batch, Tries: s.Tries + 1}, now.Add(retries[s.Tries]))
	})
	return failed, err
}

// sendAll sends some notifications side by side and tells what became of each.
func (w *WeChat) sendAll(ctx context.Context, all []event, first bool) map[string]error {
	var mu sync.Mutex
	tried := make(map[string]error, len(all))
	next := make(chan event)
	var senders sync.WaitGroup
	for range min(sendersMax, len(all)) {
		senders.Go(func() {
			for e := range next {
				err := w.post(ctx, e, first && e.Probe)
				if err == nil && e.Again {
					err = w.post(ctx, e, false)
				}
				mu.Lock()
				tried[e.ID] = err
				mu.Unlock()
			}
		})
	}
	for _, e := range all {
		next <- e
	}
	close(next)
	senders.Wait()
	return tried
}
