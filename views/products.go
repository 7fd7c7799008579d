package views

import (
	"context"

	"zhanggui/internal/product"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Products is the catalogue.
type Products struct {
	Merchant string
	Items    []product.Item
	May      bool // the reader opens products
}

// of lists a group's products.
func (m Products) of(g product.Group) (all []product.Item) {
	for _, i := range m.Items {
		if i.Group == g {
			all = append(all, i)
		}
	}
	return all
}

func (m Products) lead(ctx context.Context) string {
	return words.F(ctx, "products.lead", words.Args{"Name": m.Merchant})
}

func (m Products) section(ctx context.Context, g product.Group) ui.Section {
	return ui.Section{ID: "group-" + string(g), Title: say(ctx, "product.group."+string(g)), Note: say(ctx, "product.group_note."+string(g))}
}

// act is what leads on from a product's row.
func (m Products) act(ctx context.Context, i product.Item) ui.Act {
	name := words.Args{"Name": i.Code.Name(ctx)}
	a := ui.Act{Href: i.Code.Href()}
	switch s := i.State(); {
	case s == product.Open && i.Settings != "":
		a.Word, a.Href = say(ctx, "products.go"), i.Settings
	case s == product.Open || !m.May:
		a.Word = say(ctx, "products.look")
	case s == product.Reviewing:
		a.Word = say(ctx, "products.progress")
	case !i.Met():
		a.Word = say(ctx, "products.look_conditions")
	case s == product.Closed:
		a.Word = say(ctx, "products.again")
	default:
		a.Word, a.Kind = words.F(ctx, "products.open", name), ui.Primary
	}
	a.Label = a.Word + " " + i.Code.Name(ctx)
	return a
}

// since says in the row what the state alone does not.
func since(ctx context.Context, i product.Item) string {
	if i.Last == nil {
		return ""
	}
	switch o := i.Last; o.State {
	case product.Open:
		return words.F(ctx, "products.since_open", words.Args{"Time": moment(*o.OpenedAt)})
	case product.Reviewing:
		return words.F(ctx, "products.since_asked", words.Args{"Time": moment(o.AskedAt)})
	case product.Closed:
		return words.F(ctx, "products.since_closed", words.Args{"Time": moment(*o.ClosedAt), "By": o.ClosedBy})
	case product.Refused:
		return words.F(ctx, "products.since_refused", words.Args{"Reason": o.Reason})
	}
	return ""
}

func (m Products) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: ProductsPath + ".csv"}, {Word: say(ctx, "trades.export_json"), Href: ProductsPath + ".json"}}
}
