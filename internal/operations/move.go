package operations

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Kind is the event in the books; its key is the move's number.
const Kind ledger.Kind = "move"

// Limits of a move.
const (
	AmountMax money.Fen = 80_000_000_000 // 8 亿 yuan
	NoteMax             = ledger.NoteMax // bytes
)

// Direction is which way money moves. Words: "move.direction." + code.
type Direction string

// The directions.
const (
	ToOperation Direction = "to_operation"
	ToBasic     Direction = "to_basic"
)

// Directions lists both, the usual first.
var Directions = []Direction{ToOperation, ToBasic}

// From is the account that gives.
func (d Direction) From() ledger.Account {
	if d == ToBasic {
		return ledger.Operation
	}
	return ledger.Basic
}

// To is the account that takes.
func (d Direction) To() ledger.Account {
	if d == ToBasic {
		return ledger.Basic
	}
	return ledger.Operation
}

// rows are what the two lines of the books say.
func (d Direction) rows() (from, to ledger.RowType) {
	if d == ToBasic {
		return ledger.RowToBasic, ledger.RowFromOperation
	}
	return ledger.RowToOperation, ledger.RowFromBasic
}

// Params are what a member asks for.
type Params struct {
	Direction Direction `json:"direction"`
	Amount    money.Fen `json:"amount"` // fen
	Note      string    `json:"note"`
}

// Names of the form's fields.
const (
	FieldDirection = "direction"
	FieldAmount    = "amount"
	FieldNote      = "note"
)

// Refusals.
var (
	ErrNotOpen   = fault.New("operations.not_open")
	ErrDirection = fault.New("operations.direction").On(FieldDirection)
	ErrAmount    = fault.New("operations.amount").On(FieldAmount).With("Max", AmountMax.String())
	ErrNote      = fault.New("operations.note").On(FieldNote).With("Max", NoteMax)
)

// ParseParams reads the form; every field that is wrong is named.
func ParseParams(form func(string) string) (Params, error) {
	p := Params{Direction: Direction(form(FieldDirection)), Note: strings.TrimSpace(form(FieldNote))}
	amount, err := money.Parse(strings.TrimSpace(form(FieldAmount)))
	if p.Amount = amount; err != nil {
		p.Amount = 0
	}
	return p, p.check()
}

func (p Params) check() error {
	var f fault.Form
	if !slices.Contains(Directions, p.Direction) {
		f.Add(ErrDirection)
	}
	if p.Amount <= 0 || p.Amount > AmountMax {
		f.Add(ErrAmount)
	}
	if len(p.Note) > NoteMax || !utf8.ValidString(p.Note) || strings.ContainsFunc(p.Note, unicode.IsControl) {
		f.Add(ErrNote)
	}
	return f.Err()
}

// Move is money that was moved.
type Move struct {
	Merchant int64
	N        int64 // counts within the merchant
	Params
	MovedBy    string // login@mchid
	MovedAt    time.Time
	BookedAt   time.Time // when the books took it; a moment that they were past already is theirs
	Once       uuid.UUID
	TransferID int64
	FromSeq    int64 // the lines' places in their accounts
	ToSeq      int64
}

const numberTail = 8 // digits of the merchant's own count at the end of a number

// No is the move's number: merchant, business day, 24, and the merchant's own count.
func (m Move) No() string {
	return fmt.Sprintf("%d%s24%0*d", m.Merchant, strings.ReplaceAll(clock.DayOf(m.MovedAt).String(), "-", ""), numberTail, m.N)
}

// FlowNos are the numbers of the two lines, the giving account's first.
func (m Move) FlowNos() (from, to string) {
	day := clock.DayOf(m.BookedAt)
	return ledger.FlowNo(m.Merchant, m.Direction.From(), day, m.FromSeq), ledger.FlowNo(m.Merchant, m.Direction.To(), day, m.ToSeq)
}

// IsNumber tells whether a text can be the number of one of the merchant's moves.
func IsNumber(merchant int64, text string) bool {
	const length = 10 + 8 + 2 + numberTail
	return len(text) == length && strings.HasPrefix(text, strconv.FormatInt(merchant, 10)) && text[18:20] == "24"
}

// count reads the merchant's own count out of a number; 0 for what cannot be one.
func count(no string) int64 {
	if len(no) <= numberTail {
		return 0
	}
	n, err := strconv.ParseInt(no[len(no)-numberTail:], 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// transfer is the move as it is booked. The account plan's row 14.
func (m Move) transfer() ledger.Transfer {
	from, to := m.Direction.rows()
	return ledger.Transfer{Merchant: m.Merchant, Kind: Kind, Key: m.No(), BusinessNo: m.No(), Applicant: m.MovedBy, Note: m.Note,
		Legs: []ledger.Leg{{Account: m.Direction.From(), Amount: -m.Amount, Row: from}, {Account: m.Direction.To(), Amount: m.Amount, Row: to}}}
}
