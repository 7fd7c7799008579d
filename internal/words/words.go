// Package words is the catalogue: every word a person reads, by id and language. Pages, messages
// and refusals name an id; the languages live in one folder each, a file per area.
package words

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Chinese is the product's language.
const Chinese = "zh-CN"

//go:embed zh-CN/*.json
var files embed.FS

// Args fill the places of a sentence: {{.Name}}.
type Args map[string]any

type catalogue struct {
	plain     map[string]string   // sentences without places, answered without a template
	placed    map[string][]string // sentences with places alone: text, place, text, place, text
	localizer *i18n.Localizer
}

var catalogues = map[string]*catalogue{Chinese: load(Chinese)}

type langKey struct{}

// With sets the language of everything said in ctx.
func With(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang is the language of ctx.
func Lang(ctx context.Context) string {
	if lang, ok := ctx.Value(langKey{}).(string); ok && catalogues[lang] != nil {
		return lang
	}
	return Chinese
}

// T says a sentence without places.
func T(ctx context.Context, id string) string {
	if s, ok := Find(ctx, id); ok {
		return s
	}
	return missing(id)
}

// Find says a sentence without places, if the catalogue has it: codes that others bring may have no words.
func Find(ctx context.Context, id string) (text string, ok bool) {
	text, ok = catalogues[Lang(ctx)].plain[id]
	return text, ok
}

// F says a sentence with its places filled.
func F(ctx context.Context, id string, args Args) string {
	c := catalogues[Lang(ctx)]
	if s, ok := c.plain[id]; ok {
		return s
	}
	if s, ok := fill(c.placed[id], args); ok {
		return s
	}
	s, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: args})
	if err != nil {
		return missing(id)
	}
	return s
}

// Has tells whether the catalogue knows the id.
func Has(ctx context.Context, id string) bool {
	c := catalogues[Lang(ctx)]
	if _, ok := c.plain[id]; ok || c.placed[id] != nil {
		return true
	}
	_, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: Args{}})
	return err == nil
}

// missing is loud where developers look and harmless where people do.
func missing(id string) string {
	if testing.Testing() {
		panic("words: the catalogue has no " + id)
	}
	slog.Error("the catalogue has no such words", "id", id)
	return id
}

func load(lang string) *catalogue {
	bundle := i18n.NewBundle(language.Make(lang))
	plain := map[string]string{}
	names, err := fs.Glob(files, lang+"/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		for id, text := range read(name) {
			if _, twice := plain[id]; twice {
				panic(fmt.Sprintf("words: %s stands twice, again in %s", id, path.Base(name)))
			}
			plain[id] = text
			bundle.MustAddMessages(language.Make(lang), &i18n.Message{ID: id, Other: text})
		}
	}
	placed := map[string][]string{}
	for id, text := range plain {
		if strings.Contains(text, "{{") {
			delete(plain, id)
			if parts := places(text); parts != nil {
				placed[id] = parts
			}
		}
	}
	return &catalogue{plain: plain, placed: placed, localizer: i18n.NewLocalizer(bundle, lang)}
}

// place is where a sentence takes a value as it is; anything else in braces is left to the template.
var place = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// places cuts a sentence at its places, or is nil where a template must decide.
func places(text string) (parts []string) {
	end := 0
	for _, at := range place.FindAllStringSubmatchIndex(text, -1) {
		parts = append(parts, text[end:at[0]], text[at[2]:at[3]])
		end = at[1]
	}
	if parts = append(parts, text[end:]); strings.Contains(strings.Join(parts, ""), "{{") {
		return nil
	}
	return parts
}

// fill puts the values in, unless one is missing or no word.
func fill(parts []string, args Args) (string, bool) {
	var b strings.Builder
	for i, part := range parts {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		switch v := args[part].(type) {
		case string:
			b.WriteString(v)
		case int:
			b.WriteString(strconv.Itoa(v))
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		default:
			return "", false
		}
	}
	return b.String(), parts != nil
}

func read(name string) map[string]string {
	raw, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		panic(fmt.Sprintf("words: %s: %v", name, err))
	}
	return texts
}
