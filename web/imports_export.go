package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/sheet"
	"zhanggui/internal/trade"
	"zhanggui/views"
)

// importWire is an import in JSON.
type importWire struct {
	ID         string  `json:"id"`
	FileName   string  `json:"file_name"`
	Size       int64   `json:"size"`
	State      string  `json:"state"`
	Actor      string  `json:"actor"`
	QueuedAt   string  `json:"queued_at"`
	FinishedAt *string `json:"finished_at"`
	Rows       int64   `json:"rows"`
	NewTrades  int64   `json:"new_trades"`
	NewRefunds int64   `json:"new_refunds"`
	FaultLines int64   `json:"fault_lines"`

	Lines []trade.Line `json:"lines"` // between the file's summary and the books
}

func (s *site) importsJSON(v *visit) error {
	list, next, _, err := s.importList(v)
	if err != nil {
		return err
	}
	out := listing[importWire]{Rows: make([]importWire, 0, len(list)), Next: next}
	for _, i := range list {
		out.Rows = append(out.Rows, importWire{ID: i.ID.String(), FileName: i.FileName, Size: i.Size, State: string(i.State),
			Actor: i.Actor, QueuedAt: clock.Wire(i.QueuedAt), FinishedAt: wireTime(i.FinishedAt), Rows: i.RowCount,
			NewTrades: i.NewTrades, NewRefunds: i.NewRefunds, FaultLines: i.FaultLines, Lines: append([]trade.Line{}, i.Report.Lines...)})
	}
	return v.showJSON(http.StatusOK, out)
}

// importsCSV is all imports as a file.
func (s *site) importsCSV(v *visit) error {
	list, next, _, err := s.importList(v)
	if list, err = inFull(list, next, err); err != nil {
		return err
	}
	return v.stream("imports.records", func(w io.Writer) error {
		out := sheet.New(w, v.words("imports.col.", "time", "file", "by", "lines", "new_trades", "new_refunds", "faults", "state", "lines_apart")...)
		for _, i := range list {
			if err := out.Row(clock.Text(i.QueuedAt), i.FileName, views.ImportedBy(v.ctx(), i), views.WhenDone(i, i.RowCount), views.WhenDone(i, i.NewTrades),
				views.WhenDone(i, i.NewRefunds), views.WhenRefused(i), views.ImportState(v.ctx(), i.State), views.ImportLines(v.ctx(), i)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
