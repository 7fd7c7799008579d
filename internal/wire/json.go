package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a JSON message.
const (
	MaxJSONBytes = 1 << 20
	maxJSONDepth = 32
)

// ReadJSON reads one JSON object into the value. Before decoding it refuses what encoding/json would
// let through silently: keys that come twice or differ only by case (the later one would win), a second
// document, broken UTF-8, and nesting beyond any message we know. Unknown fields are tolerated, as the
// protocol asks; whether a null or missing field matters is the caller's to say.
func ReadJSON(body []byte, into any) error {
	if err := checkJSON(body); err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return malformed("JSON: %v", err)
	}
	return nil
}

func checkJSON(body []byte) error {
	if len(body) > MaxJSONBytes {
		return malformed("more than %d bytes", MaxJSONBytes)
	}
	if !utf8.Valid(body) {
		return malformed("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	first, err := d.Token()
	if err != nil || first != json.Delim('{') {
		return malformed("not a JSON object")
	}
	if err := checkObject(d, 1); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("something follows the JSON object")
	}
	return nil
}

// checkObject reads an object whose brace is already taken.
func checkObject(d *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return malformed("JSON: %v", err)
		}
		name, isText := t.(string)
		if !isText || seen[fold(name)] {
			return malformed("JSON key comes twice")
		}
		seen[fold(name)] = true
		if err := checkElement(d, depth); err != nil {
			return err
		}
	}
	return closed(d)
}

func checkArray(d *json.Decoder, depth int) error {
	for d.More() {
		if err := checkElement(d, depth); err != nil {
			return err
		}
	}
	return closed(d)
}

func checkElement(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return malformed("JSON: %v", err)
	}
	if _, nested := t.(json.Delim); nested && depth == maxJSONDepth {
		return malformed("JSON deeper than %d", maxJSONDepth)
	}
	switch t {
	case json.Delim('{'):
		return checkObject(d, depth+1)
	case json.Delim('['):
		return checkArray(d, depth+1)
	}
	return nil
}

func closed(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return malformed("JSON: %v", err)
	}
	return nil
}

// fold maps a key to the form in which encoding/json compares it with field names: every letter to the
// smallest of its case variants, so that the Kelvin sign is a k and the long s an s.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, key)
}
