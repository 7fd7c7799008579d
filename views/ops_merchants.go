package views

import (
	"context"
	"net/url"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/platform"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsMerchants is the list of merchants.
type OpsMerchants struct {
	Asked  url.Values       // the filter as typed
	Faults []*fault.Refusal // what is wrong with it; then there are no rows
	platform.MerchantPage
	Size int
	Open bool // the reader may open merchants
}

// OpsSizes are the page sizes of the operators' lists.
var OpsSizes = []int{20, 50, 100}

const opsMerchantsPath = "/ops/merchants"

// opsMerchantFields are the filter's, in the order of the bar.
var opsMerchantFields = []string{platform.FieldText, platform.FieldKind, platform.FieldState, platform.FieldParent}

func (m OpsMerchants) href(path, cursor string) string {
	all := kept(m.Asked, opsMerchantFields)
	if m.Size != OpsSizes[0] && m.Size != 0 {
		all.Set("size", strconv.Itoa(m.Size))
	}
	return opsHref(path, all, cursor)
}

// kept is what of an address a list's own links repeat.
func kept(asked url.Values, fields []string) url.Values {
	all := url.Values{}
	for _, name := range fields {
		if text := asked.Get(name); text != "" {
			all.Set(name, text)
		}
	}
	return all
}

// opsHref is an address of a list with its filter; the cursor may be empty.
func opsHref(path string, filter url.Values, cursor string) string {
	if cursor != "" {
		filter.Set(platform.FieldCursor, cursor)
	}
	if len(filter) == 0 {
		return path
	}
	return path + "?" + filter.Encode()
}

func opsExports(ctx context.Context, path string, filter url.Values) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: opsHref(path+".csv", filter, "")},
		{Word: say(ctx, "trades.export_json"), Href: opsHref(path+".json", filter, "")}}
}

func (m OpsMerchants) bar() ui.FilterBar {
	b := ui.FilterBar{Action: opsMerchantsPath, Reset: opsMerchantsPath, Set: len(kept(m.Asked, opsMerchantFields)), Open: len(m.Faults) > 0}
	if m.Size != OpsSizes[0] {
		b.Hidden = []ui.Pair{{Name: "size", Value: strconv.Itoa(m.Size)}}
	}
	return b
}

// opsChoices are all, then each code in its words.
func opsChoices[C ~string](ctx context.Context, codes []C, asked, family string) []ui.Option {
	all := []ui.Option{{Word: say(ctx, "ops.any")}}
	for _, c := range codes {
		all = append(all, ui.Option{Value: string(c), Word: say(ctx, family+string(c)), Chosen: string(c) == asked})
	}
	return all
}

// field is a field of the filter bar with what is wrong with it.
func (m OpsMerchants) field(ctx context.Context, name, word string) ui.FilterField {
	return ui.FilterField{Name: name, Word: say(ctx, word), Value: m.Asked.Get(name), Error: refused(ctx, m.Faults, name)}
}

func (m OpsMerchants) kind(ctx context.Context) ui.FilterField {
	f := m.field(ctx, platform.FieldKind, "ops.merchant.kind")
	f.Options = opsChoices(ctx, merchant.Kinds, f.Value, "merchant.kind.")
	return f
}

func (m OpsMerchants) state(ctx context.Context) ui.FilterField {
	f := m.field(ctx, platform.FieldState, "ops.merchant.state")
	f.Options = opsChoices(ctx, []string{platform.Active, platform.Suspended}, f.Value, "merchant.state.")
	return f
}

func (m OpsMerchants) text(ctx context.Context) ui.FilterField {
	f := m.field(ctx, platform.FieldText, "ops.merchants.text")
	f.Placeholder = say(ctx, "ops.merchants.text_hint")
	return f
}

// summary lists what is wrong with a list's filter; each leads to its field.
func summary(ctx context.Context, faults []*fault.Refusal, prefix string) (all []ui.Fault) {
	for _, r := range faults {
		f := ui.Fault{Text: refusal(ctx, r)}
		if r.Field != "" && r.Field != platform.FieldCursor {
			f.ID = prefix + r.Field
		}
		all = append(all, f)
	}
	return all
}

func columnsOf(ctx context.Context, family string, ids ...string) (all []ui.Column) {
	for _, id := range ids {
		word, num := id, false
		if id[0] == '#' {
			word, num = id[1:], true
		}
		all = append(all, ui.Column{Word: say(ctx, family+word), Num: num})
	}
	return all
}

func (m OpsMerchants) grid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "ops.merchants.table"), Rows: true, Stick: true,
		Columns: columnsOf(ctx, "ops.merchant.", "mchid", "name", "kind", "cycle", "system", "admin", "opened", "state")}
}

func (m OpsMerchants) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "ops.shown", words.Args{"Count": len(m.Rows)}), Action: opsMerchantsPath, Size: m.Size, Sizes: OpsSizes}
	for name, values := range kept(m.Asked, opsMerchantFields) {
		g.Hidden = append(g.Hidden, ui.Pair{Name: name, Value: values[0]})
	}
	if m.Prev != "" {
		g.Prev = m.href(opsMerchantsPath, m.Prev)
	}
	if m.Next != "" {
		g.Next = m.href(opsMerchantsPath, m.Next)
	}
	return g
}

func (m OpsMerchants) none(ctx context.Context) ui.Nothing {
	switch {
	case len(m.Faults) > 0:
		return ui.Nothing{Title: say(ctx, "trades.refused_title"), Text: say(ctx, "ops.refused_text")}
	case m.bar().Set > 0:
		return ui.Nothing{Title: say(ctx, "ops.merchants.none_title"), Text: say(ctx, "ops.merchants.none_text"),
			Act: ui.Act{Word: say(ctx, "ops.merchants.all"), Href: opsMerchantsPath}}
	}
	n := ui.Nothing{Title: say(ctx, "ops.merchants.empty_title"), Text: say(ctx, "ops.merchants.empty_text")}
	if m.Open {
		n.Act = ui.Act{Word: say(ctx, "ops.merchants.new"), Href: "/ops/merchants/new"}
	}
	return n
}

// merchantState is whether a merchant's people can come in.
func merchantState(suspended bool) (code string, colour ui.State) {
	if suspended {
		return platform.Suspended, ui.Failed
	}
	return platform.Active, ui.Done
}

// OpsMerchantHref is the address of a merchant's page.
func OpsMerchantHref(id int64) string { return opsMerchantsPath + "/" + mchidText(id) }
