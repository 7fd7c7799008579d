package transfer

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Limits of a file.
const (
	FileRowsMax  = 10_000
	FileBytesMax = 4 << 20
	fileNameMax  = 255
)

// FilesPath is where files are uploaded and seen.
const FilesPath = Path + "/batch"

// FileState is how far a file has come. Words: "transfer.file_state." + code.
type FileState string

// The states of a file.
const (
	Faulty    FileState = "faulty"    // it has rows that cannot be paid, and none is
	Checked   FileState = "checked"   // it waits to be confirmed
	Accepting FileState = "accepting" // its rows become payments
	Sending   FileState = "sending"   // the channel works on them
	Done      FileState = "done"      // each has ended
)

// Running tells whether something happens by itself.
func (s FileState) Running() bool { return s == Accepting || s == Sending }

// File is a file of payments.
type File struct {
	Merchant      int64
	ID            uuid.UUID
	Size          int64
	Rows          int64
	Faults        int64 // rows that cannot be paid
	Total         money.Fen
	Decided       int64 // rows that became payments or were refused
	Accepted      int64
	UploadedAt    time.Time
	ConfirmedAt   *time.Time
	EndedAt       *time.Time
	AccountID     uuid.UUID // of whoever uploaded it
	State         FileState
	Actor         string // who uploaded it
	Address       string // from where
	Name          string
	Hash          string     // SHA-256 of its bytes
	ConfirmerID   *uuid.UUID // of whoever confirmed it, and so pays
	Confirmer     string
	ConfirmedFrom string
}

// HashShown is how much of the hash people compare.
const HashShown = 16

// ShortHash is the hash as the phone and the page show it.
func (f File) ShortHash() string { return f.Hash[:min(len(f.Hash), HashShown)] }

// Row is one row of a file, and what became of it.
type Row struct {
	Line        int32 // in the file
	Number      string
	OpenID      string
	Masked      string
	Amount      money.Fen
	Typed       string // an amount that is none, as it stands in the file
	Description string
	Decided     bool
	Faults      []*fault.Refusal // why it cannot be paid, or was not accepted
	N           *int64
	Payment     *Payment // that it became
	name        []byte   // sealed
	plain       string   // while it is read
}

// Refusals of a file as a whole.
var (
	ErrFileEmpty    = fault.New("transfer.file_empty").On("file")
	ErrFileLarge    = fault.New("transfer.file_large").On("file").With("Limit", FileBytesMax>>20)
	ErrFileRows     = fault.New("transfer.file_rows").On("file").With("Max", FileRowsMax)
	ErrFileEncoding = fault.New("transfer.file_encoding").On("file")
	ErrFileShape    = fault.New("transfer.file_shape").On("file")
	ErrFileColumns  = fault.New("transfer.file_columns").On("file")
	ErrFileOther    = fault.New("transfer.file_other").On("file") // the form brought another one before
	ErrFileState    = fault.New("transfer.file_gone_on")
	ErrTwice        = fault.New("transfer.twice").On(FieldNumber)
	ErrTaken        = fault.New("transfer.taken").On(FieldNumber)
)

// fileName is what is kept of the name a browser gives: no folders, nothing unprintable.
func fileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, name))
	if name == "" {
		return "-"
	}
	return cut(name, fileNameMax)
}
