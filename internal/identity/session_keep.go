package identity

import "context"

// Keep replaces what pages keep in a session. It only updates: a session that ended stays ended
// (ErrNoSession), so a page still under way cannot bring it back.
func (g *Gate) Keep(ctx context.Context, secret string, d Data) error {
	d.Flash, d.Theme = clip(d.Flash, dataMax/4), clip(d.Theme, dataMax/4)
	return keepData(ctx, g.db, hashed(secret), func(Data) Data { return d })
}

// Flash leaves a message (its words' id) for the next page; the empty id takes it away.
func (g *Gate) Flash(ctx context.Context, secret, id string) error {
	return keepData(ctx, g.db, hashed(secret), func(d Data) Data {
		d.Flash = clip(id, dataMax/4)
		return d
	})
}
