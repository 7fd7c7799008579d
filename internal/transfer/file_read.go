package transfer

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
)

// Columns are a file's, in the order of the template. Words: "transfer.column." + name.
var Columns = []string{FieldOpenID, FieldName, FieldAmount, FieldDesc, FieldNumber}

// optional columns may be missing, and their fields empty.
var optional = []string{FieldName, FieldNumber}

// Bytes that are kept of a field, whatever stands in it.
const (
	keptField = 256
	keptDesc  = 512
	keptName  = 64
)

// ReadFile reads a file's rows and names what is wrong with each on its own. It refuses what is no table of
// payments at all.
func ReadFile(ctx context.Context, body []byte) ([]Row, error) {
	switch {
	case len(body) > FileBytesMax:
		return nil, ErrFileLarge
	case !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0:
		return nil, ErrFileEncoding
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, ErrFileEmpty
	}
	if err != nil {
		return nil, ErrFileShape.With("Line", 1)
	}
	places, err := columnsOf(ctx, head)
	if err != nil {
		return nil, err
	}
	return readRows(r, places)
}

// columnsOf finds the columns by their names, ours or the wire's.
func columnsOf(ctx context.Context, head []string) (map[string]int, error) {
	places := map[string]int{}
	for i, name := range head {
		name = strings.TrimSpace(name)
		for _, c := range Columns {
			if name == c || name == words.T(ctx, "transfer.column."+c) {
				if _, twice := places[c]; twice {
					return nil, ErrFileColumns.With("Missing", name)
				}
				places[c] = i
			}
		}
	}
	for _, c := range Columns {
		if _, ok := places[c]; !ok && !slices.Contains(optional, c) {
			return nil, ErrFileColumns.With("Missing", words.T(ctx, "transfer.column."+c))
		}
	}
	return places, nil
}

func readRows(r *csv.Reader, places map[string]int) ([]Row, error) {
	var rows []Row
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, ErrFileShape.With("Line", bad.StartLine)
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if len(rows) == FileRowsMax {
			return nil, ErrFileRows
		}
		rows = append(rows, readRow(int32(line), func(name string) string { //nolint:gosec // bounded by the file's size
			i, ok := places[name]
			if !ok || i >= len(record) {
				return ""
			}
			return strings.Clone(strings.TrimSpace(record[i]))
		}))
	}
	if len(rows) == 0 {
		return nil, ErrFileEmpty
	}
	return rows, nil
}

func readRow(line int32, field func(string) string) Row {
	r := Row{Line: line, Number: field(FieldNumber), OpenID: field(FieldOpenID), Description: field(FieldDesc), plain: field(FieldName)}
	typed := field(FieldAmount)
	amount, err := money.Parse(typed)
	if r.Amount = amount; err != nil || amount < 0 {
		r.Amount, r.Typed = 0, cutText(typed, keptField)
	}
	r.Faults = fault.All(r.ask().check())
	r.Number, r.OpenID, r.Description = cutText(r.Number, keptField), cutText(r.OpenID, keptField), cutText(r.Description, keptDesc)
	return r
}

// ask is the row as it will be asked for: a name that is given must be the payee's.
func (r Row) ask() Ask {
	a := Ask{Number: r.Number, OpenID: r.OpenID, Check: NoCheck, Name: r.plain, Amount: r.Amount, Description: r.Description, Address: nobody, Queued: true}
	if a.Name != "" {
		a.Check = ForceCheck
	}
	return a
}

// judge adds to each row what is wrong with it beside the others and beside what was paid before.
func judge(rows []Row, s *stood, now time.Time) (total money.Fen, faults int64) {
	day, numbers := s.day(now), map[string]bool{}
	for i := range rows {
		r := &rows[i]
		switch _, taken := s.known[r.Number]; {
		case r.Number == "":
		case taken || count(r.Number) > 0:
			r.Faults = append(r.Faults, ErrTaken)
		case numbers[r.Number]:
			r.Faults = append(r.Faults, ErrTwice)
		}
		numbers[r.Number] = true
		if len(r.Faults) == 0 {
			payee, house := s.tallies[r.OpenID].on(day), s.tallies[""].on(day)
			due, err := admit(r.ask(), payee, house, now)
			if r.Faults = fault.All(err); err == nil {
				s.tallies[r.OpenID], s.tallies[""] = payee.with(r.Amount, due), house.with(r.Amount, now)
				total += r.Amount
			}
		}
		if len(r.Faults) > 0 {
			faults++
		}
	}
	return total, faults
}

// cutText shortens a text to so many bytes, at the end of a character.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
