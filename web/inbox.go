package web

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/inbox"
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
	m.Path, m.Category = v.door().at("/inbox"), inbox.Category(v.query("category"))
	if m.Category != "" && !m.Category.Known() {
		return m, fault.ErrNotFound
	}
	f := inbox.Filter{Category: m.Category, Limit: v.rows(inbox.PageSize)}
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
	return v.seeOther(v.door().next(link, v.door().at("/inbox")))
}

// readAllMessages marks all of the reader's messages as read.
func (s *site) readAllMessages(v *visit) error {
	err := s.DB.InTx(v.ctx(), func(tx db.Tx) error { return inbox.ReadAll(v.ctx(), tx, v.scope, s.Clock.Now()) })
	if err != nil {
		return err
	}
	return v.seeOther(v.door().at("/inbox"))
}
