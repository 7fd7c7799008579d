package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"zhanggui/internal/fault"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// linkLimit bounds a pasted link.
const linkLimit = 2048

// showScanner shows 扫一扫.
func (s *site) showScanner(v *visit) error {
	phone, err := s.phoneOf(v)
	if err != nil {
		return err
	}
	return s.showScan(v, phone, http.StatusOK, "", nil)
}

// scan reads a link that was pasted, or a picture of a QR code, and opens what it says in the app.
func (s *site) scan(v *visit) error {
	phone, err := s.phoneOf(v)
	if err != nil {
		return err
	}
	typed, link, err := s.scanned(v)
	if err == nil {
		if pay := payLink(phone, link); pay != "" {
			return v.seeOther(pay)
		}
		var own string
		if own, err = s.opened(link); err == nil {
			return v.seeOther(inApp(phone, own))
		}
	}
	refusal, ok := fault.As(err)
	if !ok {
		return err
	}
	return s.showScan(v, phone, http.StatusUnprocessableEntity, typed, refusal)
}

// scanned is what was pasted or photographed; typed is the text to keep.
func (s *site) scanned(v *visit) (typed, link string, err error) {
	parts, err := v.Request().MultipartReader()
	if err != nil {
		return "", "", fault.New("web.bad_form")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return typed, "", fault.New("web.bad_form")
		}
		text, err := readPart(part)
		switch {
		case err != nil:
			return typed, "", err
		case part.FormName() == "link":
			typed = text
		}
		if text != "" && link == "" {
			link = text
		}
	}
	if link == "" {
		return typed, "", fault.New("sandbox.no_link").On("link")
	}
	return typed, strings.TrimSpace(link), nil
}

// opened is a link of ours; others are refused.
func (s *site) opened(link string) (string, error) {
	own, refusal := s.ourLink(link)
	if refusal != nil {
		return "", refusal
	}
	return own, nil
}

// readPart reads what a field of the form says: text as it is, a picture by its QR code.
func readPart(part *multipart.Part) (string, error) {
	switch {
	case part.FormName() == "link":
		text, err := io.ReadAll(io.LimitReader(part, linkLimit))
		if err != nil || !clean(string(text)) {
			return "", fault.New("web.bad_form")
		}
		return string(text), nil
	case part.FormName() == "picture" && part.FileName() != "":
		return sandbox.DecodeQR(part)
	}
	return "", nil
}

func (s *site) showScan(v *visit, phone sandbox.Phone, status int, typed string, wrong *fault.Refusal) error {
	m := views.ScanForm{Action: phoneHome(phone) + "scan",
		Link: ui.Field{Name: "link", Label: v.word("sandbox.scan_link"), Value: typed, InputMode: "url", Focus: true,
			Hint: v.wordf("sandbox.scan_link_hint", words.Args{"Base": s.Base.String()})},
		Picture: ui.Field{Name: "picture", Label: v.word("sandbox.scan_picture"), Accept: "image/png,image/jpeg",
			Hint: v.word("sandbox.scan_picture_hint")}}
	if wrong != nil {
		text := sentence(v.ctx(), wrong)
		m.Faults = []ui.Fault{{ID: wrong.Field, Text: text}}
		if wrong.Field == "picture" {
			m.Picture.Error = text
		} else {
			m.Link.Error = text
		}
	}
	return v.show(status, views.SandboxScan(v.frame(phone.Name), s.window(v, phone, v.word("sandbox.scan"), phoneHome(phone)), m))
}
