package web

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/transfer"
	"zhanggui/views"
)

// transferFiles is the list of files with the form that takes another.
func (s *site) transferFiles(v *visit) error { return s.showTransferFiles(v, http.StatusOK, nil) }

func (s *site) showTransferFiles(v *visit, status int, refused error) error {
	m := views.TransferFiles{Faults: fault.All(refused), Once: db.NewID().String(), May: v.scope.May(access.TransferMake)}
	var err error
	if m.Standing, err = transfer.Stand(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now()); err != nil {
		return err
	}
	if m.Rows, m.Next, m.First, err = s.fileList(v); err != nil {
		return err
	}
	return v.show(status, views.TransferFilesPage(v.marketingFrame(v.word("transfers.batch"), v.transfersCrumb()), m))
}

// fileList reads a page of files. The cursor is the last file of the page before.
func (s *site) fileList(v *visit) (list []transfer.File, next string, first bool, err error) {
	before := uuid.Nil
	if text := v.asked.Get(transfer.FieldCursor); text != "" {
		if before, err = uuid.Parse(text); err != nil {
			return nil, "", false, fault.New("trade.page_cursor").On(transfer.FieldCursor)
		}
	}
	list, more, err := transfer.Files(v.ctx(), s.DB.PG(), v.scope, before, v.rows(transfer.PageSizes[0]))
	if more {
		next = list[len(list)-1].ID.String()
	}
	return list, next, before == uuid.Nil, err
}

// uploadTransfers checks a file and leads to what was found. The same form sent twice is one file.
func (s *site) uploadTransfers(v *visit) error {
	up, err := v.readUpload()
	if up.file != nil {
		defer func() { _ = up.file.Close() }()
	}
	var f transfer.File
	if err == nil {
		f, err = s.checkTransfers(v, up)
	}
	switch {
	case err == nil:
		return v.seeOther(views.TransferFileHref(f.ID))
	case v.correctable(err):
		return s.showTransferFiles(v, http.StatusUnprocessableEntity, err)
	}
	return err
}

func (s *site) checkTransfers(v *visit, up upload) (f transfer.File, err error) {
	if _, err := up.file.Seek(0, io.SeekStart); err != nil {
		return f, fmt.Errorf("upload: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(up.file, transfer.FileBytesMax+1))
	if err != nil {
		return f, fmt.Errorf("upload: %w", err)
	}
	id := up.id(v)
	if id == uuid.Nil {
		id = db.NewID()
	}
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		f, err = s.Transfers.CheckFile(v.ctx(), tx, v.scope, transfer.Upload{ID: id, Name: up.name, Body: body, Address: v.RealIP()})
		return err
	})
	return f, err
}

// fileRowsShown is how many rows a page of a file shows.
const fileRowsShown = 100

// transferFile is one file of payments.
func (s *site) transferFile(v *visit) error { return s.showTransferFile(v, http.StatusOK, nil) }

func (s *site) showTransferFile(v *visit, status int, wrong error) error {
	m, err := s.readTransferFile(v)
	if err != nil {
		return err
	}
	if m.State == transfer.Checked && m.May {
		if m.Once, err = v.once(); err != nil {
			return err
		}
	}
	m.Short, wrong = v.short(wrong, views.ShortNote)
	m.Wrong = v.faults(wrong)
	frame := v.marketingFrame(m.Name, v.transfersCrumb())
	if m.State.Running() {
		frame.Refresh = importRefresh
	}
	return v.show(status, views.TransferFilePage(frame, m))
}

// readTransferFile reads the file of the address with a page of its rows: of a faulty one, those at fault.
func (s *site) readTransferFile(v *visit) (m views.TransferFile, err error) {
	id, err := v.pathID("id")
	if err != nil {
		return m, err
	}
	if m.File, m.Sums, err = transfer.GetFile(v.ctx(), s.DB.PG(), v.scope, id); err != nil {
		return m, err
	}
	m.May, m.First = v.scope.May(access.TransferMake), true
	after := int64(0)
	if text := v.asked.Get(transfer.FieldCursor); text != "" {
		if after, err = strconv.ParseInt(text, 10, 32); err != nil {
			return m, fault.New("trade.page_cursor").On(transfer.FieldCursor)
		}
		m.First = false
	}
	rows, more, err := transfer.FileRows(v.ctx(), s.DB.PG(), v.scope, id, int32(after), m.State == transfer.Faulty, fileRowsShown)
	if err != nil {
		return m, err
	}
	if m.Rows = rows; more {
		m.Next = rows[len(rows)-1].Line
	}
	if m.State == transfer.Checked {
		m.Stand, err = transfer.Stand(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now())
	}
	return m, err
}

// confirmTransfers asks the maker's phone for the whole file.
func (s *site) confirmTransfers(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	f, _, err := transfer.GetFile(v.ctx(), s.DB.PG(), v.scope, id)
	if err != nil {
		return err
	}
	err = s.ask(v, transfer.FileAction, f.Params(v.RealIP()), views.TransferFileHref(id))
	if v.correctable(err) {
		return s.showTransferFile(v, http.StatusUnprocessableEntity, err)
	}
	return err
}
