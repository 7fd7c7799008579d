// Package limit is the yardstick for pages: the list of orders written by hand, with pgx and templ and
// nothing of the product's layers. It decides nothing and serves one page to whoever has a session.
package limit

import "context"

// Run serves the page until ctx ends.
func Run(_ context.Context, _ []string) error { return nil }
