package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/internal/words"
)

// errForeignPage refuses a post made by another site's page.
var errForeignPage = fault.New("web.foreign_page")

// statuses are the codes whose refusal is not simply a form to correct.
var statuses = map[string]int{
	fault.ErrNotFound.Code:      http.StatusNotFound,
	fault.ErrBusy.Code:          http.StatusServiceUnavailable,
	"web.sign_in":               http.StatusUnauthorized,
	"web.not_ready":             http.StatusServiceUnavailable,
	"web.foreign_page":          http.StatusForbidden,
	"web.bad_address":           http.StatusBadRequest,
	"web.bad_form":              http.StatusBadRequest,
	"web.bad_json":              http.StatusBadRequest,
	"web.bad_text":              http.StatusBadRequest,
	"web.repeated":              http.StatusBadRequest,
	"identity.too_many_tickets": http.StatusTooManyRequests,
}

// trouble is an error as a person or a program is told it.
type trouble struct {
	Status     int
	Code       string // of the catalogue
	Message    string
	Permission string // 403: the one that is missing
	Fields     map[string]string
	Request    string
}

// fail answers every error in one place. What we did wrong is a number to quote, never a trace.
func (s *site) fail(err error, c echo.Context) {
	if c.Response().Committed || errors.Is(err, context.Canceled) {
		return
	}
	t := describe(c, err)
	if t.Status == http.StatusServiceUnavailable || t.Status == http.StatusTooManyRequests {
		c.Response().Header().Set(echo.HeaderRetryAfter, "5")
	}
	if wrong := s.tell(c, t); wrong != nil {
		s.Log.ErrorContext(c.Request().Context(), "the error page failed", "request", t.Request, "error", wrong.Error())
		_ = c.NoContent(t.Status)
	}
}

func describe(c echo.Context, err error) trouble {
	ctx := c.Request().Context()
	t := trouble{Status: statusOf(err), Request: requestNumberOf(c), Fields: map[string]string{}}
	var missing fault.Forbidden
	switch refusals := fault.All(err); {
	case errors.As(err, &missing):
		t.Code, t.Permission = "forbidden", missing.Permission
		t.Message = words.T(ctx, "web.error.403.text")
	case len(refusals) > 0:
		t.Code, t.Message = refusals[0].Code, sentence(ctx, refusals[0])
		for _, r := range refusals {
			if r.Field != "" {
				t.Fields[r.Field] = sentence(ctx, r)
			}
		}
	default:
		t.Code = strings.ToLower(strings.ReplaceAll(http.StatusText(t.Status), " ", "_"))
		t.Message = words.T(ctx, plainError(t.Status))
	}
	return t
}

// sentence says a refusal in words.
func sentence(ctx context.Context, r *fault.Refusal) string {
	return confirm.Sentence(ctx, r)
}

func statusOf(err error) int {
	var missing fault.Forbidden
	var known *echo.HTTPError
	switch refusals := fault.All(err); {
	case errors.As(err, &missing):
		return http.StatusForbidden
	case tooLarge(err):
		return http.StatusRequestEntityTooLarge
	case len(refusals) > 0:
		if status, ok := statuses[refusals[0].Code]; ok {
			return status
		}
		return http.StatusUnprocessableEntity
	case errors.As(err, &known):
		return known.Code
	}
	return http.StatusInternalServerError
}

// plainError is the sentence of a status that no rule of the product refused.
func plainError(status int) string {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnauthorized:
		return "web.error." + http.StatusText(status)
	}
	if status < http.StatusInternalServerError {
		return "web.error.Bad Request"
	}
	return "web.error.Internal Server Error"
}
