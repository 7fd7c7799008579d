package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

var (
	errNoFile    = fault.New("imports.no_file").On("file")
	errFileLarge = fault.New("trade.upload_large").On("file").With("Limit", fmt.Sprint(bill.FileMax>>20))
)

// onceLimit bounds the key of a form.
const onceLimit = 64

// uploadImport takes a bill and leads to its progress. The whole file is here before the database hears
// of it, so that a slow line holds no connection; the same form sent twice is one import.
func (s *site) uploadImport(v *visit) error {
	up, err := v.readUpload()
	if up.file != nil {
		defer func() { _ = up.file.Close() }()
	}
	var i trade.Import
	if err == nil {
		err = s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
			if _, err = up.file.Seek(0, io.SeekStart); err != nil {
				return fmt.Errorf("upload: %w", err)
			}
			i, err = trade.QueueImport(v.ctx(), tx, v.scope, trade.Upload{ID: up.id(v), Name: up.name, Body: up.file, From: v.from()}, s.Clock.Now())
			return err
		})
	}
	switch {
	case err == nil:
		return v.seeOther("/trades/imports/" + i.ID.String())
	case len(fault.All(err)) > 0:
		return s.showImports(v, http.StatusUnprocessableEntity, err)
	}
	return err
}

// upload is what the form brought.
type upload struct {
	once string
	name string
	file *os.File
}

// id is the import's, made of who sends the form and its key: nobody meets another's by it.
func (u upload) id(v *visit) uuid.UUID {
	if u.once == "" {
		return uuid.Nil
	}
	return uuid.NewSHA1(v.scope.Actor().Account, []byte(u.once))
}

// readUpload reads the form part by part; the file goes to a place on disk that ends with the request.
func (v *visit) readUpload() (u upload, err error) {
	parts, err := v.Request().MultipartReader()
	if err != nil {
		return u, echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && u.file == nil:
			return u, errNoFile
		case errors.Is(err, io.EOF):
			return u, nil
		case err != nil:
			return u, badUpload(err)
		}
		if err := u.take(part); err != nil {
			return u, err
		}
	}
}

func (u *upload) take(part *multipart.Part) error {
	switch name := part.FormName(); {
	case name == "_once":
		text, err := io.ReadAll(io.LimitReader(part, onceLimit+1))
		if err != nil {
			return badUpload(err)
		}
		if len(text) > onceLimit || !clean(string(text)) {
			return fault.New("web.bad_form")
		}
		u.once = string(text)
	case name == "file" && u.file != nil:
		return fault.New("web.repeated").On("file").With("Name", "file")
	case name == "file" && part.FileName() != "":
		u.name = part.FileName()
		return u.spool(part)
	}
	return nil
}

// spool keeps the file where only this request reaches it.
func (u *upload) spool(part io.Reader) error {
	file, err := os.CreateTemp("", "zhanggui-bill-*")
	if err != nil {
		return fmt.Errorf("a place for the upload: %w", err)
	}
	u.file = file
	if err := os.Remove(file.Name()); err != nil {
		return fmt.Errorf("a place for the upload: %w", err)
	}
	n, err := io.Copy(file, io.LimitReader(part, bill.FileMax+1))
	switch {
	case err != nil:
		return badUpload(err)
	case n > bill.FileMax:
		return errFileLarge
	}
	return nil
}

// badUpload tells a body that is too long from one that broke off.
func badUpload(err error) error {
	if tooLarge(err) {
		return errFileLarge
	}
	return fault.New("web.bad_form")
}
