package views

import (
	"context"
	"net/url"

	"zhanggui/internal/product"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsProducts are the openings of all merchants.
type OpsProducts struct {
	Asked url.Values
	All   []product.Declaration
	Rows  []product.Row
	Next  string
	First bool
}

func (m OpsProducts) filter() url.Values {
	return kept(m.Asked, []string{product.FieldState, product.FieldCode, product.FieldMchID})
}

func (m OpsProducts) bar() ui.FilterBar {
	return ui.FilterBar{Action: product.ReviewPath, Reset: product.ReviewPath, Set: len(m.filter())}
}

func (m OpsProducts) mchid(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: product.FieldMchID, Word: say(ctx, "ops_products.col.mchid"), Value: m.Asked.Get(product.FieldMchID)}
}

func (m OpsProducts) product(ctx context.Context) ui.FilterField {
	codes := make([]string, len(m.All))
	for i, d := range m.All {
		codes[i] = string(d.Code)
	}
	return ui.FilterField{Name: product.FieldCode, Word: say(ctx, "ops_products.col.product"),
		Options: choices(ctx, codes, m.Asked.Get(product.FieldCode), func(ctx context.Context, c string) string { return known(ctx, "product.name.", c) })}
}

func (m OpsProducts) state(ctx context.Context) ui.FilterField {
	return ui.FilterField{Name: product.FieldState, Word: say(ctx, "ops_products.col.state"),
		Options: opsChoices(ctx, product.States, m.Asked.Get(product.FieldState), "product.state.")}
}

func (m OpsProducts) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsHref(product.ReviewPath, m.filter(), "")
	}
	if m.Next != "" {
		g.Next = opsHref(product.ReviewPath, m.filter(), m.Next)
	}
	return g
}

func (m OpsProducts) none(ctx context.Context) ui.Nothing {
	n := ui.Nothing{Title: say(ctx, "ops_products.none"), Text: say(ctx, "ops_products.none_text")}
	if len(m.filter()) > 0 {
		n = ui.Nothing{Title: say(ctx, "ops_products.none_found"), Text: say(ctx, "ops_products.none_found_text"),
			Act: ui.Act{Word: say(ctx, "ops_products.all"), Href: product.ReviewPath}}
	}
	return n
}

func openingHref(o product.Opening) string { return product.ReviewPath + "/" + o.No() }

// OpsProduct is one opening.
type OpsProduct struct {
	product.Opening
	Item   product.Item // how the product stands now
	May    bool         // the reader answers openings
	Once   [2]ui.Pair
	Reason ui.Field
	Faults []ui.Fault
}

func (m OpsProduct) head(ctx context.Context) ui.Head {
	return ui.Head{Title: m.Code.Name(ctx), ID: m.No(), Lead: words.F(ctx, "ops_products.lead_one", words.Args{"Name": m.Item.Merchant.ShortName, "Time": moment(m.AskedAt)}),
		Tag: ui.Tag(productColours[m.State], ProductState(ctx, m.State))}
}

func (m OpsProduct) waits() bool { return m.State == product.Reviewing }

func (m OpsProduct) facts(ctx context.Context) []ui.Fact {
	facts := []ui.Fact{number(ctx, "product.line.mchid", mchidText(m.Item.Merchant.ID)), {Word: say(ctx, "product.line.legal_name"), Text: m.Item.Merchant.LegalName}}
	facts = append(facts, signedFacts(ctx, m.Opening)...)
	if m.DecidedAt != nil {
		facts = append(facts, ui.Fact{Word: say(ctx, "ops_products.col.decided_by"), Text: m.DecidedBy}, ui.Fact{Word: say(ctx, "ops_products.col.decided"), Text: moment(*m.DecidedAt)})
	}
	if m.Opening.Reason != "" {
		facts = append(facts, ui.Fact{Word: say(ctx, "ops_products.col.reason"), Text: m.Opening.Reason, Full: true})
	}
	return facts
}
