package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/sheet"
	"zhanggui/internal/topup"
	"zhanggui/views"
)

// topUpWire is a top-up in JSON.
type topUpWire struct {
	No         string  `json:"topup_no"`
	Account    string  `json:"account"`
	Amount     int64   `json:"amount"`
	Status     string  `json:"status"`
	Reference  string  `json:"reference"`
	PayerName  string  `json:"payer_name"`
	TransferNo string  `json:"transfer_no"`
	CreateTime string  `json:"create_time"`
	ArriveTime *string `json:"arrive_time"`
	FlowNo     string  `json:"flow_no"`
}

func (s *site) topUpsJSON(v *visit) error {
	f, err := topup.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, next, err := s.topUpList(v, f, v.topUpSize())
	if err != nil {
		return err
	}
	out := listing[topUpWire]{Rows: make([]topUpWire, 0, len(rows)), Next: next}
	for _, t := range rows {
		out.Rows = append(out.Rows, topUpWire{No: t.No(), Account: string(t.Account), Amount: int64(t.Amount), Status: t.State.Wire(),
			Reference: t.Reference, PayerName: t.PayerName, TransferNo: t.TransferNo, CreateTime: clock.Wire(t.CreatedAt),
			ArriveTime: wireTime(t.ArrivedAt), FlowNo: t.FlowNo()})
	}
	return v.showJSON(http.StatusOK, out)
}

// topUpsCSV is all of the filter's top-ups as a file.
func (s *site) topUpsCSV(v *visit) error {
	f, err := topup.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, err := inFull(s.topUpList(v, f, s.FileRows))
	if err != nil {
		return err
	}
	return v.stream("topups.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("topups.col.", "time", "number", "account", "amount", "state", "reference", "payer", "transfer_no", "arrived", "flow_no")...)
		for _, t := range rows {
			arrived := ""
			if t.ArrivedAt != nil {
				arrived = clock.Text(*t.ArrivedAt)
			}
			if err := out.Row(clock.Text(t.CreatedAt), t.No(), topup.AccountWord(v.ctx(), string(t.Account)), views.TopUpAmount(v.ctx(), t),
				views.TopUpState(v.ctx(), string(t.State)), t.Reference, t.PayerName, t.TransferNo, arrived, t.FlowNo()); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
