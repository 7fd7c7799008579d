package dossier_test

import (
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/dossier"
)

func TestTheProfileSaysOldAndNewAndKeepsThePhoneSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := dossier.ProfileParams{ShortName: "云上百货旗舰店", ContactPhone: "13812345678"}
	said, err := w.describe(dossier.ProfileAction, owner(store), p)
	if err != nil || said.Lines[1].Value != "云上百货 改为 云上百货旗舰店" || said.Lines[2].Value != "未填写 改为 138****5678" {
		t.Fatalf("the phone shows %+v, %v", said, err)
	}
	if _, err := w.run(dossier.ProfileAction, owner(store), p); err != nil {
		t.Fatal(err)
	}
	m, v := w.read(store)
	if m.ShortName != p.ShortName || m.PhoneMasked != "138****5678" || v.Profile == nil || !v.Profile.At.Equal(morning) {
		t.Errorf("the merchant is %+v, changed %+v", m, v.Profile)
	}
	var found int
	if err := w.db.PG().QueryRow(t.Context(), `SELECT count(*) FROM merchants m WHERE m::text LIKE '%13812345678%'`).Scan(&found); err != nil || found > 0 {
		t.Errorf("the phone lies open in %d rows (%v)", found, err)
	}
	if m, v := w.read(other); m.ShortName != "老王面馆" || v.Profile != nil {
		t.Errorf("another merchant changed too: %+v", m)
	}
}

func TestWhatIsLeftEmptyStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range []dossier.ProfileParams{{ContactPhone: "0755-12345678"}, {ShortName: "云上"}} {
		if _, err := w.run(dossier.ProfileAction, owner(store), p); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := w.read(store); m.ShortName != "云上" || m.PhoneMasked == "" {
		t.Errorf("the merchant is %+v", m)
	}
}

func TestAProfileThatCannotBeIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		p           dossier.ProfileParams
		code, field string
	}{
		{dossier.ProfileParams{}, "dossier.unchanged", "short_name"},
		{dossier.ProfileParams{ShortName: "云上百货"}, "dossier.unchanged", "short_name"},
		{dossier.ProfileParams{ShortName: strings.Repeat("云", 65)}, "merchant.name", "short_name"},
		{dossier.ProfileParams{ShortName: "云\n上"}, "merchant.name", "short_name"},
		{dossier.ProfileParams{ContactPhone: "电话"}, "merchant.phone", "contact_phone"},
		{dossier.ProfileParams{ContactPhone: "12345"}, "merchant.phone", "contact_phone"},
	} {
		_, err := w.describe(dossier.ProfileAction, owner(store), c.p)
		wants(t, err, c.code, c.field)
		_, err = w.run(dossier.ProfileAction, owner(store), c.p)
		wants(t, err, c.code, c.field)
	}
}

func TestOnlyTheSuperAdminHoldsTheRights(t *testing.T) {
	t.Parallel()
	for _, p := range []access.Permission{access.MerchantProfile, access.MerchantCard} {
		if !owner(store).May(p) || clerk(store).May(p) || !p.SuperOnly() {
			t.Errorf("%s is not the super admin's alone", p)
		}
	}
}
