package views

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
	"zhanggui/internal/transfer"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// TransferFiles takes a file of payments and lists those that were taken.
type TransferFiles struct {
	transfer.Standing
	Rows   []transfer.File
	Next   string
	First  bool
	May    bool
	Once   string
	Faults []*fault.Refusal
}

var fileColours = map[transfer.FileState]ui.State{transfer.Faulty: ui.Failed, transfer.Checked: ui.Needs, transfer.Accepting: ui.Moving,
	transfer.Sending: ui.Moving, transfer.Done: ui.Done}

// TransferFileState says how far a file is.
func TransferFileState(ctx context.Context, s transfer.FileState) string {
	return say(ctx, "transfer.file_state."+string(s))
}

// TransferFileHref is the address of a file.
func TransferFileHref(id uuid.UUID) string { return transfer.FilesPath + "/" + id.String() }

func (m TransferFiles) field(ctx context.Context) ui.Field {
	return ui.Field{Name: "file", Label: say(ctx, "transfer_files.file"), Accept: ".csv,text/csv", Required: true,
		Hint:  words.F(ctx, "transfer_files.limits", words.Args{"MiB": transfer.FileBytesMax >> 20, "Rows": thousands(transfer.FileRowsMax)}),
		Error: refused(ctx, m.Faults, "file")}
}

func (m TransferFiles) grid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "transfer_files.list"), Rows: true, Columns: columnsOf(ctx, "transfer_files.col.", "time", "file", "by", "#rows", "#total", "state")}
}

func (m TransferFiles) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "transfer_files.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = transfer.FilesPath
	}
	if m.Next != "" {
		g.Next = transfer.FilesPath + "?cursor=" + m.Next
	}
	return g
}

func (m TransferFiles) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: transfer.FilesPath + ".csv"}, {Word: say(ctx, "trades.export_json"), Href: transfer.FilesPath + ".json"}}
}

// TransferFile is one file of payments.
type TransferFile struct {
	transfer.File
	Sums  transfer.FileSums
	Stand transfer.Standing // of a file that waits to be confirmed
	Rows  []transfer.Row    // faulty ones first looked at alone; else a page of all
	Next  int32             // line after which the next page begins; 0: none
	First bool
	May   bool
	Once  ui.Pair
	Short *ui.Note // the paying account cannot cover it
	Wrong []ui.Fault
}

func (m TransferFile) href() string { return TransferFileHref(m.ID) }

func (m TransferFile) lead(ctx context.Context) string {
	lead := words.F(ctx, "transfer_file.by", words.Args{"By": m.Actor, "Time": moment(m.UploadedAt), "Size": bytesText(m.Size)})
	if m.ConfirmedAt != nil {
		lead += words.F(ctx, "transfer_file.confirmed_by", words.Args{"By": m.Confirmer, "Time": moment(*m.ConfirmedAt)})
	}
	return lead
}

// covered tells whether the paying account covers the file.
func (m TransferFile) covered() bool { return m.Stand.Short(m.Total) == 0 }

func (m TransferFile) meter(ctx context.Context) ui.Meter {
	if m.State == transfer.Accepting {
		return ui.Meter{Word: say(ctx, "transfer_file.accepting"), Done: m.Decided, Total: m.File.Rows,
			Text: words.F(ctx, "transfer_file.of", words.Args{"Done": thousands(m.Decided), "Total": thousands(m.File.Rows)})}
	}
	ended := m.Sums.Paid + m.Sums.Failed
	return ui.Meter{Word: say(ctx, "transfer_file.sending"), Done: ended, Total: m.Accepted,
		Text: words.F(ctx, "transfer_file.of", words.Args{"Done": thousands(ended), "Total": thousands(m.Accepted)})}
}

// unpaid counts the rows that came to nothing.
func (m TransferFile) unpaid() int64 { return m.Sums.Failed + m.Decided - m.Accepted }

