// Package openapi is the rim for programs: its own TLS listener, WeChat Pay's own formats. Today it
// takes in the channel's notifications.
//
// It decides whether a message is genuine, by the signature over the bytes received, before anything is
// read or looked up, and hands on what was sealed in it. It refuses everything else in the protocol's
// own words. Whether a notification came before, and what it means, its handler decides: notifications
// come twice, late and out of order.
package openapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/wire"
)

// Notice is a notification that was proven and opened.
type Notice struct {
	ID        string // of the event; each repetition has the same
	EventType string // TRANSACTION.SUCCESS
	Resource  json.RawMessage
}

// Notices are the handlers, by the last part of the notification's path. A handler is idempotent. A
// notification is accepted once its handler returns nil; after an error the channel sends it again.
type Notices map[string]func(ctx context.Context, n Notice) error

// Deps is everything the rim is built of.
type Deps struct {
	Notices Notices
	Channel []*wire.PublicKey // what the channel's notifications are signed with
	V3Key   string            // what they are sealed with
	Ready   func() bool       // until then nothing is booked
	Log     *slog.Logger
	Now     func() time.Time // wall clock; nil: clock.Wall
}

// Route is one path of the rim, for the site map.
type Route struct {
	Method string
	Path   string // as http.ServeMux writes it
	handle func(*rim, http.ResponseWriter, *http.Request)
}

// Routes lists the paths that New answers. Every one of them wants a signature.
func Routes() []Route {
	return []Route{
		{http.MethodPost, "/channel/notify/{kind}", (*rim).notified},
	}
}

type rim struct {
	Deps
	id func() string
}

// New answers Routes, and whatever else is asked with the protocol's word for what does not exist.
func New(d Deps) (http.Handler, error) {
	if d.Ready == nil || len(d.Channel) == 0 || len(d.V3Key) != wire.V3KeyBytes {
		return nil, errors.New("openapi: a part is missing: readiness, the channel's keys or the APIv3 key")
	}
	if d.Now == nil {
		d.Now = clock.Wall
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	s := &rim{Deps: d, id: wire.RequestIDs()}
	mux := http.NewServeMux()
	for _, r := range Routes() {
		mux.HandleFunc(r.Method+" "+r.Path, func(w http.ResponseWriter, q *http.Request) { r.handle(s, w, q) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusNotFound, notThere) })
	return s.numbered(mux), nil
}

// numbered gives every answer the number it can be asked about by, and survives what a handler must not do.
func (s *rim) numbered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := s.id()
		w.Header().Set(wire.HeaderRequestID, id)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if p := recover(); p != nil {
				s.Log.ErrorContext(r.Context(), "a handler of the API panicked", "request_id", id, "path", r.URL.Path, "panic", p)
				say(w, http.StatusInternalServerError, downNow)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
