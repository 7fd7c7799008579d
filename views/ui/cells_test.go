package ui_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"zhanggui/views/ui"
)

func TestCellsOfRowsAreTheCellsOfTemplates(t *testing.T) {
	t.Parallel()
	const sly = `<b>"'&'"</b> 4200888888000000000000100000`
	want := "<tr>"
	for _, c := range []templ.Component{ui.LinkCell("m3", "/a?b&c", sly, sly), ui.TextCell("num", sly), ui.CutCell(sly), ui.WhoCell(sly), ui.LabelCell("m2", sly, sly)} {
		want += drawn(t, c)
	}
	for _, no := range []string{sly, "42001234", "—"} {
		want += "<td>" + drawn(t, ui.ShortID(no)) + "</td>"
	}
	got := drawn(t, ui.Rows(2, func(c *ui.Cells, _ int) {
		c.Link("m3", "/a?b&c", sly, sly)
		c.Text("num", sly)
		c.Cut(sly)
		c.Who(sly)
		c.Label("m2", sly, sly)
		for _, no := range []string{sly, "42001234", "—"} {
			c.ID(no)
		}
	}))
	if want += "</tr>"; got != want+want {
		t.Errorf("rows are written as\n%s\nwant twice\n%s", got, want)
	}
}

func drawn(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
