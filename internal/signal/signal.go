// Package signal wakes what waits: a change committed in any process is told to every process by
// PostgreSQL's NOTIFY, and there to everyone who subscribed to its topic. A signal carries no
// news but "look again"; it may come late or twice, never instead of reading the state.
package signal

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

const channel = "zhanggui"

// reconnect is how long the listener waits after losing its connection.
const reconnect = time.Second

// Notify tells the topic when the transaction commits.
func Notify(ctx context.Context, tx db.Tx, topic string) error {
	if _, err := tx.PG().Exec(ctx, "SELECT pg_notify($1, $2)", channel, topic); err != nil {
		return fmt.Errorf("notify %s: %w", topic, err)
	}
	return nil
}

// Hub hands signals to the waiters of this process.
type Hub struct {
	mu      sync.Mutex
	waiters map[string]map[chan struct{}]struct{}
}

// NewHub makes a hub; Run feeds it.
func NewHub() *Hub { return &Hub{waiters: map[string]map[chan struct{}]struct{}{}} }

// Subscribe returns a channel that gets a value after the topic was told. One pending value
// stands for any number of signals.
func (h *Hub) Subscribe(topic string) (woken <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiters[topic] == nil {
		h.waiters[topic] = map[chan struct{}]struct{}{}
	}
	h.waiters[topic][c] = struct{}{}
	return c, func() { h.unsubscribe(topic, c) }
}

func (h *Hub) unsubscribe(topic string, c chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiters[topic], c)
	if len(h.waiters[topic]) == 0 {
		delete(h.waiters, topic)
	}
}

// Wake tells a topic inside this process only.
func (h *Hub) Wake(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.waiters[topic] {
		wake(c)
	}
}

func (h *Hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, cs := range h.waiters {
		for c := range cs {
			wake(c)
		}
	}
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run listens on one connection until ctx ends. After a lost connection everyone is woken once,
// because a signal may have been missed.
func (h *Hub) Run(ctx context.Context, dsn string) {
	for ctx.Err() == nil {
		if err := h.listen(ctx, dsn); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "signals lost, listening again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(reconnect):
		}
	}
}

func (h *Hub) listen(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	h.wakeAll()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait: %w", err)
		}
		h.Wake(n.Payload)
	}
}
