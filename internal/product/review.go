package product

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
)

// ReviewPath is where operators look at openings.
const ReviewPath = "/ops/products"

// Review is an operator's answer.
type Review struct {
	No      string `json:"no"`
	Approve bool   `json:"approve"`
	Reason  string `json:"reason"` // of a refusal
}

// Check refuses a refusal without a reason that can be read.
func (r Review) Check() error {
	n := utf8.RuneCountInString(r.Reason)
	if !r.Approve && (strings.TrimSpace(r.Reason) == "" || n > ReasonMax || strings.ContainsFunc(r.Reason, unicode.IsControl)) {
		return ErrReason
	}
	return nil
}

func (c *Catalogue) reviewAction() confirm.Action {
	return confirm.Action{Code: ReviewAction, Needs: access.OpsProductsReview,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			r, o, err := c.reviewed(ctx, q, s, params)
			if err != nil {
				return confirm.Words{}, err
			}
			m, err := merchant.Get(ctx, q, o.Merchant)
			if err != nil {
				return confirm.Words{}, err
			}
			return r.words(ctx, o, m), nil
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			r, o, err := c.reviewed(ctx, tx.PG(), s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			if o, err = c.decide(ctx, tx, s.Actor(), r, o, c.clock.Now()); err != nil {
				return confirm.Result{}, err
			}
			res := o.result(ctx)
			res.Object, res.Link, res.Details["mchid"] = mchid(o.Merchant), ReviewPath+"/"+o.No(), o.Merchant
			return res, nil
		}}
}

func (r Review) words(ctx context.Context, o Opening, m merchant.Merchant) confirm.Words {
	id := "product.refuse_title"
	if r.Approve {
		id = "product.approve_title"
	}
	w := confirm.Words{Title: words.F(ctx, id, words.Args{"Merchant": m.ShortName, "Name": o.Code.Name(ctx)}),
		Lines: []confirm.Line{line(ctx, "product.line.mchid", mchid(m.ID)), line(ctx, "product.line.legal_name", m.LegalName),
			line(ctx, "product.line.product", o.Code.Name(ctx)), line(ctx, "product.line.asked", clock.Text(o.AskedAt))}}
	if !r.Approve {
		w.Lines = append(w.Lines, line(ctx, "product.line.reason", r.Reason))
	}
	return w
}

// reviewed reads an answer and what it is about. It refuses what waits no more.
func (c *Catalogue) reviewed(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (Review, Opening, error) {
	r, err := confirm.Decode[Review](params)
	if err != nil {
		return r, Opening{}, err
	}
	if _, err := access.Across(s); err != nil {
		return r, Opening{}, err
	}
	if err := r.Check(); err != nil {
		return r, Opening{}, err
	}
	o, err := numbered(ctx, q, r.No)
	if err == nil && o.State != Reviewing {
		err = ErrState
	}
	return r, o, err
}

// decide carries an answer out: a yes opens the product by the right of who signed, if its conditions still hold.
func (c *Catalogue) decide(ctx context.Context, tx db.Tx, by access.Actor, r Review, o Opening, at time.Time) (Opening, error) {
	if err := ledger.Hold(ctx, tx, o.Merchant); err != nil {
		return o, err
	}
	asker := access.Actor{Name: o.AskedBy}
	if o.AskerID != nil {
		asker.Account = *o.AskerID
	}
	s := access.Job(o.Merchant, asker)
	i, err := c.Look(ctx, tx.PG(), s, o.Code, at)
	switch {
	case err != nil:
		return o, err
	case i.Last == nil || i.Last.N != o.N || i.Last.State != Reviewing:
		return o, ErrState
	case r.Approve && !i.Met():
		return o, ErrUnmet
	}
	if err := admitReview(ctx, tx, o, by, r.Approve); err != nil {
		return o, err
	}
	o = *i.Last
	to := Refused
	if r.Approve {
		to, o.OpenedAt = Open, &at
	} else {
		o.Reason = r.Reason
	}
	if err := o.move(to); err != nil {
		return o, err
	}
	o.DecidedBy, o.DecidedAt = by.Name, &at
	if err := save(ctx, tx, o); err != nil {
		return o, err
	}
	if err := c.told(ctx, tx, by, o, at); err != nil {
		return o, err
	}
	if o.State == Refused {
		return o, tell(ctx, tx, "product_refused", o, at)
	}
	return o, c.took(ctx, tx, s, i.Declaration, o, at)
}

// told writes the operator's answer into the merchant's own log.
func (c *Catalogue) told(ctx context.Context, tx db.Tx, by access.Actor, o Opening, at time.Time) error {
	return audit.Write(ctx, tx, audit.Entry{Merchant: o.Merchant, Actor: by.Name, Account: by.Account, Action: ReviewAction,
		Object: string(o.Code), Outcome: audit.Done, Confirmation: confirm.Current(ctx), At: at,
		Details: map[string]any{"number": o.No(), "state": o.State, "reason": o.Reason}})
}

// Find reads an opening for operators, with how the product stands for its merchant now.
func (c *Catalogue) Find(ctx context.Context, q db.Querier, p access.Platform, no string, at time.Time) (Opening, Item, error) {
	if err := p.Require(access.OpsProductsRead); err != nil {
		return Opening{}, Item{}, err
	}
	o, err := numbered(ctx, q, no)
	if err != nil {
		return o, Item{}, err
	}
	i, err := c.look(ctx, q, o.Merchant, o.Code, at)
	return o, i, err
}

// errCursor refuses a place that no page ends at.
var errCursor = fault.New("trade.page_cursor").On("cursor")

// admitReview refuses who would answer the own opening, and a yes to one whose asker could not ask any more.
func admitReview(ctx context.Context, tx db.Tx, o Opening, by access.Actor, approve bool) error {
	if o.AskerID == nil {
		return nil
	}
	own, gone, err := askerNow(ctx, tx, o.Merchant, *o.AskerID, by.Account)
	switch {
	case err != nil:
		return err
	case own:
		return ErrOwn
	case approve && gone:
		return ErrAskerGone
	}
	return nil
}
