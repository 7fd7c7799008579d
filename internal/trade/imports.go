package trade

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/trade/bill"
)

// State is how far an import has come.
type State string

// The states. Queued and Running go on, the others are ends.
const (
	Queued  State = "queued"
	Running State = "running"
	Done    State = "done"
	Refused State = "refused" // the file is at fault; nothing was kept
	Failed  State = "failed"  // we are at fault; nothing was kept

	// Interrupted is how a running import reads whose process is gone, with no job to take it up again;
	// nothing was kept.
	Interrupted State = "interrupted"
)

// Ended tells whether nothing more will happen.
func (s State) Ended() bool { return s == Done || s == Refused || s == Failed || s == Interrupted }

// Import is one bill file and what came of it.
type Import struct {
	MerchantID int64
	ID         uuid.UUID
	FileName   string
	Size       int64
	State      State
	Layout     bill.Layout
	Actor      string // login@mchid, or system
	AccountID  *uuid.UUID
	QueuedAt   time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
	DoneBytes  int64
	RowCount   int64
	NewTrades  int64
	NewRefunds int64
	FaultLines int64
	Report     Report
}

// breath names the lock that the process of an import holds while it lives; see importState. The id's
// random half never equals another family of locks: its first bit makes it negative.
func breath(id uuid.UUID) int64 { return int64(binary.BigEndian.Uint64(id[8:])) } //nolint:gosec // all 64 bits are the name

// nameMax bounds a file's name, in characters.
const nameMax = 255

func newImport(s access.Scope, name string, size int64, at time.Time) Import {
	i := Import{MerchantID: s.Merchant(), ID: db.NewID(), FileName: fileName(name), Size: min(size, bill.FileMax),
		State: Queued, Actor: s.Actor().Name, QueuedAt: at}
	if account := s.Actor().Account; account != uuid.Nil {
		i.AccountID = &account
	}
	return i
}

// fileName is what is kept of the name a browser or a command gives: no folders, nothing unprintable.
func fileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, name)
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return "-"
	}
	return string(runes[:min(len(runes), nameMax)])
}

// end closes the import with its report.
func (i *Import) end(s State, p Report, at time.Time) {
	i.State, i.FinishedAt, i.Report = s, &at, p
	i.Layout, i.RowCount, i.FaultLines = p.Layout, p.Rows, p.FaultLines
	i.NewTrades, i.NewRefunds = 0, 0
	if s == Done {
		i.NewTrades, i.NewRefunds, i.DoneBytes = p.NewTrades, p.NewRefunds, i.Size
	}
}

// Percent is the progress as people read it; an import under way never says 100.
func (i Import) Percent() int {
	switch {
	case i.State == Done:
		return 100
	case i.Size == 0:
		return 0
	}
	return int(min(i.DoneBytes*100/i.Size, 99))
}
