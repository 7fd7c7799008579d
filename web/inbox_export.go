package web

import (
	"io"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/sheet"
	"zhanggui/views"
)

// inboxWire is a message in JSON.
type inboxWire struct {
	ID       string  `json:"id"`
	Category string  `json:"category"`
	Kind     string  `json:"kind"`
	Title    string  `json:"title"`
	Body     string  `json:"body"`
	Link     string  `json:"link"`
	SentAt   string  `json:"sent_at"`
	ReadAt   *string `json:"read_at"`
}

func (s *site) inboxJSON(v *visit) error {
	m, err := s.inboxList(v)
	if err != nil {
		return err
	}
	out := listing[inboxWire]{Rows: make([]inboxWire, 0, len(m.Rows)), Next: m.Next}
	for _, r := range m.Rows {
		title, body := views.InboxText(v.ctx(), r)
		out.Rows = append(out.Rows, inboxWire{ID: r.ID.String(), Category: string(r.Category), Kind: r.Kind, Title: title,
			Body: body, Link: r.Link, SentAt: clock.Wire(r.SentAt), ReadAt: wireTime(r.ReadAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

// inboxCSV is all messages as a file.
func (s *site) inboxCSV(v *visit) error {
	m, err := s.inboxList(v)
	rows, err := inFull(m.Rows, m.Next, err)
	if err != nil {
		return err
	}
	return v.stream("inbox.page.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("inbox.page.col.", "time", "category", "title", "body", "read")...)
		for _, r := range rows {
			title, body := views.InboxText(v.ctx(), r)
			read := ""
			if r.ReadAt != nil {
				read = clock.Text(*r.ReadAt)
			}
			if err := out.Row(clock.Text(r.SentAt), views.InboxCategory(v.ctx(), r.Category), title, body, read); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
