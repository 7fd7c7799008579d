package db

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// Counter counts the statements made on behalf of one context: how many a page needs is a promise
// that tests hold us to.
type Counter struct{ n atomic.Int64 }

// Statements is how many there were, without those that only begin and end transactions.
func (c *Counter) Statements() int { return int(c.n.Load()) }

type counterKey struct{}

// Counting makes the statements of ctx count.
func Counting(ctx context.Context, c *Counter) context.Context {
	return context.WithValue(ctx, counterKey{}, c)
}

// counting is the tracer of all connections; where nobody counts it does nothing.
type counting struct{}

var _ pgx.QueryTracer = counting{}

func (counting) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok && !bracket(data.SQL) {
		c.n.Add(1)
	}
	return ctx
}

func (counting) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// bracket tells the statements that only hold a transaction together.
func bracket(sql string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(sql)), " ")
	switch strings.TrimSuffix(word, ";") {
	case "begin", "commit", "rollback", "savepoint", "release", "set":
		return true
	}
	return false
}
