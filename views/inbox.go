package views

import (
	"context"
	"net/url"

	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Inbox is the list of messages inside the portal.
type Inbox struct {
	Path       string                 // where it stands: a member's, or an operator's
	Category   inbox.Category         // chosen tab; empty: all
	Unread     map[inbox.Category]int // by category
	Rows       []inbox.Row
	Next, Prev string // cursors
}

// InboxCategory says a category.
func InboxCategory(ctx context.Context, c inbox.Category) string {
	return say(ctx, "inbox.category."+string(c))
}

// inboxText says a part of a message: its title or its body.
func inboxText(ctx context.Context, r inbox.Row, part string) string {
	args := words.Args{}
	for k, v := range r.Args {
		args[k] = v
	}
	return words.F(ctx, "inbox."+r.Kind+"."+part, args)
}

// InboxText is a message as files write it.
func InboxText(ctx context.Context, r inbox.Row) (title, body string) {
	return inboxText(ctx, r, "title"), inboxText(ctx, r, "body")
}

// inboxAct is the button inside a message: it marks it as read and leads where something can be done.
func (m Inbox) act(ctx context.Context, r inbox.Row) (ui.Post, bool) {
	title := words.Args{"Title": inboxText(ctx, r, "title")}
	act := ui.Act{Small: true, Label: words.F(ctx, "inbox.page.act_label", title)}
	switch id := "inbox." + r.Kind + ".act"; {
	case r.Link != "" && words.Has(ctx, id):
		act.Word = say(ctx, id)
		act.Label = words.F(ctx, "inbox.page.own_label", words.Args{"Word": act.Word, "Title": title["Title"]})
	case r.Link != "":
		act.Word = say(ctx, "inbox.page.open")
	case r.ReadAt == nil:
		act.Word, act.Label = say(ctx, "inbox.page.mark"), words.F(ctx, "inbox.page.mark_label", title)
	default:
		return ui.Post{}, false
	}
	return ui.Post{Action: m.Path + "/" + r.ID.String() + "/read", Act: act}, true
}

// InboxHref is the address of a tab and a place in it.
func InboxHref(path, category, cursor string) string {
	all := url.Values{}
	if category != "" {
		all.Set("category", category)
	}
	if cursor != "" {
		all.Set("cursor", cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

func (m Inbox) total() (n int) {
	for _, count := range m.Unread {
		n += count
	}
	return n
}

func (m Inbox) tabs(ctx context.Context) ui.SavedViews {
	tab := func(c inbox.Category, word string, unread int) ui.ViewTab {
		if unread > 0 {
			word = words.F(ctx, "inbox.page.tab", words.Args{"Word": word, "Count": unread})
		}
		return ui.ViewTab{Word: word, Href: InboxHref(m.Path, string(c), ""), Current: m.Category == c}
	}
	v := ui.SavedViews{Tabs: []ui.ViewTab{tab("", say(ctx, "inbox.page.all"), m.total())}}
	for _, c := range inbox.Categories {
		v.Tabs = append(v.Tabs, tab(c, InboxCategory(ctx, c), m.Unread[c]))
	}
	return v
}

func (m Inbox) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: InboxHref(m.Path+".csv", string(m.Category), "")},
		{Word: say(ctx, "trades.export_json"), Href: InboxHref(m.Path+".json", string(m.Category), "")}}
}

func (m Inbox) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "inbox.page.shown", words.Args{"Count": len(m.Rows)})}
	if m.Prev != "" {
		g.Prev = InboxHref(m.Path, string(m.Category), m.Prev)
	}
	if m.Next != "" {
		g.Next = InboxHref(m.Path, string(m.Category), m.Next)
	}
	return g
}

func (m Inbox) none(ctx context.Context) ui.Nothing {
	if m.Category == "" {
		return ui.Nothing{Title: say(ctx, "inbox.page.none_title"), Text: say(ctx, "inbox.page.none_text")}
	}
	return ui.Nothing{Title: words.F(ctx, "inbox.page.none_of", words.Args{"Category": InboxCategory(ctx, m.Category)}),
		Text: say(ctx, "inbox.page.none_text"), Act: ui.Act{Word: say(ctx, "inbox.page.see_all"), Href: m.Path}}
}
