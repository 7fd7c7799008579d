package web

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/sheet"
	"zhanggui/internal/topup"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsTopUps lists transfers that came and could not be booked.
func (s *site) opsTopUps(v *visit) error {
	m := views.OpsTopUps{First: v.query("cursor") == ""}
	var err error
	if m.Rows, m.Next, err = s.refusedTopUps(v, views.OpsSizes[0]); err != nil {
		return err
	}
	title := v.word("ops_topups.title")
	return v.show(http.StatusOK, views.OpsTopUpsPage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: title})...), m))
}

// refusedTopUps reads a page of the list; a cursor names the last of the page before.
func (s *site) refusedTopUps(v *visit, size int) (rows []topup.Refused, next string, err error) {
	p, err := v.operator()
	if err != nil {
		return nil, "", err
	}
	at, err := refusedPlace(v.query("cursor"))
	if err != nil {
		return nil, "", err
	}
	rows, more, err := topup.Refusals(v.ctx(), s.DB.PG(), p, at, size)
	if more {
		last := rows[len(rows)-1]
		next = strconv.FormatInt(last.FirstAt.UnixMicro(), 10) + "." + mchid(last.Merchant) + "." + last.TransferNo
	}
	return rows, next, err
}

func refusedPlace(cursor string) (at topup.RefusedPlace, err error) {
	if cursor == "" {
		return at, nil
	}
	parts := strings.SplitN(cursor, ".", 3)
	if len(parts) == 3 {
		micro, wrong := strconv.ParseInt(parts[0], 10, 64)
		merchant, bad := strconv.ParseInt(parts[1], 10, 64)
		if wrong == nil && bad == nil && micro > 0 && micro < farFuture {
			return topup.RefusedPlace{At: time.UnixMicro(micro), Merchant: merchant, TransferNo: parts[2]}, nil
		}
	}
	return at, fault.New("trade.page_cursor").On("cursor")
}

// farFuture bounds the moments a cursor may name: the year 9999 in microseconds.
const farFuture = 253_000_000_000_000_000

// refusedWire is a refused transfer in JSON.
type refusedWire struct {
	TransferNo string  `json:"transfer_no"`
	MchID      string  `json:"mchid"`
	Account    string  `json:"account"`
	Amount     int64   `json:"amount"`
	AtFirst    int64   `json:"first_amount"`
	Reference  string  `json:"reference"`
	PayerName  string  `json:"payer_name"`
	Bank       string  `json:"bank"`
	Reason     string  `json:"reason"`
	Tries      int64   `json:"tries"`
	FirstAt    string  `json:"first_at"`
	LastAt     string  `json:"last_at"`
	SettledAt  *string `json:"settled_at"`
}

func (s *site) opsTopUpsJSON(v *visit) error {
	rows, next, err := s.refusedTopUps(v, views.OpsSizes[0])
	if err != nil {
		return err
	}
	out := listing[refusedWire]{Rows: make([]refusedWire, 0, len(rows)), Next: next}
	for _, r := range rows {
		out.Rows = append(out.Rows, refusedWire{TransferNo: r.TransferNo, MchID: mchid(r.Merchant), Account: r.Account, Amount: int64(r.Amount), AtFirst: int64(r.AtFirst),
			Reference: r.Reference, PayerName: r.PayerName, Bank: r.Bank, Reason: r.Reason, Tries: r.Tries, FirstAt: clock.Wire(r.FirstAt),
			LastAt: clock.Wire(r.LastAt), SettledAt: wireTime(r.SettledAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsTopUpsCSV(v *visit) error {
	rows, err := inFull(s.refusedTopUps(v, s.FileRows))
	if err != nil {
		return err
	}
	return v.stream("ops_topups.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops_topups.col.", "time", "merchant", "account", "amount", "first_amount", "transfer_no", "payer", "reference", "reason", "state")...)
		for _, r := range rows {
			if err := out.Row(clock.Text(r.FirstAt), mchid(r.Merchant), r.Account, r.Amount.String(), r.AtFirst.String(), r.TransferNo, r.PayerName, r.Reference,
				views.RefusedReason(v.ctx(), r.Reason), views.RefusedState(v.ctx(), r)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
