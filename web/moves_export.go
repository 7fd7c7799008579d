package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/operations"
	"zhanggui/internal/sheet"
	"zhanggui/views"
)

// moveWire is a move in JSON.
type moveWire struct {
	No          string `json:"transfer_no"`
	From        string `json:"from_account"`
	To          string `json:"to_account"`
	Amount      int64  `json:"amount"`
	Note        string `json:"note"`
	Applicant   string `json:"applicant"`
	SuccessTime string `json:"success_time"`
	FromFlowNo  string `json:"from_flow_no"`
	ToFlowNo    string `json:"to_flow_no"`
}

func (s *site) movesJSON(v *visit) error {
	f, err := operations.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, next, err := s.moveList(v, f, v.moveSize())
	if err != nil {
		return err
	}
	out := listing[moveWire]{Rows: make([]moveWire, 0, len(rows)), Next: next}
	for _, m := range rows {
		from, to := m.FlowNos()
		out.Rows = append(out.Rows, moveWire{No: m.No(), From: string(m.Direction.From()), To: string(m.Direction.To()), Amount: int64(m.Amount), Note: m.Note,
			Applicant: m.MovedBy, SuccessTime: clock.Wire(m.BookedAt), FromFlowNo: from, ToFlowNo: to})
	}
	return v.showJSON(http.StatusOK, out)
}

// movesCSV is all of the filter's moves as a file.
func (s *site) movesCSV(v *visit) error {
	f, err := operations.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, err := inFull(s.moveList(v, f, s.FileRows))
	if err != nil {
		return err
	}
	return v.stream("menu.funds.transfers", func(w io.Writer) error {
		out := sheet.New(w, v.words("moves.col.", "time", "number", "direction", "from", "to", "amount", "by", "note", "from_flow", "to_flow")...)
		for _, m := range rows {
			from, to := m.FlowNos()
			if err := out.Row(clock.Text(m.BookedAt), m.No(), v.word("move.direction."+string(m.Direction)), views.AccountWord(v.ctx(), m.Direction.From()),
				views.AccountWord(v.ctx(), m.Direction.To()), m.Amount.Plain(), m.MovedBy, m.Note, from, to); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
