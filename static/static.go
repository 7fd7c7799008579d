// Package static serves the built stylesheet, scripts and pictures.
//
// It decides the address of an asset (its name carries a hash of its bytes, so an answer may be kept
// for ever) and which bytes go out (the compressed ones when the browser takes gzip). It refuses every
// name that the build did not write down, and says so loudly when there was no build at all.
package static

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Prefix is where Handler is mounted.
const Prefix = "/static/"

// forever is one year, the longest time RFC 9111 lets an answer be kept.
const forever = "public, max-age=31536000, immutable"

//go:embed all:dist
var dist embed.FS

var built = load(dist)

// asset is one built file in both forms; gz is empty where compressing would not save anything.
type asset struct {
	kind      string
	plain, gz []byte
}

// assets is what one build wrote: the hashed name of each plain name, and the files by hashed name.
type assets struct {
	names map[string]string
	files map[string]asset
	err   error
}

// URL gives the address of an asset by its plain name, such as "app.css". It panics on a name that the
// build does not know. Without a build it gives an address that answers 404, so that pages can still be
// tested; a program that serves people asks Check first.
func URL(name string) string {
	if built.err != nil {
		return Prefix + name
	}
	hashed, ok := built.names[name]
	if !ok {
		panic("static: no asset is called " + name)
	}
	return Prefix + hashed
}

// Check says whether the assets were built. A program that serves pages refuses to start on its error.
func Check() error { return built.err }

// Handler answers GET and HEAD below Prefix.
func Handler() http.Handler { return built }

func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	file, ok := a.files[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", forever)
	body := file.plain
	if len(file.gz) > 0 {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body = file.gz
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader has gone: nobody is left to tell
	}
}

// takesGzip reads an Accept-Encoding header; "gzip;q=0" is a refusal.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.TrimRight(strings.TrimSpace(weight), ".0") != "q="
		}
	}
	return false
}

// kinds are the only types the build makes; anything else in dist is a fault.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func load(from fs.FS) assets {
	a := assets{names: map[string]string{}, files: map[string]asset{}}
	raw, err := fs.ReadFile(from, "dist/manifest.json")
	if err != nil {
		a.err = fmt.Errorf("static: the assets were not built; run `make assets`: %w", err)
		return a
	}
	var manifest struct {
		Names map[string]string `json:"names"`
		Files []string          `json:"files"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		a.err = fmt.Errorf("static: reading dist/manifest.json: %w", err)
		return a
	}
	a.names = manifest.Names
	for _, name := range manifest.Files {
		file := asset{kind: kinds[path.Ext(name)]}
		if file.plain, err = fs.ReadFile(from, "dist/"+name); err != nil || file.kind == "" {
			a.err = fmt.Errorf("static: dist/manifest.json names %s, which cannot be served: %w", name, err)
			return a
		}
		file.gz, _ = fs.ReadFile(from, "dist/"+name+".gz")
		a.files[name] = file
	}
	return a
}
