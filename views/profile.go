package views

import (
	"context"

	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// sessionsAt is where the reader's sessions are ended.
func sessionsAt(p layout.Page) string {
	if p.Ops {
		return p.At("/sessions/")
	}
	return "/account/sessions/"
}

func profileColumns(ctx context.Context) []ui.Column {
	return []ui.Column{
		{Word: say(ctx, "profile.col_browser")}, {Word: say(ctx, "profile.col_address")},
		{Word: say(ctx, "profile.col_made")}, {Word: say(ctx, "profile.col_seen")},
		{Word: say(ctx, "profile.col_ends")}, {Word: say(ctx, "profile.col_act")},
	}
}
