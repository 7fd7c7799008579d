package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/sheet"
)

func TestFieldsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"时间", "商品"}, {`"引号", 逗号`, "两\n行"}, {"", "🍜"}}
	var out bytes.Buffer
	s := sheet.New(&out, rows[0]...)
	for _, r := range rows[1:] {
		if err := s.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	if !marked {
		t.Error("no byte order mark")
	}
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(got, rows, slices.Equal[[]string]) {
		t.Errorf("read back %q", got)
	}
}

func TestNoFieldBeginsLikeAFormula(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1", "＋1", "－1", "＠1"} {
		if got := sheet.Harmless(field); got != "'"+field {
			t.Errorf("%q is written as %q", field, got)
		}
	}
	for _, field := range []string{"", "1-1", "a=b", "'", "面=汤"} {
		if got := sheet.Harmless(field); got != field {
			t.Errorf("%q is written as %q", field, got)
		}
	}
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestRowsStopWhenNobodyReads(t *testing.T) {
	t.Parallel()
	s := sheet.New(gone{}, "a")
	var err error
	for range 1000 {
		if err = s.Row(strings.Repeat("x", 1000)); err != nil {
			break
		}
	}
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("rows ended with %v", err)
	}
}
