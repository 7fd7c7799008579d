package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/sheet"
	"zhanggui/views"
)

// approvalWire is an approval in JSON.
type approvalWire struct {
	ID         string  `json:"id"`
	Action     string  `json:"action"`
	Title      string  `json:"title"`
	Amount     *int64  `json:"amount"`
	Maker      string  `json:"maker"`
	State      string  `json:"state"`
	Reason     string  `json:"reason"`
	AskedAt    string  `json:"asked_at"`
	LapsesAt   string  `json:"lapses_at"`
	EndedAt    *string `json:"ended_at"`
	Checker    string  `json:"checker"`
	AnsweredAt *string `json:"answered_at"`
}

func approvalOf(r confirm.ApprovalRow) approvalWire {
	w := approvalWire{ID: r.ID.String(), Action: r.Action, Title: r.Words.Title, Maker: r.Maker, State: string(r.State),
		AskedAt: clock.Wire(r.AskedAt), LapsesAt: clock.Wire(r.LapsesAt), EndedAt: wireTime(r.EndedAt), Checker: r.Checker,
		AnsweredAt: wireTime(r.AnsweredAt)}
	if r.Amount > 0 {
		fen := int64(r.Amount)
		w.Amount = &fen
	}
	if r.Reason != nil {
		w.Reason = r.Reason.Code
	}
	return w
}

func (s *site) approvalsJSON(v *visit) error {
	m, err := s.approvalList(v)
	if err != nil {
		return err
	}
	out := listing[approvalWire]{Rows: make([]approvalWire, 0, len(m.Rows)), Next: m.Next}
	for _, r := range m.Rows {
		out.Rows = append(out.Rows, approvalOf(r))
	}
	return v.showJSON(http.StatusOK, out)
}

// approvalsCSV is all of the filter's approvals as a file.
func (s *site) approvalsCSV(v *visit) error {
	m, err := s.approvalList(v)
	rows, err := inFull(m.Rows, m.Next, err)
	if err != nil {
		return err
	}
	return v.stream("approval.page.records", func(w io.Writer) error {
		out := sheet.New(w, v.words("approval.col.", "time", "title", "maker", "amount", "state", "until", "checker", "ended")...)
		for _, r := range rows {
			if err := out.Row(clock.Text(r.AskedAt), r.Words.Title, r.Maker, views.ApprovalAmount(r), views.ApprovalState(v.ctx(), r),
				clock.Text(r.LapsesAt), r.Checker, views.ApprovalEnd(r)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
