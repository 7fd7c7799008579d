package product

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/words"
)

// The acts that are confirmed on the phone. Words: catalogue id "audit.action." + code.
const (
	OpenAction   = "product.open"
	CloseAction  = "product.close"
	ReviewAction = "product.review"
)

// Path is where the catalogue stands; a product's own page is below it.
const Path = "/products"

// Href is the address of a product's page.
func (c Code) Href() string { return Path + "/" + string(c) }

// Name is what the product is called.
func (c Code) Name(ctx context.Context) string { return words.T(ctx, "product.name."+string(c)) }

// What says in one sentence what it is for.
func (c Code) What(ctx context.Context) string { return words.T(ctx, "product.what."+string(c)) }

// Changes are what opening it changes, a sentence each.
func (c Code) Changes(ctx context.Context) []string {
	return strings.Split(words.T(ctx, "product.changes."+string(c)), "\n")
}

// Closing is what closing names.
type Closing struct {
	Code Code `json:"code"`
}

// Register adds the acts to those that are confirmed on the phone.
func (c *Catalogue) Register(r *confirm.Registry) {
	r.Add(c.openAction())
	if slices.ContainsFunc(c.all, func(d Declaration) bool { return !d.Lasting }) {
		r.Add(c.closeAction())
	}
	r.Add(c.reviewAction())
}

func line(ctx context.Context, id, value string) confirm.Line {
	return confirm.Line{Label: words.T(ctx, id), Value: value}
}

func (c *Catalogue) openAction() confirm.Action {
	return confirm.Action{Code: OpenAction, Needs: access.ProductOpen, SuperOnly: true,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			g, err := confirm.Decode[Signed](params)
			if err != nil {
				return confirm.Words{}, err
			}
			i, err := c.admit(ctx, q, s, g, c.clock.Now())
			if err != nil {
				return confirm.Words{}, err
			}
			return i.openWords(ctx), nil
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			g, err := confirm.Decode[Signed](params)
			if err != nil {
				return confirm.Result{}, err
			}
			o, err := c.Open(ctx, tx, s, g, c.clock.Now())
			if err != nil {
				return confirm.Result{}, err
			}
			return o.result(ctx), nil
		}}
}

func (i Item) openWords(ctx context.Context) confirm.Words {
	w := confirm.Words{Title: words.F(ctx, "product.open_title", words.Args{"Name": i.Code.Name(ctx)}),
		Lines: []confirm.Line{line(ctx, "product.line.product", i.Code.Name(ctx)),
			line(ctx, "product.line.changes", strings.Join(i.Code.Changes(ctx), " ")),
			line(ctx, "product.line.agreement", words.F(ctx, "product.agreement_version", words.Args{"Title": i.Agreement.Title(), "Version": i.Agreement.Version})),
			line(ctx, "product.line.hash", i.Agreement.Hash()[:16])}}
	if i.Reviewed {
		w.Lines = append(w.Lines, line(ctx, "product.line.review", words.T(ctx, "product.reviewed")))
	}
	if i.Lasting {
		w.Warn = words.T(ctx, "product.lasting_warn")
	}
	return w
}

// result is what came of an act on an opening.
func (o Opening) result(ctx context.Context) confirm.Result {
	return confirm.Result{Object: string(o.Code), Link: o.Code.Href(),
		Lines:   []confirm.Line{line(ctx, "product.line.state", words.T(ctx, "product.state."+string(o.State))), line(ctx, "product.line.no", o.No())},
		Details: map[string]any{"number": o.No(), "state": o.State, "version": o.Version, "hash": o.SignedHash}}
}

func (c *Catalogue) closeAction() confirm.Action {
	return confirm.Action{Code: CloseAction, Needs: access.ProductOpen, SuperOnly: true,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			p, err := confirm.Decode[Closing](params)
			if err != nil {
				return confirm.Words{}, err
			}
			d, o, err := c.closable(ctx, q, s, p.Code, c.clock.Now())
			if err != nil {
				return confirm.Words{}, err
			}
			return confirm.Words{Title: words.F(ctx, "product.close_title", words.Args{"Name": d.Code.Name(ctx)}), Warn: words.T(ctx, "product.close_warn"),
				Lines: []confirm.Line{line(ctx, "product.line.product", d.Code.Name(ctx)), line(ctx, "product.line.opened", clock.Text(*o.OpenedAt))}}, nil
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			p, err := confirm.Decode[Closing](params)
			if err != nil {
				return confirm.Result{}, err
			}
			o, err := c.Close(ctx, tx, s, p.Code, c.clock.Now())
			if err != nil {
				return confirm.Result{}, err
			}
			return o.result(ctx), nil
		}}
}

func mchid(id int64) string { return strconv.FormatInt(id, 10) }
