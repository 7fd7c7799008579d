package web

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"zhanggui/internal/clock"
)

// requestHeader carries the number that a person can quote and the log can be searched by.
const requestHeader = "Request-ID"

// observe gives the request its number, catches what went wrong, and writes one line and one
// measurement. It names the route's pattern, never the address: addresses hold tickets.
func (s *site) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := clock.Wall()
		c.Response().Header().Set(requestHeader, s.requestNumber())
		err := caught(next, c)
		if err != nil {
			c.Error(err)
		}
		s.logRequest(c, clock.Wall().Sub(began), err)
		return nil
	}
}

// caught turns a panic into an error that knows where it came from.
func caught(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		p := recover()
		if e, ok := p.(error); ok && errors.Is(e, http.ErrAbortHandler) {
			panic(p)
		}
		if p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return next(c)
}

// requestNumber is 50 bits of chance in ten letters and digits.
func (s *site) requestNumber() string {
	var b [10]byte
	if _, err := io.ReadFull(s.Rand, b[:]); err != nil {
		return "0000000000"
	}
	return base32.StdEncoding.EncodeToString(b[:])[:10]
}

func requestNumberOf(c echo.Context) string { return c.Response().Header().Get(requestHeader) }

func (s *site) logRequest(c echo.Context, took time.Duration, err error) {
	r, status, pattern := c.Request(), c.Response().Status, patternOf(c)
	s.measure(r.Method, pattern, status, took)
	level, fields := usualLevel(pattern), []any{
		"request", requestNumberOf(c), "method", r.Method, "route", pattern, "status", status,
		"ms", took.Milliseconds(), "bytes", c.Response().Size, "address", c.RealIP(),
	}
	if v := visitOf(c); v != nil && v.scope.Actor().Name != "" {
		fields = append(fields, "actor", v.scope.Actor().Name)
	}
	if status >= http.StatusInternalServerError && err != nil {
		level, fields = slog.LevelError, append(fields, "error", err.Error())
	}
	s.Log.Log(r.Context(), level, "request", fields...)
}

// usualLevel keeps what machines ask every second out of what people read.
func usualLevel(pattern string) slog.Level {
	switch pattern {
	case "/livez", "/readyz", "/metrics", "/static/*":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// patternOf is the site map's path of a request.
func patternOf(c echo.Context) string {
	if v := visitOf(c); v != nil {
		return v.route.Path
	}
	return "unmatched"
}
