package openapi

import (
	"errors"
	"io"
	"net/http"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/wire"
)

// bodyMax bounds what a program may send.
const bodyMax = wire.MaxJSONBytes

// bodyTime is how long a body may take.
const bodyTime = 10 * time.Second

// notified takes a notification of the channel in: proven, opened, handed on, and only then accepted.
func (s *rim) notified(w http.ResponseWriter, r *http.Request) {
	handle := s.Notices[r.PathValue("kind")]
	if handle == nil {
		say(w, http.StatusNotFound, notThere)
		return
	}
	if !s.Ready() {
		say(w, http.StatusServiceUnavailable, failed)
		return
	}
	n, err := s.read(w, r)
	if err == nil {
		err = handle(r.Context(), n)
	}
	if err != nil {
		status := statusOf(err)
		s.Log.WarnContext(r.Context(), "a notification of the channel was not accepted", "kind", r.PathValue("kind"), "event", n.ID,
			"event_type", n.EventType, "status", status, "request_id", w.Header().Get(wire.HeaderRequestID), "error", err)
		say(w, status, failed)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// read proves the bytes first and looks into them second, and reads none that could not be proven.
func (s *rim) read(w http.ResponseWriter, r *http.Request) (Notice, error) {
	if _, err := wire.AnswerKey(s.Channel, r.Header, s.Now()); err != nil {
		w.Header().Set("Connection", "close") // else the server reads on before it answers
		return Notice{}, err
	}
	// Not every writer has deadlines; the server's own holds then.
	_ = http.NewResponseController(w).SetReadDeadline(clock.Wall().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax))
	if err != nil {
		return Notice{}, err
	}
	if err := wire.VerifyAnswer(s.Channel, r.Header, body, s.Now()); err != nil {
		return Notice{}, err
	}
	e, err := wire.ReadEvent(s.V3Key, body)
	return Notice{ID: e.ID, EventType: e.Type, Resource: e.Resource}, err
}

// statusOf tells the channel what kind of failure it was. It sends again after any.
func statusOf(err error) int {
	var long *http.MaxBytesError
	_, refused := fault.As(err)
	switch {
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, wire.ErrSignature):
		return http.StatusUnauthorized
	case errors.Is(err, wire.ErrMalformed):
		return http.StatusBadRequest
	case refused:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}
