// Package views holds the portal's pages: one templ file a page, its view model beside it. A view decides
// where things stand on a page and in which words of the catalogue they are said; it refuses to decide what
// is true. Everything it shows was read, masked and written out by the handler that calls it.
package views

import (
	"context"

	"zhanggui/internal/words"
)

// say is a sentence of the catalogue.
func say(ctx context.Context, id string) string { return words.T(ctx, id) }
