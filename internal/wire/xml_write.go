package wire

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	openCDATA  = "<![CDATA["
	closeCDATA = "]]>"
	// splitCDATA stands for "]]>" inside a value: it ends one section within the mark and opens the next.
	splitCDATA = "]]]]><![CDATA[>"
)

// WriteXML writes the message as APIv2 sends it: fields sorted by name, every value in CDATA. It refuses
// what ReadXML would refuse, so that nothing leaves that would not come back the same.
func (f Fields) WriteXML() ([]byte, error) {
	if len(f) > MaxFields {
		return nil, malformed("more than %d fields", MaxFields)
	}
	var b bytes.Buffer
	b.WriteString("<xml>")
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if !isName(name) {
			return nil, malformed("not a field name")
		}
		if err := checkValue(f[name]); err != nil {
			return nil, err
		}
		value := strings.ReplaceAll(f[name], closeCDATA, splitCDATA)
		b.WriteString("<" + name + ">" + openCDATA + value + closeCDATA + "</" + name + ">")
	}
	b.WriteString("</xml>")
	if b.Len() > MaxXMLBytes {
		return nil, malformed("more than %d bytes", MaxXMLBytes)
	}
	return b.Bytes(), nil
}

// checkValue holds a value to the characters of XML 1.0, less the carriage return: XML readers turn it
// into a line feed, so the two ends would sign two different values.
func checkValue(value string) error {
	if !utf8.ValidString(value) {
		return malformed("value is not UTF-8")
	}
	for _, r := range value {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return malformed("character U+%04X in a value", r)
		}
	}
	return nil
}

func isName(name string) bool {
	if name == "" || len(name) > maxNameBytes {
		return false
	}
	for i := range len(name) {
		if !isNameByte(name[i], i > 0) {
			return false
		}
	}
	return true
}

func isNameByte(c byte, digitAllowed bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
		return true
	default:
		return digitAllowed && c >= '0' && c <= '9'
	}
}
