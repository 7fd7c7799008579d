package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/difference"
	"zhanggui/internal/fault"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsChannel is what the channel said against what stands, of all that it is asked to do.
func (s *site) opsChannel(v *visit) error {
	rows, next, err := s.differences(v)
	if err != nil {
		return err
	}
	m := views.OpsChannel{Asked: v.asked, Rows: rows, Next: next, First: v.query("cursor") == ""}
	title := v.word("ops_channel.title")
	return v.show(http.StatusOK, views.OpsChannelPage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: title})...), m))
}

// differences reads the page of the address. What is no operation is not found.
func (s *site) differences(v *visit) (rows []difference.Difference, next string, err error) {
	p, err := v.operator()
	if err != nil {
		return nil, "", err
	}
	f := difference.Filter{Operation: difference.Operation(v.query("operation")), Limit: v.rows(views.OpsSizes[0])}
	if f.Operation != "" && !f.Operation.Known() {
		return nil, "", fault.ErrNotFound
	}
	if f.Before, err = difference.ParseSpot(v.query("cursor")); err != nil {
		return nil, "", err
	}
	rows, more, err := difference.List(v.ctx(), s.DB.PG(), p, f)
	if more {
		last := rows[len(rows)-1]
		next = difference.Spot{At: last.LastAt, Number: last.Number, Said: last.Said}.String()
	}
	return rows, next, err
}

// differenceWire is a difference in JSON.
type differenceWire struct {
	MchID     string `json:"mchid"`
	Operation string `json:"operation"`
	OutNo     string `json:"out_no"`
	Said      string `json:"said"`
	Stood     string `json:"stood"`
	Times     int64  `json:"times"`
	FirstAt   string `json:"first_at"`
	LastAt    string `json:"last_at"`
}

func (s *site) opsChannelJSON(v *visit) error {
	rows, next, err := s.differences(v)
	if err != nil {
		return err
	}
	out := listing[differenceWire]{Rows: make([]differenceWire, len(rows)), Next: next}
	for i, d := range rows {
		out.Rows[i] = differenceWire{MchID: mchid(d.Merchant), Operation: string(d.Operation), OutNo: d.Number, Said: d.Said, Stood: d.Stood,
			Times: d.Times, FirstAt: clock.Wire(d.FirstAt), LastAt: clock.Wire(d.LastAt)}
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsChannelCSV(v *visit) error {
	rows, err := inFull(s.differences(v))
	if err != nil {
		return err
	}
	return v.stream("ops_channel.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops_channel.col.", "last_at", "merchant", "operation", "number", "said", "stood", "times")...)
		for _, d := range rows {
			if err := out.Row(clock.Text(d.LastAt), mchid(d.Merchant), views.Operation(v.ctx(), d.Operation), d.Number,
				views.DifferenceWord(v.ctx(), d.Said), views.DifferenceWord(v.ctx(), d.Stood), whole(d.Times)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
