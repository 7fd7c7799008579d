// Package product decides which products a merchant can open, on what conditions, and what was agreed to when
// it did. A product is one Declaration, made by the package whose function it is; the catalogue knows no product
// by itself, and a product whose function does not exist is not in it.
//
// It refuses what is not for the merchant as if it did not exist, conditions that are not met, an agreement that
// is not today's word for word, a second opening, and closing what can never be closed. Who signed which
// agreement stays with its whole text. Where operators look at an opening first, nothing is open until they
// have said yes.
package product

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/merchant"
)

// Code names a product for ever. Words: "product.name." + code, "product.what." + code (one sentence), and
// "product.changes." + code (what opening changes, a line each).
type Code string

// Group is where the catalogue shows a product. Words: "product.group." + code.
type Group string

// The groups, in the order of the catalogue.
const (
	Funds Group = "funds" // the merchant's own money
	Tools Group = "tools" // functions of operations, paid from the account that operations.PayFrom names
)

// Groups lists all.
var Groups = []Group{Funds, Tools}

// Effect is what opening or closing does besides, inside the transaction, by the right of who asked for it.
type Effect func(ctx context.Context, tx db.Tx, s access.Scope, at time.Time) error

// Declaration is what a product is.
type Declaration struct {
	Code  Code
	Group Group
	// Kinds and Systems are whose it can be; empty: everybody's. Nobody else sees a trace of it.
	Kinds   []merchant.Kind
	Systems []merchant.System
	// Conditions are what has to hold at the opening; nil: nothing.
	Conditions func(Facts) []Condition
	Agreement  Agreement
	Reviewed   bool   // operators look at each opening first
	Lasting    bool   // once open it cannot be closed
	Settings   string // the page where the open product is used or set; empty: none
	Open       Effect // nil: nothing besides
	Close      Effect
}

// For tells whether the product can be the merchant's.
func (d Declaration) For(kind merchant.Kind, system merchant.System) bool {
	return (len(d.Kinds) == 0 || slices.Contains(d.Kinds, kind)) && (len(d.Systems) == 0 || slices.Contains(d.Systems, system))
}

// Met tells whether the conditions hold, and which they are.
func (d Declaration) conditions(f Facts) []Condition {
	if d.Conditions == nil {
		return nil
	}
	return d.Conditions(f)
}

// Catalogue is all products there are.
type Catalogue struct {
	clock clock.Clock // business time
	all   []Declaration
}

var codeForm = regexp.MustCompile(`^[a-z][a-z_]{1,31}$`)

// New makes the catalogue, its products in the order they are shown within their groups. A declaration that is
// not whole, or stands twice, is a mistake of ours.
func New(c clock.Clock, all ...Declaration) *Catalogue {
	seen := map[Code]bool{}
	for _, d := range all {
		if !codeForm.MatchString(string(d.Code)) || seen[d.Code] || !slices.Contains(Groups, d.Group) || !d.Agreement.whole() {
			panic(fmt.Sprintf("product: %q is not whole, or stands twice", d.Code))
		}
		seen[d.Code] = true
	}
	return &Catalogue{clock: c, all: all}
}

// All lists the declarations.
func (c *Catalogue) All() []Declaration { return slices.Clone(c.all) }

// Declared gives a declaration by its code.
func (c *Catalogue) Declared(code Code) (Declaration, bool) {
	i := slices.IndexFunc(c.all, func(d Declaration) bool { return d.Code == code })
	if i < 0 {
		return Declaration{}, false
	}
	return c.all[i], true
}

// For lists what can be a merchant's.
func (c *Catalogue) For(kind merchant.Kind, system merchant.System) (all []Declaration) {
	for _, d := range c.all {
		if d.For(kind, system) {
			all = append(all, d)
		}
	}
	return all
}
