package audit

import "context"

// program is the actor of what the program does by itself.
const program = "system"

type cameKey struct{}

// Came is a context of a request that came from there: rows that people's acts write in it, and that do
// not say it themselves, stand with it in the log.
func Came(ctx context.Context, from From) context.Context {
	return context.WithValue(ctx, cameKey{}, from)
}

// placed is the entry with the place that the request came from, where it names none.
func (e Entry) placed(ctx context.Context) Entry {
	from, known := ctx.Value(cameKey{}).(From)
	if !known || e.Actor == program || e.From.Address != "" || e.From.Agent != "" {
		return e
	}
	if e.From.Session != "" {
		from.Session = e.From.Session
	}
	e.From = from
	return e
}
