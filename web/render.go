package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// bufferKept is the size above which a used buffer is not kept for the next page.
const bufferKept = 256 << 10

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		return w
	}}
)

// show answers with a page: rendered whole before the first byte leaves, so that a failure half way
// is a 500 and never half a page.
func (v *visit) show(status int, page templ.Component) error {
	body := buffers.Get().(*bytes.Buffer)
	defer giveBack(body)
	if err := page.Render(v.ctx(), body); err != nil {
		return fmt.Errorf("render %s: %w", v.route.name(), err)
	}
	return send(v.Context, status, echo.MIMETextHTMLCharsetUTF8, body)
}

// showJSON answers with JSON.
func (v *visit) showJSON(status int, value any) error { return sendJSON(v.Context, status, value) }

func sendJSON(c echo.Context, status int, value any) error {
	body := buffers.Get().(*bytes.Buffer)
	defer giveBack(body)
	enc := json.NewEncoder(body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return fmt.Errorf("answer in JSON: %w", err)
	}
	return send(c, status, echo.MIMEApplicationJSON, body)
}

// send writes a whole body at once, compressed when the client takes it.
func send(c echo.Context, status int, media string, body *bytes.Buffer) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, media)
	h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if body.Len() > gzipFrom && strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		zipped := buffers.Get().(*bytes.Buffer)
		defer giveBack(zipped)
		zip(zipped, body)
		h.Set(echo.HeaderContentEncoding, "gzip")
		body = zipped
	}
	h.Set(echo.HeaderContentLength, fmt.Sprint(body.Len()))
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(body.Bytes())
	return err
}

// gzipFrom is the size below which compressing costs more than it saves.
const gzipFrom = 1 << 10

func zip(to, from *bytes.Buffer) {
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(to)
	_, _ = w.Write(from.Bytes()) // a buffer takes everything
	_ = w.Close()
}

func giveBack(b *bytes.Buffer) {
	if b.Cap() <= bufferKept {
		b.Reset()
		buffers.Put(b)
	}
}
