package views

import (
	"context"

	"zhanggui/views/ui"
)

func castColumns(ctx context.Context) []ui.Column {
	return []ui.Column{
		{Word: say(ctx, "sandbox.col_login")}, {Word: say(ctx, "sandbox.col_role")},
		{Word: say(ctx, "sandbox.col_wechat")}, {Word: say(ctx, "sandbox.col_password")},
		{Word: say(ctx, "sandbox.col_person")}, {Word: say(ctx, "sandbox.col_phone")},
	}
}

func freeColumns(ctx context.Context) []ui.Column {
	return []ui.Column{{Word: say(ctx, "sandbox.col_person")}, {Word: say(ctx, "sandbox.col_paper")},
		{Word: say(ctx, "sandbox.col_number")}, {Word: say(ctx, "sandbox.col_mobile")}, {Word: say(ctx, "sandbox.col_phone")}}
}

// ChatTabs are the pages of a simulated phone.
func ChatTabs(ctx context.Context, person, now string) []ui.ViewTab {
	home := "/sandbox/phone/" + person + "/"
	return []ui.ViewTab{
		{Word: say(ctx, "sandbox.chats"), Href: home, Current: now == home},
		{Word: say(ctx, "sandbox.scan"), Href: home + "scan", Current: now == home+"scan"},
		{Word: say(ctx, "sandbox.pay"), Href: home + "pay", Current: now == home+"pay"},
	}
}
