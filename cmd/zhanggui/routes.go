package main

import (
	"context"
	"encoding/json"
	"fmt"

	"zhanggui/web"
)

// runRoutes prints the table that mounts the routes: of the demo, which has all of them.
func runRoutes(_ context.Context, p program, args []string) error {
	all := web.Routes(true)
	switch {
	case len(args) == 0:
		for _, r := range all {
			if _, err := fmt.Fprintf(p.out, "%-5s %-44s %-8s %s\n", r.Method, r.Path, r.Kind, r.Permission); err != nil {
				return err
			}
		}
		return nil
	case len(args) == 1 && args[0] == "--json":
		e := json.NewEncoder(p.out)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	return errUsage
}
