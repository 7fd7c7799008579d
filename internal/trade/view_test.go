package trade_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
)

// person opens a login account and returns its scope.
func person(t testing.TB, d *db.DB, merchant int64) access.Scope {
	t.Helper()
	seat := access.Seat{Merchant: merchant, Account: db.NewID(), Name: "x", Roles: []access.Role{access.ReadOnly}}
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		_, err := tx.PG().Exec(t.Context(), `
			INSERT INTO login_accounts (merchant_id, id, login, real_name, name_masked, id_type, id_number, id_index, id_masked,
				mobile, mobile_masked, created_at, place)
			VALUES ($1, $2, $3, 'x', '张*', 'id_card', 'x', $2::uuid::text::bytea, '11***', 'x', '138***', $4,
				(SELECT coalesce(max(place), 0) + 1 FROM login_accounts WHERE merchant_id = $1))`,
			merchant, seat.Account, strings.ReplaceAll(seat.Account.String(), "-", "")[20:], evening)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.Member(seat)
}

func saveView(t testing.TB, d *db.DB, s access.Scope, page, name, query string) (v trade.SavedView, err error) {
	t.Helper()
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		v, err = trade.SaveView(t.Context(), tx, s, page, name, query, evening)
		return err
	})
	return v, err
}

func TestAViewIsReplacedByItsNameAndBelongsToOnePerson(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	me, colleague := person(t, d, store), person(t, d, store)
	first, err := saveView(t, d, me, "trades", " 昨天的退款 ", "?trade_state=REFUND&cursor=abc&from=2026-11-21")
	if err != nil || first.Name != "昨天的退款" || first.Query != "from=2026-11-21&trade_state=REFUND" {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := saveView(t, d, me, "trades", "昨天的退款", "trade_state=REVOKED")
	if err != nil || again.ID != first.ID {
		t.Errorf("%+v, %v", again, err)
	}
	mine, err := trade.Views(t.Context(), d.PG(), me, "trades")
	if err != nil || len(mine) != 1 || mine[0].Query != "trade_state=REVOKED" {
		t.Errorf("%+v, %v", mine, err)
	}
	if theirs, err := trade.Views(t.Context(), d.PG(), colleague, "trades"); err != nil || len(theirs) != 0 {
		t.Errorf("a colleague has %+v, %v", theirs, err)
	}
	remove := func(s access.Scope, id uuid.UUID) error {
		return d.InTx(t.Context(), func(tx db.Tx) error {
			_, err := trade.DeleteView(t.Context(), tx, s, id)
			return err
		})
	}
	if err := remove(colleague, first.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a colleague deletes it: %v", err)
	}
	if err := remove(me, first.ID); err != nil {
		t.Errorf("its owner cannot delete it: %v", err)
	}
}

func TestTheTwentyFirstViewIsRefusedAndAFreedPlaceIsUsedAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	me := person(t, d, store)
	var third trade.SavedView
	for n := range trade.ViewsMax {
		v, err := saveView(t, d, me, "trades", fmt.Sprint(n), "")
		if err != nil {
			t.Fatal(err)
		}
		if n == 2 {
			third = v
		}
	}
	if _, err := saveView(t, d, me, "trades", "one more", ""); !fault.Is(err, "trade.views_full") {
		t.Errorf("one more: %v", err)
	}
	if _, err := saveView(t, d, me, "trades.imports", "another page", ""); err != nil {
		t.Errorf("another page: %v", err)
	}
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		_, err := trade.DeleteView(t.Context(), tx, me, third.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := saveView(t, d, me, "trades", "one more", ""); err != nil || v.Slot != 3 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestViewsThatCannotBeKeptAreRefusedBesideTheirField(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	me := person(t, d, store)
	for _, c := range []struct{ page, name, query, want string }{
		{"trades", "", "", "trade.view_name_missing"}, {"trades", strings.Repeat("名", 65), "", "trade.view_name"},
		{"trades", "a\x00b", "", "trade.view_name"}, {"trades", "a\xff", "", "trade.view_name"},
		{"../etc", "a", "", "trade.view_page"}, {"trades", "a", "x=%zz", "trade.view_query"},
		{"trades", "a", url.Values{"no": {strings.Repeat("9", 2001)}}.Encode(), "trade.view_query"},
	} {
		if _, err := saveView(t, d, me, c.page, c.name, c.query); !fault.Is(err, c.want) && fault.All(err)[0].Code != c.want {
			t.Errorf("%q %q: %v", c.page, c.name, err)
		}
	}
	if _, err := saveView(t, d, me, "trades", strings.Repeat("名", 64), ""); err != nil {
		t.Errorf("64 characters: %v", err)
	}
}
