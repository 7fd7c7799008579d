package wire

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of an APIv2 message.
const (
	MaxXMLBytes  = 64 << 10
	MaxFields    = 100
	maxNameBytes = 64
)

// ReadXML reads one APIv2 message: a root <xml> of plain fields, each holding either text or CDATA.
// It is not a general XML parser on purpose. Attributes, comments, declarations, processing
// instructions, namespaces, nesting, repeated fields and anything after the root are refused.
func ReadXML(body []byte) (Fields, error) {
	if len(body) > MaxXMLBytes {
		return nil, malformed("more than %d bytes", MaxXMLBytes)
	}
	if !utf8.Valid(body) {
		return nil, malformed("not UTF-8")
	}
	s := scanner{rest: body}
	s.space()
	if !s.take("<xml>") {
		return nil, malformed("root is not <xml>")
	}
	fields, err := s.fields()
	if err != nil {
		return nil, err
	}
	if s.space(); len(s.rest) > 0 {
		return nil, malformed("something follows the root")
	}
	return fields, nil
}

type scanner struct{ rest []byte }

func (s *scanner) fields() (Fields, error) {
	fields := Fields{}
	for {
		if s.space(); s.take("</xml>") {
			return fields, nil
		}
		name, value, err := s.field()
		if err != nil {
			return nil, err
		}
		if _, twice := fields[name]; twice {
			return nil, malformed("field %s comes twice", name)
		}
		if len(fields) == MaxFields {
			return nil, malformed("more than %d fields", MaxFields)
		}
		fields[name] = value
	}
}

func (s *scanner) field() (name, value string, err error) {
	if !s.take("<") {
		return "", "", malformed("text outside a field")
	}
	name = s.name()
	switch {
	case name == "":
		return "", "", malformed("not a field name")
	case s.take("/>"):
		return name, "", nil
	case !s.take(">"):
		return "", "", malformed("field %s has attributes or a bad name", name)
	}
	if value, err = s.value(); err != nil {
		return "", "", err
	}
	if !s.take("</" + name + ">") {
		return "", "", malformed("field %s does not end", name)
	}
	return name, value, nil
}

// name takes a field name: a letter or underscore, then letters, digits and underscores.
func (s *scanner) name() string {
	n := 0
	for n < len(s.rest) && n < maxNameBytes && isNameByte(s.rest[n], n > 0) {
		n++
	}
	name := string(s.rest[:n])
	s.rest = s.rest[n:]
	return name
}

// value takes the content of a field. Text and CDATA do not mix: two parsers trim the seams in two ways.
func (s *scanner) value() (string, error) {
	if !bytes.HasPrefix(s.rest, []byte(openCDATA)) {
		return s.text()
	}
	var b strings.Builder
	for s.take(openCDATA) {
		end := bytes.Index(s.rest, []byte(closeCDATA))
		if end < 0 {
			return "", malformed("CDATA does not end")
		}
		b.Write(s.rest[:end])
		s.rest = s.rest[end+len(closeCDATA):]
	}
	return b.String(), checkValue(b.String())
}

func (s *scanner) text() (string, error) {
	end := bytes.IndexByte(s.rest, '<')
	if end < 0 {
		return "", malformed("field does not end")
	}
	raw := string(s.rest[:end])
	s.rest = s.rest[end:]
	if strings.Contains(raw, closeCDATA) {
		return "", malformed("]]> in text")
	}
	value, err := unescape(raw)
	if err != nil {
		return "", err
	}
	return value, checkValue(value)
}

func (s *scanner) space() { s.rest = bytes.TrimLeft(s.rest, " \t\r\n") }

func (s *scanner) take(word string) bool {
	rest, found := bytes.CutPrefix(s.rest, []byte(word))
	s.rest = rest
	return found
}

// unescape resolves the five entities of XML and character references; there are no others here.
func unescape(raw string) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(raw, "&")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, rest, ended := strings.Cut(after, ";")
		r, known := entity(name)
		if !ended || !known {
			return "", malformed("unknown entity")
		}
		b.WriteRune(r)
		raw = rest
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, isRef := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	if !isRef {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
