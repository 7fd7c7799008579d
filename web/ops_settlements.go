package web

import (
	"io"
	"net/http"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/settlement"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsSettlements is what of all merchants' settlements is under way.
func (s *site) opsSettlements(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	rows, next, err := s.openSettlements(v, p)
	if err != nil {
		return err
	}
	m := views.OpsSettlements{Asked: v.asked, Rows: rows, Next: next, First: v.query("cursor") == ""}
	title := v.word("ops.settlement.title")
	return v.show(http.StatusOK, views.OpsSettlementsPage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: title})...), m))
}

// openSettlements reads the page of the address. What is no state of an open line is not found.
func (s *site) openSettlements(v *visit, p access.Platform) (rows []settlement.Open, next string, err error) {
	f := settlement.WatchFilter{State: settlement.State(v.query("state")), Limit: v.rows(views.OpsSizes[0])}
	if f.State != "" && !slices.Contains(settlement.Watched, f.State) {
		return nil, "", fault.ErrNotFound
	}
	if f.After, err = settlement.ParseSpot(v.query("cursor")); err != nil {
		return nil, "", err
	}
	rows, more, err := settlement.Watch(v.ctx(), s.DB.PG(), p, f)
	if more {
		last := rows[len(rows)-1]
		next = settlement.Spot{Merchant: last.Merchant, Day: last.Day}.String()
	}
	return rows, next, err
}

// openWire is a line under way in JSON.
type openWire struct {
	MchID  string `json:"mchid"`
	Day    string `json:"day"`
	Count  int64  `json:"count"`
	Net    int64  `json:"net"`
	State  string `json:"state"`
	PayDay string `json:"pay_day"`
	BankNo string `json:"bank_no"`
	Reason string `json:"reason"`
	Done   int64  `json:"done"`
	Total  int64  `json:"total"`
	Error  string `json:"last_error"`
}

func (s *site) opsSettlementsJSON(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	rows, next, err := s.openSettlements(v, p)
	if err != nil {
		return err
	}
	out := listing[openWire]{Rows: make([]openWire, len(rows)), Next: next}
	for i, o := range rows {
		out.Rows[i] = openWire{MchID: mchid(o.Merchant), Day: o.Day.String(), Count: o.Count, Net: int64(o.Net), State: string(o.State),
			PayDay: o.PayDay.String(), BankNo: o.BankNo, Reason: o.Reason, Done: o.Done, Total: o.Total, Error: o.Error}
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsSettlementsCSV(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	rows, err := inFull(s.openSettlements(v, p))
	if err != nil {
		return err
	}
	return v.stream("ops.settlement.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops.settlement.col.", "merchant", "day", "count", "net", "state", "pay_day", "bank_no", "reason", "progress")...)
		for _, o := range rows {
			err := out.Row(mchid(o.Merchant), o.Day.String(), whole(o.Count), o.Net.Plain(), views.LineState(v.ctx(), o.State), o.PayDay.String(),
				o.BankNo, o.Reason, whole(o.Done)+"/"+whole(o.Total))
			if err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
