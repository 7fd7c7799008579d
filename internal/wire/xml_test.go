package wire

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadXMLTakesWhatWeChatSends(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		in   string
		want Fields
	}{
		"CDATA and text side by side": {"<xml><a><![CDATA[1&2]]></a><b>3</b></xml>", Fields{"a": "1&2", "b": "3"}},
		"spaced out over lines":       {"\r\n<xml>\r\n  <a>1</a>\r\n</xml>\n", Fields{"a": "1"}},
		"empty in three ways":         {"<xml><a></a><b/><c><![CDATA[]]></c></xml>", Fields{"a": "", "b": "", "c": ""}},
		"entities":                    {"<xml><a>&lt;&gt;&amp;&quot;&apos;&#65;&#x4E2D;</a></xml>", Fields{"a": `<>&"'A中`}},
		"a split CDATA end":           {"<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>", Fields{"a": "x]]>y"}},
		"markup within CDATA":         {"<xml><a><![CDATA[<b>7</b><!-- -->]]></a></xml>", Fields{"a": "<b>7</b><!-- -->"}},
		"no fields":                   {"<xml></xml>", Fields{}},
	}
	for name, c := range cases {
		got, err := ReadXML([]byte(c.in))
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

var refusedXML = map[string]string{
	"nothing":                         "",
	"another root":                    "<root><a>1</a></root>",
	"a root that starts alike":        "<xmlx></xmlx>",
	"a field that comes twice":        "<xml><a>1</a><a>2</a></xml>",
	"a field within a field":          "<xml><a>1<b>7</b>2</a></xml>",
	"a comment in a value":            "<xml><a>1<!-- -->2</a></xml>",
	"a comment between fields":        "<xml><!-- --><a>1</a></xml>",
	"an attribute":                    `<xml><a k="v">1</a></xml>`,
	"an attribute on the root":        `<xml k="v"></xml>`,
	"a namespace prefix":              "<xml><n:a>1</n:a></xml>",
	"a declaration":                   `<?xml version="1.0"?><xml></xml>`,
	"a processing instruction":        "<xml><?php 1?></xml>",
	"a document type":                 `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>`,
	"an unknown entity":               "<xml><a>&e;</a></xml>",
	"a bare ampersand":                "<xml><a>1&2</a></xml>",
	"a signed character reference":    "<xml><a>&#+65;</a></xml>",
	"a reference to a surrogate":      "<xml><a>&#xD800;</a></xml>",
	"a reference beyond Unicode":      "<xml><a>&#x110000;</a></xml>",
	"a reference to NUL":              "<xml><a>&#0;</a></xml>",
	"text outside a field":            "<xml>1<a>2</a></xml>",
	"text and CDATA in one field":     "<xml><a> <![CDATA[1]]></a></xml>",
	"CDATA and text in one field":     "<xml><a><![CDATA[1]]>2</a></xml>",
	"a CDATA end in text":             "<xml><a>1]]></a></xml>",
	"CDATA outside a field":           "<xml><![CDATA[1]]></xml>",
	"a second document":               "<xml></xml><xml></xml>",
	"text after the root":             "<xml></xml>x",
	"an end tag of another field":     "<xml><a>1</b></xml>",
	"an end tag with a space":         "<xml><a>1</a ></xml>",
	"a field without an end":          "<xml><a>1",
	"CDATA without an end":            "<xml><a><![CDATA[1</a></xml>",
	"a root without an end":           "<xml><a>1</a>",
	"a name that begins with a digit": "<xml><1>1</1></xml>",
	"a name of 65 bytes":              "<xml><" + strings.Repeat("a", 65) + ">1</" + strings.Repeat("a", 65) + "></xml>",
	"a carriage return in a value":    "<xml><a>1\r\n2</a></xml>",
	"a NUL in CDATA":                  "<xml><a><![CDATA[\x00]]></a></xml>",
	"bytes that are not UTF-8":        "<xml><a>\xff</a></xml>",
	"a byte order mark":               "\uFEFF<xml></xml>",
	"101 fields":                      "<xml>" + manyFields(MaxFields+1) + "</xml>",
	"more than 64 KiB":                "<xml><a>" + strings.Repeat("1", MaxXMLBytes) + "</a></xml>",
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<f%d>1</f%d>", i, i)
	}
	return b.String()
}

func TestReadXMLRefusesWhatCouldBeReadTwoWays(t *testing.T) {
	t.Parallel()
	for name, in := range refusedXML {
		if got, err := ReadXML([]byte(in)); !errors.Is(err, ErrMalformed) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestWriteXMLSortsAndQuotes(t *testing.T) {
	t.Parallel()
	got, err := Fields{"b": "x]]>y", "a": ""}.WriteXML()
	want := "<xml><a><![CDATA[]]></a><b><![CDATA[x]]]]><![CDATA[>y]]></b></xml>"
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestWriteXMLRefusesWhatWouldNotComeBack(t *testing.T) {
	t.Parallel()
	many := Fields{}
	for i := range MaxFields + 1 {
		many[fmt.Sprintf("f%d", i)] = "1"
	}
	for name, f := range map[string]Fields{
		"no name":                {"": "1"},
		"a name with markup":     {"a><b": "1"},
		"a name of digits first": {"1a": "1"},
		"a long name":            {strings.Repeat("a", 65): "1"},
		"a carriage return":      {"a": "\r"},
		"a control character":    {"a": "\x01"},
		"broken UTF-8":           {"a": "\xff"},
		"101 fields":             many,
		"more than 64 KiB":       {"a": strings.Repeat("1", MaxXMLBytes)},
	} {
		if _, err := f.WriteXML(); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsWrittenIsReadBackTheSame(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("]>[<!CDAT&;#\n 中"))))
	rapid.Check(t, func(t *rapid.T) {
		f := Fields(rapid.MapOfN(rapid.StringMatching(`[A-Za-z_][A-Za-z0-9_]{0,10}`), value, 0, 20).Draw(t, "fields"))
		written, err := f.WriteXML()
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("%q: %v", f, err)
			}
			return // refused, because it could not be read back
		}
		if back, err := ReadXML(written); err != nil || !maps.Equal(back, f) {
			t.Fatalf("%q came back as %q, %v", f, back, err)
		}
	})
}

// FuzzReadXML: whatever we accept, the standard library reads the same way, and it can be sent on.
func FuzzReadXML(f *testing.F) {
	for _, seed := range []string{
		"<xml><a><![CDATA[1]]></a><b>2</b></xml>", "<xml>\n<a/>\n</xml>", "<xml><a>&#x41;&amp;</a></xml>",
		"<xml><a><![CDATA[x]]]]><![CDATA[>]]></a></xml>",
	} {
		f.Add([]byte(seed))
	}
	for _, seed := range refusedXML {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadXML(in)
		if err != nil {
			return
		}
		if other := standardRead(t, in); !maps.Equal(got, other) {
			t.Fatalf("we read %q, the standard library %q", got, other)
		}
		if written, err := got.WriteXML(); err == nil {
			if back, err := ReadXML(written); err != nil || !maps.Equal(back, got) {
				t.Fatalf("%q came back as %q, %v", got, back, err)
			}
		}
	})
}

func standardRead(t *testing.T, in []byte) Fields {
	t.Helper()
	fields, name, depth := Fields{}, "", 0
	d := xml.NewDecoder(strings.NewReader(string(in)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return fields
		}
		if err != nil {
			t.Fatalf("the standard library refuses: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth == 2 {
				name = token.Name.Local
				fields[name] = ""
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 2 {
				fields[name] += string(token)
			}
		}
	}
}
