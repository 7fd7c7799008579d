package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"zhanggui/internal/clock"
)

// streamWrite is how long a reader may take to take an event.
const streamWrite = 10 * time.Second

// sse is an open stream of server-sent events.
type sse struct {
	mu    sync.Mutex // an event and a heartbeat never mix
	to    io.Writer
	flush func() error
}

// streamHeaders say what a stream is, to browsers and to proxies.
func streamHeaders(h http.Header) {
	h.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
}

// openStream begins a stream that lasts as long as its handler.
func openStream(v *visit) *sse {
	c := http.NewResponseController(v.Response())
	_ = c.SetWriteDeadline(time.Time{}) // it has no end of its own
	streamHeaders(v.Response().Header())
	v.Response().WriteHeader(http.StatusOK)
	_ = c.Flush()
	return &sse{to: v.Response(), flush: c.Flush}
}

// detachStream begins a stream that outlives its handler: thousands wait, and the server's buffers
// and stacks of a request would be most of what a waiting desktop costs. ok is false where the
// connection is shared with others (HTTP/2); then the handler has to stay.
func detachStream(v *visit) (out *sse, end func(), ok bool) {
	if v.Request().ProtoMajor != 1 {
		return nil, nil, false
	}
	conn, _, err := http.NewResponseController(v.Response()).Hijack()
	if err != nil {
		return nil, nil, false
	}
	r := v.Response()
	r.Status, r.Committed = http.StatusOK, true
	streamHeaders(r.Header())
	r.Header().Set("Connection", "close")
	var head bytes.Buffer
	_, _ = head.WriteString("HTTP/1.1 200 OK\r\n")
	_ = r.Header().Write(&head)
	_, _ = head.WriteString("\r\n")
	out = &sse{to: patient{conn}, flush: func() error { return nil }}
	_ = out.write(head.String()) // a reader that has gone is noticed at the next event
	return out, func() { _ = conn.Close() }, true
}

// patient gives each write its time.
type patient struct{ net.Conn }

func (p patient) Write(b []byte) (int, error) {
	_ = p.SetWriteDeadline(clock.Wall().Add(streamWrite))
	return p.Conn.Write(b)
}

// send writes a component as one event.
func (out *sse) send(ctx context.Context, part templ.Component) error {
	body := buffers.Get().(*bytes.Buffer)
	defer giveBack(body)
	if err := part.Render(ctx, body); err != nil {
		return fmt.Errorf("render an event: %w", err)
	}
	return out.write("data: " + strings.ReplaceAll(strings.TrimSpace(body.String()), "\n", "\ndata: ") + "\n\n")
}

// beat breaks a silence, so that proxies keep the connection and a reader that has gone is noticed.
func (out *sse) beat() error { return out.write(": \n\n") }

// end tells the browser not to come back.
func (out *sse) end(err error) error {
	if err == nil {
		err = out.write("event: end\ndata: end\n\n")
	}
	return err
}

func (out *sse) write(text string) error {
	out.mu.Lock()
	defer out.mu.Unlock()
	if _, err := io.WriteString(out.to, text); err != nil {
		return err
	}
	return out.flush()
}

// counter bounds the open streams of one address.
type counter struct {
	mu   sync.Mutex
	max  int
	open map[string]int
}

func (c *counter) enter(address string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[address] >= c.max {
		return false
	}
	c.open[address]++
	return true
}

func (c *counter) leave(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[address]--; c.open[address] <= 0 {
		delete(c.open, address)
	}
}
