package web

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listen opens the card's stream; lines come as they are sent.
func (d *desk) listen() (lines chan string, status int) {
	d.t.Helper()
	address := attr(d.page.one("[data-live]"), "data-hx-sse:connect")
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.p.url+address, nil)
	must(d.t, err)
	res, err := d.http.Do(r)
	must(d.t, err)
	d.t.Cleanup(func() { _ = res.Body.Close() })
	lines = make(chan string, 64)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines, res.StatusCode
}

// until reads lines up to one that holds the text.
func until(t *testing.T, lines chan string, text string) {
	t.Helper()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	for {
		select {
		case line, open := <-lines:
			if strings.Contains(line, text) {
				return
			}
			if !open {
				t.Fatalf("the stream ended before %q", text)
			}
		case <-limit.C:
			t.Fatalf("no %q came", text)
		}
	}
}

func TestTheDesktopHearsWhatThePhoneDoes(t *testing.T) {
	t.Parallel()
	p := livePortal(t, func(d *Deps) { d.Heartbeat = 30 * time.Millisecond })
	d := p.desk()
	lines, status := d.listen()
	if status != http.StatusOK {
		t.Fatalf("the stream answers %d", status)
	}
	until(t, lines, ": ")
	phone := p.phone("p-sumingyue")
	ask := phone.get(d.link)
	until(t, lines, `data-scan-state="scanned"`)
	phone.submit(ask, "decision", "confirm", "number", d.number)
	until(t, lines, `data-scan-state="confirmed"`)
	until(t, lines, "event: end")
	late, _ := d.listen() // who comes back later hears at once where it stands
	until(t, late, `data-scan-state="confirmed"`)
}

func TestAStreamEndsWhenTimeIsUpAndWhenTheProgramStops(t *testing.T) {
	t.Parallel()
	p := livePortal(t)
	d := p.desk()
	lines, _ := d.listen()
	p.clock.Advance(121 * time.Second)
	until(t, lines, `data-scan-state="expired"`)
	until(t, lines, "event: end")
}

func TestStreamsOfOneAddressAreBounded(t *testing.T) {
	t.Parallel()
	p := livePortal(t, func(d *Deps) { d.Streams = 2 })
	d := p.desk()
	for range 2 {
		if _, status := d.listen(); status != http.StatusOK {
			t.Fatalf("an allowed stream answers %d", status)
		}
	}
	if _, status := d.listen(); status != http.StatusServiceUnavailable {
		t.Errorf("one stream too many answers %d", status)
	}
	other := p.desk()
	foreign := &desk{client: p.browser(), page: other.page}
	if _, status := foreign.listen(); status != http.StatusNotFound {
		t.Errorf("another browser's stream answers %d", status)
	}
}
