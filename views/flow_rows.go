package views

import (
	"context"

	"github.com/a-h/templ"

	"zhanggui/views/ui"
)

// rows are the entries: a list has many, so they are written as one text.
func (m Flow) rows(ctx context.Context) templ.Component {
	w, several := newFlowWords(ctx), m.several()
	return ui.Rows(len(m.Rows), func(c *ui.Cells, i int) {
		r := &m.Rows[i]
		at, kind, direction, no := moment(r.BookedAt), w.kind(r), w.direction(r), r.FlowNo()
		href := no
		if href == "" {
			href = r.No()
		}
		c.Link("m3", TransferHref(href), w.label(at, kind), at)
		if several {
			c.Text("", w.account(r.Account))
		}
		c.ID(r.BusinessNo)
		c.ID(orNothing(no))
		c.Text("", w.name(r))
		c.Text("m1", kind)
		c.Text("", direction)
		c.Label(amountClass(r), direction, signed(r.Amount))
		c.Label("num m4", w.balance, r.Balance.String())
		c.Who(r.Applicant)
		c.Cut(orNothing(r.Note))
		c.ID(orNothing(r.VoucherNo))
	})
}
