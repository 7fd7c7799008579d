package views

import (
	"context"
	"regexp"
	"strings"

	"zhanggui/internal/product"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// ProductsPath is where the catalogue stands.
const ProductsPath = product.Path

var productColours = map[product.State]ui.State{product.NotOpen: ui.Waiting, product.Reviewing: ui.Moving, product.Open: ui.Done,
	product.Closed: ui.Waiting, product.Refused: ui.Failed}

// ProductState says where a product stands.
func ProductState(ctx context.Context, s product.State) string {
	return say(ctx, "product.state."+string(s))
}

// ConditionText says a condition with its numbers, and what is missing.
func ConditionText(ctx context.Context, c product.Condition) string {
	args := words.Args{"Have": c.Have, "Need": c.Need, "Missing": c.Missing()}
	text := words.F(ctx, "product.condition."+c.Word, args)
	if c.Met() {
		return text + say(ctx, "products.met")
	}
	return text + say(ctx, "products.and") + words.F(ctx, "product.missing."+c.Unit, args)
}

// Product is one product, and what the reader can do about it.
type Product struct {
	product.Item
	May     bool   // the reader opens and closes products
	Admin   string // who does
	Once    ui.Pair
	Consent ui.Field
	Faults  []ui.Fault
}

func (m Product) head(ctx context.Context) ui.Head {
	return ui.Head{Title: m.Code.Name(ctx), Lead: m.Code.What(ctx), Tag: ui.Tag(productColours[m.State()], ProductState(ctx, m.State()))}
}

// asks tells whether the page asks to sign the agreement.
func (m Product) asks() bool {
	return m.May && m.Met() && (m.State() == product.NotOpen || m.State() == product.Closed)
}

// openPath takes the signed form.
func (m Product) openPath() string { return m.Code.Href() + "/opening" }

func (m Product) openWord(ctx context.Context) string {
	if m.State() == product.Closed {
		return words.F(ctx, "products.open_again", words.Args{"Name": m.Code.Name(ctx)})
	}
	return words.F(ctx, "products.open", words.Args{"Name": m.Code.Name(ctx)})
}

func (m Product) hidden() []ui.Pair {
	return []ui.Pair{m.Once, {Name: "version", Value: m.Agreement.Version}, {Name: "hash", Value: m.Agreement.Hash()}}
}

// shown is the agreement on the page: the one that was signed while it holds, else today's.
func (m Product) shown() product.Agreement {
	if m.State() == product.Open || m.State() == product.Reviewing {
		return m.Last.Agreement
	}
	return m.Agreement
}

func (m Product) agreementHead(ctx context.Context) ui.Section {
	a := m.shown()
	return ui.Section{ID: "agreement", Title: a.Title(), Note: words.F(ctx, "products.version", words.Args{"Version": a.Version, "Hash": a.Hash()[:16]})}
}

var partHead = regexp.MustCompile(`^[^0-9、]{1,3}、`)

// heads tells whether a paragraph of an agreement begins a part.
func heads(paragraph string) bool { return partHead.MatchString(paragraph) }

// banner says why nothing can be asked for now; empty: it can, or is open.
func (m Product) banner(ctx context.Context) ui.Note {
	switch s := m.State(); {
	case s == product.Reviewing:
		return ui.Note{Kind: ui.Moving, Strong: say(ctx, "products.reviewing"), Text: words.F(ctx, "products.reviewing_text", words.Args{"Time": moment(m.Last.AskedAt), "By": m.Last.AskedBy})}
	case s == product.Open:
		return ui.Note{}
	case !m.May:
		return ui.Note{Strong: say(ctx, "products.who"), Text: words.F(ctx, "products.who_text", words.Args{"Name": m.Admin})}
	case !m.Met():
		return ui.Note{Kind: ui.Needs, Strong: say(ctx, "products.unmet"), Text: say(ctx, "products.unmet_text")}
	case m.Last != nil && m.Last.State == product.Refused:
		return ui.Note{Kind: ui.Failed, Strong: say(ctx, "products.refused_before"), Text: m.Last.Reason}
	}
	return ui.Note{}
}

// story is what happened to the newest opening.
func (m Product) story(ctx context.Context) (events []ui.Event) {
	o := m.Last
	add := func(at, id string, args words.Args, bad bool) {
		events = append(events, ui.Event{At: at, Text: words.F(ctx, id, args), Now: len(events) == 0, Bad: bad})
	}
	if o.ClosedAt != nil {
		add(moment(*o.ClosedAt), "products.story_closed", words.Args{"By": o.ClosedBy}, false)
	}
	if o.State == product.Refused {
		add(moment(*o.DecidedAt), "products.story_refused", words.Args{"Reason": o.Reason}, true)
	}
	if o.OpenedAt != nil {
		add(moment(*o.OpenedAt), "products.story_opened", words.Args{}, false)
	}
	add(moment(o.AskedAt), "products.story_signed", words.Args{"By": o.AskedBy, "Version": o.Version}, false)
	return events
}

func (m Product) signedFacts(ctx context.Context) []ui.Fact {
	return signedFacts(ctx, *m.Last)
}

// signedFacts are who signed what.
func signedFacts(ctx context.Context, o product.Opening) []ui.Fact {
	return []ui.Fact{number(ctx, "product.line.no", o.No()), {Word: say(ctx, "products.signed_by"), Text: o.AskedBy},
		{Word: say(ctx, "products.signed_at"), Text: moment(o.AskedAt)}, {Word: say(ctx, "products.signed_version"), Text: o.Version},
		number(ctx, "products.signed_hash", o.SignedHash)}
}

// SignedHref is where the signed agreement is downloaded.
func SignedHref(o product.Opening) string { return ProductsPath + "/agreements/" + o.No() }

// lasting is said beside the consent.
func (m Product) notes(ctx context.Context) (all []string) {
	if m.Lasting {
		all = append(all, say(ctx, "products.note_lasting"))
	}
	if m.Reviewed {
		all = append(all, say(ctx, "product.reviewed"))
	}
	return append(all, say(ctx, "products.note_phone"))
}

// AgreementFile writes the agreement as it was signed into one file that needs nothing else.
func AgreementFile(ctx context.Context, o product.Opening, merchant, mchid string) string {
	return signedFile(ctx, o.Agreement.Title(), o.Text, [][2]string{{say(ctx, "products.file_merchant"), merchant + " " + mchid},
		{say(ctx, "product.line.product"), o.Code.Name(ctx)}, {say(ctx, "product.line.no"), o.No()},
		{say(ctx, "products.signed_by"), o.AskedBy}, {say(ctx, "products.signed_at"), moment(o.AskedAt)},
		{say(ctx, "products.signed_version"), o.Version}, {say(ctx, "products.file_hash"), strings.ToLower(o.SignedHash)}})
}
