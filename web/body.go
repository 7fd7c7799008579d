package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"zhanggui/internal/clock"
)

// Limits of what a request may bring.
const (
	formLimit   = 256 << 10
	uploadLimit = 64<<20 + 1<<20 // a bill and what a form lays around it
)

// uploadTime is how long a whole upload may take, longer than the listener gives other bodies, and
// answerTime how long its answer then may.
const (
	uploadTime = 10 * time.Minute
	answerTime = time.Minute
)

// drainLimit is how much of a file that is too long is still taken in: a browser that is cut off while
// it sends shows no page that says why.
const drainLimit = 64 << 20

// limitBody bounds the body by what the route expects: a form, or a file.
func limitBody(next handler) handler {
	return func(s *site, v *visit) error {
		if v.route.uploads() {
			return receive(s, v, next)
		}
		r := v.Request()
		if r.ContentLength > formLimit {
			return &http.MaxBytesError{Limit: formLimit}
		}
		r.Body = http.MaxBytesReader(v.Response(), r.Body, formLimit)
		return next(s, v)
	}
}

// receive gives an upload its own limit and its own time.
func receive(s *site, v *visit, next handler) error {
	r := v.Request()
	if r.ContentLength > uploadLimit+drainLimit {
		return &http.MaxBytesError{Limit: uploadLimit}
	}
	deadline := clock.Wall().Add(uploadTime)
	c := http.NewResponseController(v.Response())
	_ = c.SetReadDeadline(deadline)
	_ = c.SetWriteDeadline(deadline.Add(answerTime))
	whole := r.Body
	r.Body = http.MaxBytesReader(v.Response(), whole, uploadLimit)
	err := next(s, v)
	_, _ = io.CopyN(io.Discard, whole, drainLimit)
	return err
}

func tooLarge(err error) bool {
	var over *http.MaxBytesError
	return errors.As(err, &over)
}
