package views

import (
	"context"

	"zhanggui/internal/platform"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsMerchant is one merchant with what can be done to it as a whole.
type OpsMerchant struct {
	platform.MerchantDetail
	Books  bool // the reader may see what its accounts began with
	May    bool // the reader may suspend and resume
	Once   ui.Pair
	Reason ui.Field
	Faults []ui.Fault
}

func (m OpsMerchant) head() ui.Head {
	return ui.Head{Title: m.ShortName, ID: mchidText(m.ID), Tag: merchantTag(m.Suspended), Lead: m.LegalName}
}

func (m OpsMerchant) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{
		{Word: say(ctx, "ops.merchant.mchid"), Value: ui.CopyID(say(ctx, "ops.merchant.mchid"), mchidText(m.ID), ""), HasID: true},
		{Word: say(ctx, "ops.merchant.kind"), Text: say(ctx, "merchant.kind."+string(m.Kind))},
	}
	if m.Parent != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "ops.merchant.parent"),
			Value: ui.Link(ui.Act{Word: m.ParentName + " " + mchidText(m.Parent), Href: OpsMerchantHref(m.Parent)})})
	}
	if m.Children > 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "ops.merchant.children"),
			Value: ui.Link(ui.Act{Word: words.F(ctx, "ops.count", words.Args{"Count": m.Children}), Href: opsMerchantsPath + "?parent_mchid=" + mchidText(m.ID)})})
	}
	return append(facts,
		ui.Fact{Word: say(ctx, "ops.merchant.cycle"), Text: string(m.Cycle)},
		ui.Fact{Word: say(ctx, "ops.merchant.system"), Text: say(ctx, "merchant.system."+string(m.System))},
		ui.Fact{Word: say(ctx, "ops.merchant.rate"), Text: m.FeeRate.String()},
		ui.Fact{Word: say(ctx, "ops.merchant.bank"), Text: orNothing(m.SettlementBank)},
		ui.Fact{Word: say(ctx, "ops.merchant.account"), Text: words.F(ctx, "ops.merchant.tail", words.Args{"Tail": m.AccountTail})},
		ui.Fact{Word: say(ctx, "ops.merchant.appid"), Text: m.AppID},
		ui.Fact{Word: say(ctx, "ops.merchant.opened"), Text: moment(m.OpenedAt)},
		ui.Fact{Word: say(ctx, "ops.merchant.members"), Text: words.F(ctx, "ops.count", words.Args{"Count": m.Members})})
}

func (m OpsMerchant) admin(ctx context.Context) []ui.Fact {
	state := ui.Tag(ui.Needs, say(ctx, "ops.unbound"))
	if m.AdminBound {
		state = ui.Tag(ui.Done, say(ctx, "ops.bound"))
	}
	return []ui.Fact{{Word: say(ctx, "ops.merchant.admin_login"), Text: m.Admin + "@" + mchidText(m.ID)},
		{Word: say(ctx, "ops.merchant.admin"), Text: m.AdminName}, {Word: say(ctx, "ops.merchant.wechat"), Value: state}}
}

// past is what was done to the merchant, down to its opening.
func (m OpsMerchant) past(ctx context.Context) (events []ui.Event) {
	opened := false
	for i, c := range m.History {
		opened = opened || c.Change == "opened"
		e := ui.Event{At: moment(c.At), Now: i == 0, Bad: c.Change == "suspended",
			Text: words.F(ctx, "merchant.change."+string(c.Change), words.Args{"Actor": c.Actor})}
		if c.Reason != "" {
			e.Text += words.F(ctx, "ops.merchant.because", words.Args{"Reason": c.Reason})
		}
		events = append(events, e)
	}
	if !opened {
		events = append(events, ui.Event{At: moment(m.OpenedAt), Text: say(ctx, "merchant.change.began"), Now: len(events) == 0})
	}
	return events
}

// act is the one thing that can be done now: its words' family, and where it is asked for.
func (m OpsMerchant) act() (family, path string, kind ui.Kind) {
	if m.Suspended {
		return "ops.merchant.resume.", OpsMerchantHref(m.ID) + "/resumption", ui.Primary
	}
	return "ops.merchant.suspend.", OpsMerchantHref(m.ID) + "/suspension", ui.Danger
}
