package web

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// sameOrigin refuses posts that another site's page makes a browser send. Programs send neither
// Sec-Fetch-Site nor Origin and pass; their routes ask for more than a cookie.
func sameOrigin(d Deps) (echo.MiddlewareFunc, error) {
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(d.Base.Scheme + "://" + d.Base.Host); err != nil {
		return nil, fmt.Errorf("base URL as an origin: %w", err)
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return errForeignPage
			}
			return next(c)
		}
	}, nil
}
