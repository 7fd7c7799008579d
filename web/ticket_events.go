package web

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views/ui"
)

// cardOf draws a ticket; each purpose has its own card.
type cardOf func(speech, identity.Ticket) (ui.Scan, error)

// signInEvents tells the desktop what its phone does.
func (s *site) signInEvents(v *visit) error {
	next := v.door().next(v.query("next"), "")
	return s.follow(v, func(say speech, t identity.Ticket) (ui.Scan, error) { return s.signInCard(say, t, next) })
}

// follow sends the card's face each time the ticket changes, until nothing more can happen.
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
	if !s.streams.enter(b.Address) {
		return fault.ErrBusy
	}
	s.gauges.waiting.Inc()
	w := &waiter{site: s, id: id, browser: b, draw: draw, say: v.speech(),
		known: identity.Ticket{State: identity.State(v.query("state")), Contested: t.Contested}}
	if out, end, ok := detachStream(v); ok {
		go func() {
			defer end()
			w.wait(s.Closing, out)
		}()
		return nil
	}
	ctx, cancel := context.WithCancel(v.ctx())
	defer cancel()
	defer context.AfterFunc(s.Closing, cancel)()
	w.wait(ctx, openStream(v))
	return nil
}

// waiter is a desktop that waits for its phone. It holds nothing of the request nor of the database.
type waiter struct {
	site    *site
	id      uuid.UUID
	browser identity.Browser
	known   identity.Ticket // what the page shows
	draw    cardOf
	say     speech
}

// wait ends with the ticket, with the program, or when nobody reads any more.
func (w *waiter) wait(ctx context.Context, out *sse) {
	s := w.site
	defer s.streams.leave(w.browser.Address)
	defer s.gauges.waiting.Dec()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer pulse(s.Heartbeat, out, cancel)()
	for w.news(ctx, out) {
	}
}

// pulse beats while nothing happens, and gives up a reader that has gone.
func pulse(every time.Duration, out *sse, gone func()) (stop func() bool) {
	var t *time.Timer
	t = time.AfterFunc(never, func() {
		if out.beat() != nil {
			gone()
			return
		}
		t.Reset(every)
	})
	t.Reset(every)
	return t.Stop
}

// never is longer than any stream.
const never = 24 * time.Hour

// news waits for one change and sends it; false when there will be no more.
func (w *waiter) news(ctx context.Context, out *sse) bool {
	t, err := w.site.Gate.Await(ctx, w.id, w.browser, w.known)
	if err != nil {
		if ctx.Err() == nil {
			w.site.Log.WarnContext(ctx, "a waiting desktop lost its ticket", "error", err.Error())
			_ = out.end(nil)
		}
		return false
	}
	w.known = t
	card, err := w.draw(w.say, t)
	if err == nil {
		err = out.send(w.say.ctx, ui.ScanFace(card))
	}
	if err != nil || final(t.State) {
		_ = out.end(err)
		return false
	}
	return true
}

// final tells whether a ticket has nothing more to say.
func final(s identity.State) bool {
	return s != identity.Waiting && s != identity.Scanned && s != identity.Consenting
}
