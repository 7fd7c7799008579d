package topup_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/topup"
)

// came is the bank's word about a transfer with the merchant's own reference.
func came(merchant int64, a ledger.Account, amount int64, no string) topup.Arrival {
	return topup.Arrival{TransferNo: no, MchID: fmt.Sprint(merchant), Account: string(a), Amount: amount,
		Reference: topup.Reference(merchant, a), PayerName: "云上百货有限公司", Bank: "招商银行"}
}

func TestMoneyThatWasAnnouncedFulfilsTheAnnouncement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	s := w.finance(upgraded)
	asked, err := w.announce(s, topup.Announcement{Account: ledger.Basic, Amount: 120_00})
	must(t, err)
	open, err := w.announce(s, topup.Announcement{Account: ledger.Basic})
	must(t, err)
	if asked.No() != "1900000208202611232000000001" || asked.State != topup.Waiting || open.N != 2 {
		t.Fatalf("%s %+v", asked.No(), asked)
	}
	w.clock.Advance(time.Hour)
	got, err := w.Arrive(t.Context(), came(upgraded, ledger.Basic, 120_00, "B1"))
	must(t, err)
	if got.No() != asked.No() || got.State != topup.Arrived || got.AskedBy != s.Actor().Name || got.FlowNo() != "1900000208202611231030000001" {
		t.Errorf("%+v %s", got, got.FlowNo())
	}
	other, err := w.Arrive(t.Context(), came(upgraded, ledger.Basic, 7_00, "B2"))
	must(t, err)
	if other.N != open.N || other.Amount != 7_00 {
		t.Errorf("%+v does not fulfil the one that left the amount open", other)
	}
	third, err := w.Arrive(t.Context(), came(upgraded, ledger.Basic, 120_00, "B3"))
	must(t, err)
	if third.N != 3 || third.State != topup.Arrived || third.AskedBy != "" {
		t.Errorf("%+v", third)
	}
	w.stands(upgraded, ledger.Basic, 247_00)
	w.stands(upgraded, ledger.Bank, -247_00)
	if inbox, chat := w.told(upgraded, "topup_arrived"); inbox < 3 || chat != inbox {
		t.Errorf("told %d in inboxes and %d in chats", inbox, chat)
	}
	one, err := topup.Get(t.Context(), w.DB.PG(), s, asked.No(), w.clock.Now())
	must(t, err)
	if one.TransferNo != "B1" || one.PayerName != "云上百货有限公司" {
		t.Errorf("%+v", one)
	}
	for _, wrong := range []string{"", "UPDATE topups SET amount = amount + 1 WHERE transfer_no = 'B2'", "UPDATE topups SET transfer_no = 'B9' WHERE transfer_no = 'B3'"} {
		if wrong != "" {
			_, err := w.DB.PG().Exec(t.Context(), wrong)
			must(t, err)
		}
		checked, problems, err := topup.Verify(t.Context(), w.DB.PG())
		if must(t, err); (len(problems) > 0) != (wrong != "") {
			t.Errorf("after %q of %d: %v", wrong, checked, problems)
		}
	}
}

func TestTheBooksSayWhereMoneyCameFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	got, err := w.Arrive(t.Context(), came(upgraded, ledger.Basic, 5_00, "B1"))
	must(t, err)
	unknown := came(upgraded, ledger.Basic, 6_00, "B2")
	unknown.Reference = "货款\n"
	odd, err := w.Arrive(t.Context(), unknown)
	must(t, err)
	for id, want := range map[int64]string{
		*got.TransferID: "topup|B1|" + got.No() + "|B1|system|" + topup.Reference(upgraded, ledger.Basic),
		*odd.TransferID: "topup|B2|" + odd.No() + "|B2|system|转账识别码未识别，付款方：云上百货有限公司，附言：货款",
	} {
		var line string
		must(t, w.DB.PG().QueryRow(t.Context(), `SELECT concat_ws('|', kind, business_key, business_no, voucher_no, applicant, note)
			FROM transfers WHERE merchant_id = $1 AND id = $2`, upgraded, id).Scan(&line))
		if line != want {
			t.Errorf("%s, want %s", line, want)
		}
	}
	if odd.State != topup.Unmatched || odd.State.Wire() != "UNMATCHED" {
		t.Errorf("%+v", odd)
	}
}

