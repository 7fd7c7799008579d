package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func sample() assets {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return load(fstest.MapFS{
		"dist/manifest.json":    file(`{"names":{"app.css":"app-1.css"},"files":["app-1.css","mark-2.svg"]}`),
		"dist/app-1.css":        file("plain"),
		"dist/app-1.css.gz":     file("small"),
		"dist/mark-2.svg":       file("<svg/>"),
		"dist/left-from-before": file("not in the manifest"),
	})
}

func ask(method, path, encodings string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept-Encoding", encodings)
	w := httptest.NewRecorder()
	sample().ServeHTTP(w, r)
	return w
}

func TestAnAssetMayBeKeptForEver(t *testing.T) {
	t.Parallel()
	w := ask("GET", "/static/app-1.css", "")
	if w.Code != http.StatusOK || w.Body.String() != "plain" {
		t.Fatalf("got %d %q", w.Code, w.Body)
	}
	for name, want := range map[string]string{"Content-Type": "text/css; charset=utf-8", "Cache-Control": forever,
		"X-Content-Type-Options": "nosniff", "Content-Length": "5", "Vary": "Accept-Encoding", "Content-Encoding": ""} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestTheCompressedBytesGoToBrowsersThatTakeThem(t *testing.T) {
	t.Parallel()
	for encodings, want := range map[string]string{"gzip": "small", "br, gzip;q=0.5": "small", "GZIP": "small", "gzip;q=0": "plain",
		"gzip; q=0.000": "plain", "br": "plain", "gzipped": "plain"} {
		if got := ask("GET", "/static/app-1.css", encodings).Body.String(); got != want {
			t.Errorf("with %q came %q, want %q", encodings, got, want)
		}
	}
	if w := ask("GET", "/static/mark-2.svg", "gzip"); w.Header().Get("Content-Encoding") != "" || w.Body.String() != "<svg/>" {
		t.Errorf("an asset without compressed bytes came as %q", w.Body)
	}
}

func TestOnlyWhatTheBuildWroteDownIsServed(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/static/", "/static/app.css", "/static/manifest.json", "/static/app-1.css.gz", "/static/left-from-before",
		"/static/../static.go"} {
		if w := ask("GET", path, ""); w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "" {
			t.Errorf("%s answered %d", path, w.Code)
		}
	}
	if w := ask("POST", "/static/app-1.css", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST answered %d", w.Code)
	}
	if w := ask("HEAD", "/static/app-1.css", ""); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD answered %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestAMissingBuildSaysWhatToDo(t *testing.T) {
	t.Parallel()
	a := load(fstest.MapFS{})
	if a.err == nil || !strings.Contains(a.err.Error(), "make assets") {
		t.Fatalf("got %v", a.err)
	}
	broken := load(fstest.MapFS{"dist/manifest.json": {Data: []byte(`{"files":["gone.css"]}`)}})
	if broken.err == nil || !strings.Contains(broken.err.Error(), "gone.css") {
		t.Fatalf("got %v", broken.err)
	}
}
