package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// download begins a streamed file: the handler writes it to the response as it reads its rows.
// Nothing can be refused any more after the first byte.
func (v *visit) download(media, name string) *echo.Response {
	h := v.Response().Header()
	h.Set(echo.HeaderContentType, media)
	h.Set(echo.HeaderContentDisposition, disposition(name))
	v.Response().WriteHeader(http.StatusOK)
	return v.Response()
}

// disposition names a file for old readers in ASCII and for all others as it is.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r > '~' || r < ' ' || strings.ContainsRune(`"\/;%`, r) {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + url.PathEscape(name)
}