func TestTheSameWordFiftyTimesAtOnceIsOneBooking(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	_, err := w.announce(w.finance(upgraded), topup.Announcement{Account: ledger.Basic, Amount: 9_00})
	must(t, err)
	raw, err := json.Marshal(came(upgraded, ledger.Basic, 9_00, "SAME"))
	must(t, err)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := w.Notice(t.Context(), topup.EventArrived, raw); err != nil {
				t.Error(err)
			}
		})
	}
	for n := range 10 { // others at the same time, each its own
		all.Go(func() {
			if _, err := w.Arrive(t.Context(), came(upgraded, ledger.Basic, 1_00, fmt.Sprint("N", n))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.stands(upgraded, ledger.Basic, 19_00)
	list := w.list(w.finance(upgraded), topup.Filter{})
	if len(list) != 11 || list[10].TransferNo != "SAME" || list[10].State != topup.Arrived {
		t.Errorf("%d top-ups: %+v", len(list), list)
	}
}

func TestWhatCannotBeBookedIsKeptForOperators(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	must(t, err)
	must1 := func(_ topup.TopUp, err error) error { return err }
	for want, a := range map[error]topup.Arrival{
		topup.ErrUnknown: came(1999999999, ledger.Basic, 100, "U"), topup.ErrNotOpen: came(upgraded, ledger.Operation, 100, "O"),
	} {
		if err := must1(w.Arrive(t.Context(), a)); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if err := must1(w.Arrive(t.Context(), came(legacy, ledger.Basic, 100, "L"))); !errors.Is(err, topup.ErrNotOpen) {
		t.Errorf("%v", err)
	}
	must(t, must1(w.Arrive(t.Context(), came(upgraded, ledger.Basic, 100, "C"))))
	if err := must1(w.Arrive(t.Context(), came(upgraded, ledger.Basic, 101, "C"))); !errors.Is(err, topup.ErrContradict) {
		t.Errorf("%v", err)
	}
	kept, more, err := topup.Refusals(t.Context(), w.DB.PG(), p, topup.RefusedPlace{}, 3)
	must(t, err)
	if len(kept) != 3 || !more || kept[0].TransferNo != "L" {
		t.Fatalf("%+v", kept)
	}
	last := kept[2]
	rest, more, err := topup.Refusals(t.Context(), w.DB.PG(), p, topup.RefusedPlace{At: last.FirstAt, Merchant: last.Merchant, TransferNo: last.TransferNo}, 3)
	must(t, err)
	if len(rest) != 1 || more || rest[0].TransferNo != "U" {
		t.Errorf("%+v", rest)
	}
	must(t, w.DB.InTx(t.Context(), func(tx db.Tx) error {
		return ledger.OpenAccount(t.Context(), tx, upgraded, ledger.Operation, w.clock.Now())
	}))
	must(t, must1(w.Arrive(t.Context(), came(upgraded, ledger.Operation, 100, "O"))))
	w.stands(upgraded, ledger.Operation, 100)
	kept, _, err = topup.Refusals(t.Context(), w.DB.PG(), p, topup.RefusedPlace{}, 20)
	must(t, err)
	for _, k := range kept {
		if (k.SettledAt != nil) != (k.TransferNo == "O") {
			t.Errorf("%+v", k)
		}
	}
	for name, bad := range map[string]topup.Arrival{"no amount": came(upgraded, ledger.Basic, 0, "X"), "no number": came(upgraded, ledger.Basic, 1, ""),
		"a number that is none": came(upgraded, ledger.Basic, 1, "../x"), "nobody": {TransferNo: "X", MchID: "x", Account: "BASIC", Amount: 1},
		"the platform": {TransferNo: "X", MchID: "0", Account: "BASIC", Amount: 1}} {
		raw, _ := json.Marshal(bad)
		if err := w.Notice(t.Context(), topup.EventArrived, raw); !errors.Is(err, topup.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneTransferToldForTwoMerchantsIsBookedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	must(t, err)
	var all sync.WaitGroup
	const transfers = 20
	var refused atomic.Int64
	for n := range transfers {
		for _, a := range []topup.Arrival{came(upgraded, ledger.Basic, 3_00, fmt.Sprint("T", n)), came(legacy, ledger.Available, 3_00, fmt.Sprint("T", n))} {
			all.Go(func() {
				switch _, err := w.Arrive(t.Context(), a); {
				case errors.Is(err, topup.ErrContradict):
					refused.Add(1)
				case err != nil:
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	var booked, claims int64
	must(t, w.DB.PG().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM transfers WHERE kind = 'topup'), (SELECT count(*) FROM bank_transfers)`).
		Scan(&booked, &claims))
	kept, _, err := topup.Refusals(t.Context(), w.DB.PG(), p, topup.RefusedPlace{}, 100)
	must(t, err)
	if booked != transfers || claims != transfers || refused.Load() != transfers || len(kept) != transfers {
		t.Errorf("%d booked, %d claimed, %d refused, %d kept", booked, claims, refused.Load(), len(kept))
	}
}

func TestARefusedTransferStandsAsItWasToldLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	must(t, err)
	for _, amount := range []int64{100, 250} {
		a := came(upgraded, ledger.Operation, amount, "O")
		a.PayerName = fmt.Sprint("付款方", amount)
		if _, err := w.Arrive(t.Context(), a); !errors.Is(err, topup.ErrNotOpen) {
			t.Error(err)
		}
	}
	see := func() topup.Refused {
		kept, _, err := topup.Refusals(t.Context(), w.DB.PG(), p, topup.RefusedPlace{}, 3)
		must(t, err)
		if len(kept) != 1 {
			t.Fatalf("%+v", kept)
		}
		return kept[0]
	}
	if k := see(); k.Amount != 250 || k.AtFirst != 100 || k.PayerName != "付款方250" || k.Tries != 2 {
		t.Errorf("%+v", k)
	}
	_, err = w.Arrive(t.Context(), came(upgraded, ledger.Basic, 300, "O"))
	must(t, err)
	if see().SettledAt == nil {
		t.Error("what was booked is still to be looked into")
	}
	if _, err = w.Arrive(t.Context(), came(upgraded, ledger.Basic, 301, "O")); !errors.Is(err, topup.ErrContradict) {
		t.Error(err)
	}
	if k := see(); k.SettledAt != nil || k.Amount != 301 {
		t.Errorf("a new contradiction is not to be looked into: %+v", k)
	}
}

func TestALegacyMerchantIsPaidOnItsAvailableBalance(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	if _, err := w.announce(w.finance(legacy), topup.Announcement{Account: ledger.Basic, Amount: 1}); !errors.Is(err, topup.ErrNotOpen) {
		t.Errorf("%v", err)
	}
	got, err := w.Arrive(t.Context(), came(legacy, ledger.Available, 88_00, "A"))
	must(t, err)
	if got.Account != ledger.Available {
		t.Errorf("%+v", got)
	}
	w.stands(legacy, ledger.Available, 88_00)
	got, err = w.Arrive(t.Context(), came(upgraded, ledger.Available, 3_00, "B")) // it was upgraded meanwhile
	must(t, err)
	if got.Account != ledger.Basic || got.State != topup.Arrived {
		t.Errorf("%+v", got)
	}
	w.stands(upgraded, ledger.Basic, 3_00)
}

func TestAnAnnouncementLapsesAndMoneyIsBookedAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	s := w.finance(upgraded)
	first, err := w.announce(s, topup.Announcement{Account: ledger.Basic, Amount: 5_00, Once: db.NewID()})
	must(t, err)
	w.clock.Advance(15 * 24 * time.Hour)
	if list := w.list(s, topup.Filter{State: topup.Lapsed}); len(list) != 1 || list[0].State != topup.Lapsed {
		t.Errorf("%+v", list)
	}
	if list := w.list(s, topup.Filter{State: topup.Waiting}); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	got, err := w.Arrive(t.Context(), came(upgraded, ledger.Basic, 5_00, "A"))
	must(t, err)
	if got.N == first.N {
		t.Error("a lapsed announcement was fulfilled")
	}
	for no, want := range map[string]int{first.No(): 1, got.No(): 1, "A": 1, "B": 0, "1": 0} {
		if list := w.list(s, topup.Filter{Number: no}); len(list) != want {
			t.Errorf("%d found by %s, want %d", len(list), no, want)
		}
	}
}

func TestTheSameFormIsOneAnnouncement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	s, once := w.finance(upgraded), db.NewID()
	for range 2 {
		got, err := w.announce(s, topup.Announcement{Account: ledger.Basic, Amount: 5_00, Once: once})
		must(t, err)
		if got.N != 1 {
			t.Errorf("%+v", got)
		}
	}
	if _, err := w.announce(s, topup.Announcement{Account: ledger.Basic, Amount: 6_00, Once: once}); !errors.Is(err, topup.ErrOther) {
		t.Errorf("the same form with another amount: %v", err)
	}
	reader := access.Member(access.Seat{Merchant: upgraded, Name: "zhidu01", Roles: []access.Role{access.ReadOnly}})
	if _, err := w.announce(reader, topup.Announcement{Account: ledger.Basic}); !errors.As(err, new(fault.Forbidden)) {
		t.Errorf("%v", err)
	}
}

func TestAReferenceIsTheAccountsAloneAndNoticesAWrongDigit(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range []int64{upgraded, legacy, 1230000101} {
		for _, a := range []ledger.Account{ledger.Basic, ledger.Available, ledger.Operation} {
			right := topup.Reference(m, a)
			if seen[right] || len(right) != 13 || !valid(right) {
				t.Errorf("%s is no reference, or another account's", right)
			}
			seen[right] = true
			for i := range right {
				for digit := '0'; digit <= '9'; digit++ {
					if wrong := right[:i] + string(digit) + right[i+1:]; wrong != right && valid(wrong) {
						t.Errorf("%s for %s is not noticed", wrong, right)
					}
				}
			}
		}
	}
	if got := topup.Grouped("1900000208262"); got != "1900 0002 0826 2" {
		t.Error(got)
	}
}

func valid(reference string) bool {
	n, err := strconv.ParseInt(reference, 10, 64)
	return err == nil && n%97 == 1
}

func TestRefusedMoneyThatCouldNotBeKeptIsNotHeard(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	w := newWorld(t, dbtest.Open(t, dsn))
	_, err := dbtest.Owner(t, dsn).PG().Exec(t.Context(), "ALTER TABLE topup_refusals RENAME TO gone")
	must(t, err)
	raw, err := json.Marshal(came(upgraded, ledger.Operation, 100, "O"))
	must(t, err)
	if w.Notice(t.Context(), topup.EventArrived, raw) == nil {
		t.Error("the bank was told that its word is heard")
	}
}
