package wire

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

type jsonMessage struct {
	OpenID string          `json:"openid"`
	Code   int64           `json:"errcode"`
	Any    json.RawMessage `json:"any"`
}

func TestReadJSONTakesOneObject(t *testing.T) {
	t.Parallel()
	var got jsonMessage
	err := ReadJSON([]byte(` {"openid":"o1","errcode":40029,"unknown":{"a":[1,{"a":2}],"b":null}} `+"\n"), &got)
	if err != nil || got.OpenID != "o1" || got.Code != 40029 {
		t.Errorf("%+v, %v", got, err)
	}
}

var refusedJSON = map[string]string{
	"nothing":                       "",
	"not an object":                 "null",
	"an array":                      `[{"openid":"o1"}]`,
	"a key twice":                   `{"openid":"o1","openid":"o2"}`,
	"a key twice by escape":         `{"openid":"o1","\u006fpenid":"o2"}`,
	"keys that differ by case":      `{"openid":"o1","OPENID":"o2"}`,
	"keys that differ by long s":    `{"sign":"1","\u017fign":"2"}`,
	"keys that differ by Kelvin":    `{"key":"1","\u212Aey":"2"}`,
	"a key twice deep down":         `{"any":[{"a":1,"A":2}]}`,
	"a second document":             `{"openid":"o1"}{"openid":"o2"}`,
	"rubbish after the document":    `{"openid":"o1"}x`,
	"a document without an end":     `{"openid":"o1"`,
	"a trailing comma":              `{"openid":"o1",}`,
	"a number where text is":        `{"openid":1}`,
	"a fraction where a number is":  `{"errcode":1.5}`,
	"an exponent where a number is": `{"errcode":1e2}`,
	"a number beyond 64 bits":       `{"errcode":9223372036854775808}`,
	"bytes that are not UTF-8":      "{\"openid\":\"\xff\"}",
	"33 levels":                     strings.Repeat(`{"any":`, 33) + "1" + strings.Repeat("}", 33),
	"more than 1 MiB":               `{"openid":"` + strings.Repeat("x", MaxJSONBytes) + `"}`,
}

func TestReadJSONRefusesWhatTheStandardLibraryLetsThrough(t *testing.T) {
	t.Parallel()
	for name, in := range refusedJSON {
		var got jsonMessage
		if err := ReadJSON([]byte(in), &got); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	deep := strings.Repeat(`{"any":`, 32) + "1" + strings.Repeat("}", 32)
	if err := ReadJSON([]byte(deep), &jsonMessage{}); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

// FuzzReadJSON: what we accept, the standard library accepts too, and re-encoding it loses no key.
func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":[{"c":null}]}`, `{"a":1,"A":2}`, `{}{}`, `{"ſ":1,"s":2}`, `{"a":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	for _, seed := range refusedJSON {
		if len(seed) < 4096 { // what grows from a long one costs the time of thousands
			f.Add([]byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var ours map[string]any
		if ReadJSON(in, &ours) != nil {
			return
		}
		var theirs map[string]any
		if err := json.Unmarshal(in, &theirs); err != nil || len(theirs) != len(ours) {
			t.Fatalf("we accept %q, the standard library says %v", in, err)
		}
		again, err := json.Marshal(ours)
		if err != nil {
			t.Fatal(err)
		}
		if err := ReadJSON(again, &theirs); err != nil {
			t.Fatalf("%q does not survive re-encoding: %v", in, err)
		}
	})
}
