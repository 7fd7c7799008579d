package sandbox

import (
	"context"

	"zhanggui/internal/db"
)

// Entry is one line of the channel's own book. Its JSON is the demo's contract.
type Entry struct {
	Operation string `json:"operation"`
	OutNo     string `json:"out_no"`
	MchID     string `json:"mchid"`
	Amount    int64  `json:"amount"`
	Status    string `json:"status"`
	Effects   int    `json:"effects"` // how often the money really moved
}

// Book lists what the channel did, in the order in which it first did it.
func (w *WeChat) Book(ctx context.Context) ([]Entry, error) { return w.store.book(ctx) }

// enter writes what the channel did: a first line, or a new status of one, with one effect more where
// the money moved (again).
func (w *WeChat) enter(ctx context.Context, tx db.Tx, e Entry) error {
	return w.store.enter(ctx, tx, []Entry{e}, w.cfg.Business.Now())
}
