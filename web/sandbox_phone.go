package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/sandbox"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// chatTime is how a phone writes the time of a message.
const chatTime = "01-02 15:04"

// showChats shows the list of chats on a person's phone.
func (s *site) showChats(v *visit) error {
	phone, messages, err := s.chat(v)
	if err != nil {
		return err
	}
	row := views.ChatRow{Name: v.word("sandbox.official"), Last: v.word("sandbox.no_messages"), Href: phoneHome(phone) + "official"}
	if len(messages) > 0 {
		row.Last, row.At = messages[0].Title, messages[0].SentAt.In(clock.Beijing).Format(chatTime)
	}
	return v.show(http.StatusOK, views.SandboxChats(v.frame(phone.Name), s.window(v, phone, v.word("sandbox.chats"), ""), []views.ChatRow{row}))
}

// showOfficial shows what the official account wrote to the person, oldest first as a chat does.
func (s *site) showOfficial(v *visit) error {
	phone, messages, err := s.chat(v)
	if err != nil {
		return err
	}
	shown := make([]ui.Message, 0, len(messages))
	for i := len(messages) - 1; i >= 0; i-- {
		shown = append(shown, chatMessage(v, phone, messages[i]))
	}
	return v.show(http.StatusOK, views.SandboxChat(v.frame(phone.Name), s.window(v, phone, v.word("sandbox.official"), phoneHome(phone)), shown))
}

func (s *site) chat(v *visit) (sandbox.Phone, []sandbox.Message, error) {
	phone, err := s.phoneOf(v)
	if err != nil {
		return phone, nil, err
	}
	messages, err := s.World.WeChat.Messages(v.ctx(), phone.OpenID)
	return phone, messages, err
}

func (s *site) phoneOf(v *visit) (sandbox.Phone, error) {
	id, err := v.path("person")
	if err != nil {
		return sandbox.Phone{}, err
	}
	return s.World.WeChat.Phone(v.ctx(), id)
}

func chatMessage(v *visit, phone sandbox.Phone, m sandbox.Message) ui.Message {
	at := m.SentAt.In(clock.Beijing)
	shown := ui.Message{At: at.Format(chatTime), Machine: at.Format("2006-01-02T15:04:05"), Title: m.Title}
	for _, name := range fieldsInOrder(v.ctx(), m.Fields) {
		shown.Facts = append(shown.Facts, ui.Fact{Word: name, Text: m.Fields[name]})
	}
	if m.URL != "" {
		shown.Link = ui.Act{Word: v.word("sandbox.message_open"), Href: inApp(phone, m.URL)}
	}
	return shown
}

// window is the frame of a person's phone.
func (s *site) window(v *visit, phone sandbox.Phone, title, back string) layout.Chat {
	return layout.Chat{Title: title, Person: phone.Name, Back: back, Tabs: views.ChatTabs(v.ctx(), phone.ID, v.Request().URL.Path)}
}

func phoneHome(p sandbox.Phone) string { return "/sandbox/phone/" + p.ID + "/" }

// inApp is the address that opens a link inside the person's WeChat.
func inApp(p sandbox.Phone, link string) string {
	return phoneHome(p) + "open?url=" + url.QueryEscape(link)
}

// openInApp makes this browser the person's phone and opens a link of ours in it.
func (s *site) openInApp(v *visit) error {
	phone, err := s.phoneOf(v)
	if err != nil {
		return err
	}
	link, refusal := s.ourLink(v.query("url"))
	if refusal != nil {
		return refusal
	}
	if err := s.World.WeChat.Become(v.Response(), v.Request(), phone.ID); err != nil {
		return fmt.Errorf("phone of %s: %w", phone.ID, err)
	}
	return v.seeOther(link)
}

// ourLink takes a link of this portal only: a simulated phone is not a way to other sites.
func (s *site) ourLink(text string) (string, *fault.Refusal) {
	text = strings.TrimSpace(text)
	path, own := strings.CutPrefix(text, s.Base.Scheme+"://"+s.Base.Host)
	if !own {
		path = text
	}
	if link := safeNext(path, ""); link != "" {
		return link, nil
	}
	return "", fault.New("sandbox.foreign_link").On("link").With("Text", shortened(text))
}

// shownRunes is how much of a foreign text is repeated.
const shownRunes = 80

func shortened(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), shownRunes)])
}
