package web

import (
	"io"
	"net/http"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/sheet"
	"zhanggui/internal/transfer"
	"zhanggui/views"
)

// transferWire is a payment in JSON.
type transferWire struct {
	No          string  `json:"transfer_no"`
	Number      string  `json:"partner_trade_no"`
	PaymentNo   string  `json:"payment_no"`
	Status      string  `json:"status"`
	Amount      int64   `json:"amount"`
	OpenID      string  `json:"openid"`
	CheckName   string  `json:"check_name"`
	Name        string  `json:"re_user_name"`
	Description string  `json:"desc"`
	Account     string  `json:"payer_account"`
	Code        string  `json:"err_code"`
	Reason      string  `json:"reason"`
	Applicant   string  `json:"applicant"`
	CreateTime  string  `json:"transfer_time"`
	EndTime     *string `json:"payment_time"`
}

func (s *site) transfersJSON(v *visit) error {
	f, err := transfer.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, next, err := s.transferList(v, f, v.transferSize())
	if err != nil {
		return err
	}
	out := listing[transferWire]{Rows: make([]transferWire, 0, len(rows)), Next: next}
	payee := v.payee()
	for _, p := range rows {
		w := transferWire{No: p.No(), Number: p.Number, PaymentNo: p.PaymentNo, Status: p.State.Wire(), Amount: int64(p.Amount), OpenID: payee(p.OpenID),
			CheckName: string(p.Check), Name: p.Masked, Description: p.Description, Account: string(p.PaidFrom), Code: p.Code, Applicant: p.Actor,
			CreateTime: clock.Wire(p.MadeAt), EndTime: wireTime(p.EndedAt)}
		if p.State == transfer.Failed {
			w.Reason = transfer.Why(v.ctx(), p.Code, p.Reason)
		}
		out.Rows = append(out.Rows, w)
	}
	return v.showJSON(http.StatusOK, out)
}

// transfersCSV is all of the filter's payments as a file.
func (s *site) transfersCSV(v *visit) error {
	f, err := transfer.ParseFilter(v.query)
	if err != nil {
		return err
	}
	rows, err := inFull(s.transferList(v, f, s.FileRows))
	if err != nil {
		return err
	}
	return v.stream("transfers.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("transfers.col.", "time", "number", "own_number", "payee", "name", "amount", "desc", "account", "state", "reason", "payment_no", "ended", "by")...)
		for _, p := range rows {
			reason := ""
			if p.State == transfer.Failed {
				reason = transfer.Why(v.ctx(), p.Code, p.Reason)
			}
			if err := out.Row(clock.Text(p.MadeAt), p.No(), p.Number, views.MaskPayer(p.OpenID), p.Masked, p.Amount.String(), p.Description,
				views.PayerAccount(v.ctx(), p.PaidFrom), views.TransferState(v.ctx(), p.State), reason, p.PaymentNo, textOr(p.EndedAt, ""), p.Actor); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// transferTemplate is an empty file of payments.
func (s *site) transferTemplate(v *visit) error {
	return v.stream("transfer_files.template_name", func(w io.Writer) error {
		out := sheet.New(w, v.words("transfer.column.", transfer.Columns...)...)
		return out.Flush()
	})
}

// transferFileWire is a file in JSON.
type transferFileWire struct {
	ID         string  `json:"id"`
	FileName   string  `json:"file_name"`
	State      string  `json:"state"`
	Rows       int64   `json:"rows"`
	Faults     int64   `json:"fault_rows"`
	Total      int64   `json:"total"`
	Accepted   int64   `json:"accepted"`
	Hash       string  `json:"sha256"`
	Actor      string  `json:"actor"`
	UploadTime string  `json:"upload_time"`
	EndTime    *string `json:"end_time"`
}

func (s *site) transferFilesJSON(v *visit) error {
	list, next, _, err := s.fileList(v)
	if err != nil {
		return err
	}
	out := listing[transferFileWire]{Rows: make([]transferFileWire, 0, len(list)), Next: next}
	for _, f := range list {
		out.Rows = append(out.Rows, transferFileWire{ID: f.ID.String(), FileName: f.Name, State: string(f.State), Rows: f.Rows, Faults: f.Faults,
			Total: int64(f.Total), Accepted: f.Accepted, Hash: f.Hash, Actor: f.Actor, UploadTime: clock.Wire(f.UploadedAt), EndTime: wireTime(f.EndedAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) transferFilesCSV(v *visit) error {
	list, next, _, err := s.fileList(v)
	if list, err = inFull(list, next, err); err != nil {
		return err
	}
	return v.stream("transfer_files.list", func(w io.Writer) error {
		out := sheet.New(w, v.words("transfer_files.col.", "time", "file", "by", "rows", "total", "state")...)
		for _, f := range list {
			if err := out.Row(clock.Text(f.UploadedAt), f.Name, f.Actor, strconv.FormatInt(f.Rows, 10), f.Total.String(), views.TransferFileState(v.ctx(), f.State)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// transferFileRows is a file's result, row by row. Whole openids are for those who pay by such files; that they
// took them out stands in the log before the first line leaves.
func (s *site) transferFileRows(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	f, _, err := transfer.GetFile(v.ctx(), s.DB.PG(), v.scope, id)
	if err != nil {
		return err
	}
	rows, _, err := transfer.FileRows(v.ctx(), s.DB.PG(), v.scope, id, 0, false, transfer.FileRowsMax)
	if err != nil {
		return err
	}
	if v.Request().Method == http.MethodHead {
		return v.NoContent(http.StatusOK)
	}
	if v.scope.May(access.TransferMake) {
		err := s.DB.InTx(v.ctx(), func(tx db.Tx) error { return audit.Write(v.ctx(), tx, v.fileExportEntry(f)) })
		if err != nil {
			return err
		}
	}
	payee := v.payee()
	return v.stream("transfer_file.result_name", func(w io.Writer) error {
		out := sheet.New(w, v.words("transfer_file.col.", "line", "openid", "name", "amount", "desc", "own_number", "result", "reason", "number", "payment_no", "ended")...)
		for _, r := range rows {
			no, paymentNo, ended, amount := "", "", "", r.Amount.String()
			if r.Payment != nil {
				no, paymentNo, ended = r.Payment.No(), r.Payment.PaymentNo, textOr(r.Payment.EndedAt, "")
			}
			if r.Typed != "" {
				amount = r.Typed
			}
			if err := out.Row(strconv.Itoa(int(r.Line)), payee(r.OpenID), r.Masked, amount, r.Description, r.Number, views.RowResult(v.ctx(), f.State, r),
				views.RowReason(v.ctx(), r), no, paymentNo, ended); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// payee writes openids as the reader may have them: whole for those who pay, masked for all others.
func (v *visit) payee() func(string) string {
	if v.scope.May(access.TransferMake) {
		return func(openid string) string { return openid }
	}
	return views.MaskPayer
}

// fileExportEntry says which file's payees were taken out.
func (v *visit) fileExportEntry(f transfer.File) audit.Entry {
	who := v.scope.Actor()
	return audit.Entry{Merchant: v.scope.Merchant(), Actor: who.Name, Account: who.Account, Action: "transfer.export", Object: f.Name,
		Outcome: audit.Done, From: v.from(), At: v.site.Clock.Now(), Details: map[string]any{"rows": f.Rows}}
}
