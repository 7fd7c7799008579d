package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views/ui"
)

// cardOf draws a ticket; each purpose has its own card.
type cardOf func(identity.Ticket) (ui.Scan, error)

// signInEvents tells the desktop what its phone does.
func (s *site) signInEvents(v *visit) error {
	next := safeNext(v.query("next"), "")
	return s.follow(v, func(t identity.Ticket) (ui.Scan, error) { return s.signInCard(v, t, next) })
}

// follow sends the card's face each time the ticket changes, until nothing more can happen. Nothing
// of the database is held while it waits.
func (s *site) follow(v *visit, draw cardOf) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	b := v.browser()
	t, err := s.Gate.Ticket(v.ctx(), id, b) // refuse before the stream begins
	if err != nil {
		return err
	}
	if !s.streams.enter(v.RealIP()) {
		return fault.ErrBusy
	}
	defer s.streams.leave(v.RealIP())
	s.gauges.waiting.Inc()
	defer s.gauges.waiting.Dec()

	ctx, cancel := context.WithCancel(v.ctx())
	defer cancel()
	defer context.AfterFunc(s.Closing, cancel)()
	known := identity.Ticket{State: identity.State(v.query("state"))}
	if t.State == known.State {
		known = t
	}
	return s.stream(ctx, v, openStream(v), known, func(ctx context.Context, known identity.Ticket) (identity.Ticket, error) {
		return s.Gate.Await(ctx, id, b, known)
	}, draw)
}

type await func(ctx context.Context, known identity.Ticket) (identity.Ticket, error)

// stream writes the events. A silence is broken by a comment, so that proxies keep the connection
// and a browser that has gone is noticed.
func (s *site) stream(ctx context.Context, v *visit, out *sse, known identity.Ticket, wait await, draw cardOf) error {
	for {
		patience, cancel := context.WithTimeout(ctx, s.Heartbeat)
		t, err := wait(patience, known)
		cancel()
		switch {
		case err == nil:
			known = t
			if err := sendFace(ctx, out, t, draw); err != nil || final(t.State) {
				return out.end(err)
			}
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, context.DeadlineExceeded):
			if out.beat() != nil {
				return nil
			}
		default:
			s.Log.WarnContext(ctx, "a waiting desktop lost its ticket", "request", requestNumberOf(v.Context), "error", err.Error())
			return out.end(nil)
		}
	}
}

func sendFace(ctx context.Context, out *sse, t identity.Ticket, draw cardOf) error {
	card, err := draw(t)
	if err != nil {
		return err
	}
	return out.send(ctx, ui.ScanFace(card))
}

// final tells whether a ticket has nothing more to say.
func final(s identity.State) bool {
	return s != identity.Waiting && s != identity.Scanned && s != identity.Consenting
}

// sse is an open stream of server-sent events.
type sse struct {
	to    *echo.Response
	flush *http.ResponseController
}

func openStream(v *visit) *sse {
	out := &sse{to: v.Response(), flush: http.NewResponseController(v.Response())}
	_ = out.flush.SetWriteDeadline(time.Time{}) // a stream lives as long as its ticket
	h := out.to.Header()
	h.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	out.to.WriteHeader(http.StatusOK)
	_ = out.flush.Flush()
	return out
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

func (out *sse) beat() error { return out.write(": \n\n") }

// end tells the browser not to come back.
func (out *sse) end(err error) error {
	if err == nil {
		err = out.write("event: end\ndata: end\n\n")
	}
	return err
}

func (out *sse) write(text string) error {
	if _, err := out.to.Write([]byte(text)); err != nil {
		return err
	}
	return out.flush.Flush()
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
