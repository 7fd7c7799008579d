package home_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/home"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

const noodles = 1900000109

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, clock.Beijing)

// shop is a merchant with an owner and a clerk.
type shop struct {
	t            *testing.T
	db           *db.DB
	gate         *identity.Gate
	owner, clerk access.Scope
	people       int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, db: dbtest.Tx(t)}
	s.gate = identity.New(identity.Parts{DB: s.db, Clock: clock.At(noon), Wall: clock.At(noon), Vault: v, Hub: signal.NewHub()})
	s.in(func(tx db.Tx) error {
		err := merchant.Create(t.Context(), tx, v, merchant.New{ID: noodles, Kind: merchant.Direct, LegalName: "面馆", ShortName: "面馆",
			Cycle: merchant.T7, System: merchant.Legacy, FeeRate: 60, SettlementAccount: "6222000000001234", AppID: "wx1"}, noon)
		if err != nil {
			return err
		}
		return ledger.OpenBooks(t.Context(), tx, noodles, merchant.Legacy, noon)
	})
	s.owner, s.clerk = s.seat(access.SuperAdmin), s.seat(access.Service)
	return s
}

func (s *shop) in(f func(tx db.Tx) error) {
	s.t.Helper()
	if err := s.db.InTx(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

// seat makes a login account.
func (s *shop) seat(role access.Role) (scope access.Scope) {
	s.t.Helper()
	s.people++
	s.in(func(tx db.Tx) error {
		id, _, err := s.gate.CreateAccount(s.t.Context(), tx, identity.NewAccount{Merchant: noodles, Login: fmt.Sprintf("person%02d", s.people),
			Person: identity.Person{Name: "王建国", IDType: identity.IDCard, IDNumber: fmt.Sprintf("1101011990%07dX", s.people)},
			Mobile: "13800001234", Roles: []access.Role{role}, Actor: access.System, NoPassword: true})
		scope = access.Member(access.Seat{Merchant: noodles, Account: id, Roles: []access.Role{role}})
		return err
	})
	return scope
}

func (s *shop) look(scope access.Scope) home.View {
	s.t.Helper()
	v, err := home.Read(s.t.Context(), s.db.PG(), scope, noon)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func TestAQuietShopHasTermsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.look(s.owner)
	if v.Cycle != merchant.T7 || v.Admin != "王*国" || v.Bindings.Count+v.Security+len(v.Imports)+len(v.Messages) != 0 {
		t.Errorf("%+v", v)
	}
}

func TestOnlyTheSuperAdminHearsOfWaitingBindings(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, lapses := range []time.Duration{-time.Minute, time.Hour, 2 * time.Hour} {
		_, err := s.db.PG().Exec(t.Context(), `INSERT INTO binding_requests (merchant_id, id, account_id, openid, compared, consent,
			consented_at, asked_at, lapses_at) VALUES ($1, $2, $3::uuid, 'o' || $3::text, sha384('x'), '1', $4, $4, $5)`,
			noodles, db.NewID(), s.seat(access.Service).Actor().Account, noon.AddDate(0, 0, -1), noon.Add(lapses))
		if err != nil {
			t.Fatal(err)
		}
	}
	if b := s.look(s.owner).Bindings; b.Count != 2 || b.First == nil || !b.First.Equal(noon.Add(time.Hour)) {
		t.Errorf("the owner hears of %+v", b)
	}
	if b := s.look(s.clerk).Bindings; b.Count != 0 {
		t.Errorf("the clerk hears of %+v", b)
	}
}

func TestAFileThatWasMendedIsNotSpokenOf(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	clerk := s.clerk.Actor().Account
	tell := func(file, state string, by *uuid.UUID, at time.Time) {
		_, err := s.db.PG().Exec(t.Context(), `INSERT INTO trade_imports (merchant_id, id, file_name, size, state, actor, account_id, queued_at, finished_at)
			VALUES ($1, $2, $3, 1, $4, 'x', $5, $6, CASE WHEN $4 IN ('done', 'refused', 'failed') THEN $6::timestamptz END)`,
			noodles, db.NewID(), file, state, by, at)
		if err != nil {
			t.Fatal(err)
		}
	}
	tell("long ago.csv", "refused", &clerk, noon.AddDate(0, 0, -4))
	tell("mended.csv", "refused", &clerk, noon.Add(-2*time.Hour))
	tell("mended.csv", "done", &clerk, noon.Add(-time.Hour))
	tell("broken.csv", "failed", &clerk, noon.Add(-time.Hour))
	tell("now.csv", "running", &clerk, noon)
	tell("command.csv", "running", nil, noon) // nobody's upload: it may have been killed
	got := s.look(s.owner).Imports
	if len(got) != 2 || got[0].File != "now.csv" || got[0].Ended || got[1].File != "broken.csv" || !got[1].Ended {
		t.Errorf("%+v", got)
	}
	if n := len(s.look(s.clerk).Imports); n != 0 {
		t.Errorf("who may not import hears of %d files", n)
	}
}

func TestTheNewestMessagesAreTheReadersOwn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for range home.MessagesMax + 2 {
		s.in(func(tx db.Tx) error {
			return inbox.Tell(t.Context(), tx, inbox.Message{Merchant: noodles, To: s.owner.Actor().Account, Category: inbox.Security,
				Kind: "new_browser", Args: map[string]string{"Login": "a"}, Link: "/account/profile", At: noon})
		})
	}
	v := s.look(s.owner)
	if len(v.Messages) != home.MessagesMax || v.Security != home.MessagesMax+2 || v.Messages[0].Args["Login"] != "a" ||
		v.Messages[0].ID == uuid.Nil || !v.Messages[0].SentAt.Equal(noon) || v.Messages[0].ReadAt != nil {
		t.Errorf("%+v", v)
	}
	if n := len(s.look(s.clerk).Messages); n != 0 {
		t.Errorf("the clerk reads %d of them", n)
	}
}
