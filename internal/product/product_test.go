package product_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/product"
)

// forUpgraded is a product as the operations account is.
var forUpgraded = product.Declaration{Systems: []merchant.System{merchant.Upgraded}, Lasting: true}

func strict(f product.Facts) []product.Condition {
	return []product.Condition{f.OpenFor(90), f.Traded(2)}
}

func TestWhatIsNotForAMerchantDoesNotExistForIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forUpgraded)
	all, err := w.centre.Read(t.Context(), w.db.PG(), clerk(legacy), w.clock.Now())
	if err != nil || slices.ContainsFunc(all, func(i product.Item) bool { return i.Code == code }) {
		t.Errorf("%v, %v", all, err)
	}
	for _, c := range []product.Code{code, "no_such"} {
		if _, err := w.sign(owner(legacy), product.Signed{Code: c}); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", c, err)
		}
	}
}

func TestAProductIsOpenedOnceByTodaysAgreementAndWhatWasSignedStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forUpgraded)
	d, _ := w.centre.Declared(code)
	for _, g := range []product.Signed{{Code: code}, {Code: code, Version: "2026-11"}, {Code: code, Version: "2025-01", Hash: d.Agreement.Hash()}} {
		if _, err := w.sign(owner(upgraded), g); !errors.Is(err, product.ErrAgreement) {
			t.Errorf("signed %+v: %v", g, err)
		}
	}
	o, err := w.open(owner(upgraded))
	if err != nil || o.State != product.Open || !w.isOpen(upgraded) || !slices.Equal(w.effects, []string{"open"}) {
		t.Fatalf("%+v, %v, %v", o, err, w.effects)
	}
	if _, err := w.open(owner(upgraded)); !errors.Is(err, product.ErrOpen) {
		t.Errorf("again: %v", err)
	}
	kept, err := product.Get(t.Context(), w.db.PG(), clerk(upgraded), o.No())
	if err != nil || kept.Text != d.Agreement.Text || kept.SignedHash != d.Agreement.Hash() || kept.AskedBy != "admin01@1900000208" {
		t.Errorf("%+v, %v", kept, err)
	}
	if _, err := product.Get(t.Context(), w.db.PG(), clerk(legacy), o.No()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a stranger read it: %v", err)
	}
	if err := w.close(owner(upgraded)); !errors.Is(err, product.ErrLasting) || !w.isOpen(upgraded) {
		t.Errorf("closed: %v", err)
	}
}

func TestOnlyTheSuperAdminOpensAndCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, product.Declaration{})
	var forbidden fault.Forbidden
	if _, err := w.open(clerk(upgraded)); !errors.As(err, &forbidden) {
		t.Errorf("opened: %v", err)
	}
	if err := w.close(clerk(upgraded)); !errors.As(err, &forbidden) {
		t.Errorf("closed: %v", err)
	}
}

func TestConditionsAreNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, product.Declaration{Conditions: strict})
	i := w.look(clerk(upgraded))
	want := []product.Condition{{Word: "open_for", Unit: "days", Have: 61, Need: 90}, {Word: "traded", Unit: "days", Have: 0, Need: 2}}
	if !slices.Equal(i.Conditions, want) || i.Met() || i.Conditions[0].Missing() != 29 {
		t.Fatalf("%+v", i.Conditions)
	}
	if _, err := w.open(owner(upgraded)); !errors.Is(err, product.ErrUnmet) {
		t.Errorf("opened: %v", err)
	}
	w.clock.Advance(29 * 24 * 60 * 60 * 1e9)
	for _, day := range []string{"2026-12-19", "2026-12-20", "2026-12-21", "2026-11-20"} { // today does not count, nor does what is long past
		if _, err := w.db.PG().Exec(t.Context(), `INSERT INTO account_days (merchant_id, account, day, row_type, ins, in_amount, outs, out_amount)
			VALUES ($1, 'UNSETTLED', $2::text::date, 'trade', 1, 100, 0, 0)`, upgraded, day); err != nil {
			t.Fatal(err)
		}
	}
	if i := w.look(clerk(upgraded)); !i.Met() || i.Conditions[1].Have != 2 {
		t.Errorf("%+v", i.Conditions)
	}
	if _, err := w.open(owner(upgraded)); err != nil {
		t.Error(err)
	}
}

func TestOperatorsLookFirstWhereTheProductSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, product.Declaration{Reviewed: true})
	ask := func() product.Opening {
		t.Helper()
		o, err := w.open(owner(upgraded))
		if err != nil || o.State != product.Reviewing || w.isOpen(upgraded) {
			t.Fatalf("%+v, %v", o, err)
		}
		return o
	}
	o := ask()
	if _, err := w.open(owner(upgraded)); !errors.Is(err, product.ErrReviewing) {
		t.Errorf("asked twice: %v", err)
	}
	if err := w.review(operator(access.Reviewer), product.Review{No: o.No(), Reason: " "}); !errors.Is(err, product.ErrReason) {
		t.Errorf("without a reason: %v", err)
	}
	if err := w.review(operator(access.Reviewer), product.Review{No: o.No(), Reason: "资料不全"}); err != nil {
		t.Fatal(err)
	}
	if i := w.look(clerk(upgraded)); i.State() != product.NotOpen || i.Last.Reason != "资料不全" || len(w.effects) != 0 {
		t.Errorf("%s, %+v", i.State(), i.Last)
	}
	if err := w.review(operator(access.Reviewer), product.Review{No: o.No(), Approve: true}); !errors.Is(err, product.ErrState) {
		t.Errorf("answered again: %v", err)
	}
	o = ask()
	if err := w.review(operator(access.Reviewer), product.Review{No: o.No(), Approve: true}); err != nil || !w.isOpen(upgraded) {
		t.Fatal(err)
	}
	if err := w.close(owner(upgraded)); err != nil || w.isOpen(upgraded) {
		t.Error(err)
	}
	if i := w.look(clerk(upgraded)); i.State() != product.Closed {
		t.Error(i.State())
	}
	ask()
	if !slices.Equal(w.effects, []string{"open", "close"}) {
		t.Error(w.effects)
	}
	across, err := access.Across(operator(access.ReadOnly))
	if err != nil {
		t.Fatal(err)
	}
	first, more, err := product.List(t.Context(), w.db.PG(), across, product.Filter{Code: code}, 2)
	if err != nil || !more || len(first) != 2 {
		t.Fatalf("%v, %v, %v", first, more, err)
	}
	rest, more, err := product.List(t.Context(), w.db.PG(), across, product.Filter{After: first[1].Place()}, 2)
	if err != nil || more || len(rest) != 1 {
		t.Errorf("%v, %v, %v", rest, more, err)
	}
}

func TestAReviewIsForOperatorsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, product.Declaration{Reviewed: true})
	o, err := w.open(owner(upgraded))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.review(owner(upgraded), product.Review{No: o.No(), Approve: true}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a merchant answered itself: %v", err)
	}
	if err := w.review(operator(access.Reviewer), product.Review{No: "19000002082026112225" + "00000099", Approve: true}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an opening that is not there: %v", err)
	}
}

func TestTwoOpeningsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := worldOn(t, dbtest.Clone(t), forUpgraded)
	d, _ := w.centre.Declared(code)
	done := make(chan error)
	for range 8 {
		go func() {
			done <- w.db.InTx(context.Background(), func(tx db.Tx) error {
				_, err := w.centre.Open(context.Background(), tx, owner(upgraded), d.Signing(), w.clock.Now())
				return err
			})
		}()
	}
	opened := 0
	for range 8 {
		if err := <-done; err == nil {
			opened++
		} else if !errors.Is(err, product.ErrOpen) {
			t.Error(err)
		}
	}
	if opened != 1 {
		t.Errorf("%d opened", opened)
	}
}

func TestADeclarationThatIsNotWholeIsNotTaken(t *testing.T) {
	t.Parallel()
	text := product.Agreement{Version: "1", Text: "标题"}
	for name, all := range map[string][]product.Declaration{
		"no agreement": {{Code: "a_b", Group: product.Funds}},
		"no group":     {{Code: "a_b", Agreement: text}},
		"a bad code":   {{Code: "A", Group: product.Funds, Agreement: text}},
		"twice":        {{Code: "a_b", Group: product.Funds, Agreement: text}, {Code: "a_b", Group: product.Funds, Agreement: text}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			product.New(nil, all...)
		}()
	}
}
