package web

import (
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/inbox"
	"zhanggui/internal/sheet"
	"zhanggui/views"
)

// inboxParams choose the tab and the place in it.
const inboxParams = "?category ?cursor"

// inbox is the list of messages.
func (s *site) inbox(v *visit) error {
	m, err := s.inboxList(v)
	if err != nil {
		return err
	}
	if m.Unread, err = inbox.Unread(v.ctx(), s.DB.PG(), v.scope); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.InboxPage(v.frame(v.word("inbox.page.title")), m))
}

// inboxList reads a page of messages with the cursors of its neighbours: "o" and "n" say towards older
// or newer ones, before the id of the message next to which the page begins.
func (s *site) inboxList(v *visit) (m views.Inbox, err error) {
	m.Category = inbox.Category(v.query("category"))
	if m.Category != "" && !m.Category.Known() {
		return m, fault.ErrNotFound
	}
	f := inbox.Filter{Category: m.Category, Limit: inbox.PageSize}
	cursor := v.query("cursor")
	if cursor != "" {
		if f.Before, f.After, err = parseInboxCursor(cursor); err != nil {
			return m, err
		}
	}
	rows, more, err := inbox.List(v.ctx(), s.DB.PG(), v.scope, f)
	if err != nil || len(rows) == 0 {
		return m, err
	}
	m.Rows = rows
	newer, older := f.After != uuid.Nil, f.Before != uuid.Nil
	if more && !newer || newer {
		m.Next = "o" + rows[len(rows)-1].ID.String()
	}
	if more && newer || older {
		m.Prev = "n" + rows[0].ID.String()
	}
	return m, nil
}

func parseInboxCursor(text string) (before, after uuid.UUID, err error) {
	id, err := uuid.Parse(strings.TrimLeft(text, "on"))
	switch {
	case err != nil || len(text) != 37:
		return before, after, fault.New("trade.page_cursor").On("cursor")
	case text[0] == 'o':
		return id, after, nil
	}
	return before, id, nil
}

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

// inboxCSV is the page of messages as a file.
func (s *site) inboxCSV(v *visit) error {
	m, err := s.inboxList(v)
	if err != nil {
		return err
	}
	return v.stream("inbox.page.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("inbox.page.col.", "time", "category", "title", "body", "read")...)
		for _, r := range m.Rows {
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

// readMessage marks a message as read and leads where something can be done about it.
func (s *site) readMessage(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	var link string
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		link, err = inbox.Read(v.ctx(), tx, v.scope, id, s.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	return v.seeOther(safeNext(link, "/inbox"))
}

// readAllMessages marks all of the reader's messages as read.
func (s *site) readAllMessages(v *visit) error {
	err := s.DB.InTx(v.ctx(), func(tx db.Tx) error { return inbox.ReadAll(v.ctx(), tx, v.scope, s.Clock.Now()) })
	if err != nil {
		return err
	}
	return v.seeOther("/inbox")
}