func (m TransferFile) outcome(ctx context.Context) ui.Note {
	args := words.Args{"Rows": thousands(m.File.Rows), "Faults": thousands(m.Faults), "Paid": thousands(m.Sums.Paid), "Amount": m.Sums.PaidAmount.String(),
		"Unpaid": thousands(m.unpaid())}
	switch {
	case m.State == transfer.Faulty:
		return ui.Note{Kind: ui.Failed, Strong: say(ctx, "transfer_file.faulty"), Text: words.F(ctx, "transfer_file.faulty_text", args)}
	case m.State == transfer.Checked:
		return ui.Note{Kind: ui.Done, Strong: say(ctx, "transfer_file.checked"), Text: words.F(ctx, "transfer_file.checked_text", args)}
	case m.unpaid() == 0:
		return ui.Note{Kind: ui.Done, Strong: say(ctx, "transfer_file.done"), Text: words.F(ctx, "transfer_file.done_text", args)}
	}
	return ui.Note{Kind: ui.Needs, Strong: say(ctx, "transfer_file.partly"), Text: words.F(ctx, "transfer_file.partly_text", args)}
}

func (m TransferFile) figures(ctx context.Context) []ui.Figure {
	all := []ui.Figure{{Word: say(ctx, "transfer.file_count"), Value: thousands(m.File.Rows)}, {Word: say(ctx, "transfer_file.total"), Value: m.Total.String()}}
	if m.State == transfer.Faulty || m.State == transfer.Checked {
		return append(all, ui.Figure{Word: say(ctx, "transfer_file.fault_rows"), Value: thousands(m.Faults)})
	}
	return append(all, ui.Figure{Word: say(ctx, "transfer_file.paid"), Value: thousands(m.Sums.Paid), Note: yuan(ctx, m.Sums.PaidAmount)},
		ui.Figure{Word: say(ctx, "transfer_file.unpaid"), Value: thousands(m.unpaid())})
}

func (m TransferFile) rowsTitle(ctx context.Context) string {
	switch m.State {
	case transfer.Faulty:
		return say(ctx, "transfer_file.fault_rows")
	case transfer.Checked:
		return say(ctx, "transfer_file.content")
	}
	return say(ctx, "transfer_file.rows")
}

func (m TransferFile) grid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: m.rowsTitle(ctx), Rows: true, Columns: columnsOf(ctx, "transfer_file.col.", "line", "payee", "#amount", "desc", "own_number", "result")}
}

func (m TransferFile) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "transfer_file.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = m.href()
	}
	if m.Next > 0 {
		g.Next = m.href() + "?cursor=" + strconv.Itoa(int(m.Next))
	}
	return g
}

// rowAmount is a row's amount, or what stands there instead of one.
func rowAmount(r transfer.Row) string {
	if r.Typed != "" || r.Amount == 0 {
		return orNothing(r.Typed)
	}
	return r.Amount.String()
}

// RowFaults are why a row cannot be paid, or was not accepted.
func RowFaults(ctx context.Context, r transfer.Row) string {
	all := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		all[i] = refusal(ctx, f)
	}
	return strings.Join(all, " ")
}

// RowResult says in words what became of a row.
func RowResult(ctx context.Context, s transfer.FileState, r transfer.Row) string {
	switch {
	case len(r.Faults) > 0 && r.Decided:
		return say(ctx, "transfer_file.not_accepted")
	case len(r.Faults) > 0:
		return say(ctx, "transfer_file.row_faulty")
	case r.Payment != nil:
		return TransferState(ctx, r.Payment.State)
	case s == transfer.Faulty || s == transfer.Checked:
		return say(ctx, "transfer_file.row_good")
	}
	return say(ctx, "transfer_file.row_waits")
}

// RowReason is why a row came to nothing.
func RowReason(ctx context.Context, r transfer.Row) string {
	if r.Payment != nil && r.Payment.State == transfer.Failed {
		return transfer.Why(ctx, r.Payment.Code, r.Payment.Reason)
	}
	return RowFaults(ctx, r)
}

func rowColour(r transfer.Row) ui.State {
	switch {
	case len(r.Faults) > 0:
		return ui.Failed
	case r.Payment != nil:
		return transferColours[r.Payment.State]
	}
	return ui.Waiting
}

// rowPayee is who a row pays: what was typed, shortened where it is an openid.
func rowPayee(r transfer.Row) string {
	if r.Masked == "" {
		return MaskPayer(r.OpenID)
	}
	return r.Masked + " " + MaskPayer(r.OpenID)
}
