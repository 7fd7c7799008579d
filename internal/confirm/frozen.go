package confirm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"zhanggui/internal/fault"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// Limits of what is frozen.
const (
	paramsMax = 64 << 10
	wordsMax  = 16 << 10
)

// languages are those in which the words are frozen.
var languages = []string{words.Chinese}

// canonical writes parameters the one way: names in order, numbers as they came, no spaces.
func canonical(params any) (json.RawMessage, error) {
	raw, err := json.Marshal(params)
	if err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	out, err := plain(tree)
	if err == nil && len(out) > paramsMax {
		err = fmt.Errorf("parameters of %d bytes, %d are kept", len(out), paramsMax)
	}
	return out, err
}

// plain is JSON without escapes for HTML. Maps are written in order of their names.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// hashOf is SHA-256 over the parts, each with its length before it.
func hashOf(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// hash is what the row's hash must be.
func (c *confirmation) hash() []byte { return hashOf(c.Action, c.Params, c.Words) }

// intact tells whether the row still is what was frozen.
func (c *confirmation) intact() bool { return bytes.Equal(c.Hash, c.hash()) }

// freeze puts action, parameters and words into the row, under their hash.
func (d *Desk) freeze(c *confirmation, a Action, params json.RawMessage, texts string) {
	c.Action, c.Words, c.Params = a.Code, texts, string(params)
	if a.Private {
		c.Params = base64.StdEncoding.EncodeToString(d.vault.Seal(c.at("params"), string(params)))
	}
	c.Hash = c.hash()
}

// thaw reads the parameters back. What was altered is ErrChanged.
func (d *Desk) thaw(c *confirmation, a Action) (json.RawMessage, error) {
	if !c.intact() {
		return nil, ErrChanged
	}
	if !a.Private {
		return json.RawMessage(c.Params), nil
	}
	sealed, err := base64.StdEncoding.DecodeString(c.Params)
	if err != nil {
		return nil, ErrChanged
	}
	text, err := d.vault.Reveal(c.at("params"), sealed)
	if err != nil {
		return nil, ErrChanged
	}
	return json.RawMessage(text), nil
}

func (c *confirmation) at(column string) vault.At {
	return vault.At{Table: "confirmations", Column: column, Row: c.ID.String(), Merchant: c.MerchantID}
}

// describe says the act in every language.
func describe(ctx context.Context, in description) (string, error) {
	all := map[string]Words{}
	for _, lang := range languages {
		w, err := in.action.Describe(words.With(ctx, lang), in.q, in.scope, in.params)
		if err != nil {
			return "", err
		}
		all[lang] = w
	}
	out, err := plain(all)
	if err == nil && len(out) > wordsMax {
		err = fmt.Errorf("words of %s take %d bytes, %d are kept", in.action.Code, len(out), wordsMax)
	}
	return string(out), err
}

// wordsIn are the frozen words in the language of ctx.
func wordsIn(ctx context.Context, frozen string) (Words, error) {
	var all map[string]Words
	if err := json.Unmarshal([]byte(frozen), &all); err != nil {
		return Words{}, fmt.Errorf("frozen words: %w", err)
	}
	if w, ok := all[words.Lang(ctx)]; ok {
		return w, nil
	}
	return all[words.Chinese], nil
}

// reasonText keeps a refusal: its code, and the facts of its sentence as JSON.
func reasonText(reason error) (code, args string) {
	r := refusalOf(reason)
	if r == nil {
		return "", ""
	}
	if len(r.Args) == 0 {
		return r.Code, ""
	}
	raw, err := plain(r.Args)
	if err != nil {
		return r.Code, ""
	}
	return r.Code, string(raw)
}

// reason is the refusal that a row ended with; nil when it did not.
func reason(code, args string) *fault.Refusal {
	if code == "" {
		return nil
	}
	r := fault.New(code)
	if args != "" {
		_ = json.Unmarshal([]byte(args), &r.Args) // a sentence without its facts is better than none
	}
	return r
}
