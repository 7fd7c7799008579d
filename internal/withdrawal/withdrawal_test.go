package withdrawal_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/withdrawal"
)

func TestAWithdrawalGoesFromTheAccountToTheBank(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	x, err := w.take(store, ledger.Basic, 60_00)
	must(t, err)
	if x.State != withdrawal.Made || x.Promised != "2026-11-23" || len(x.No()) != 28 {
		t.Errorf("made %+v", x)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
	w.drain()
	if s := w.get(x); s.State != withdrawal.Accepted || s.Tail != "0123" || s.FlowNo == "" {
		t.Errorf("the bank has it: %+v", s)
	}
	w.hears(x, payout.BankSuccess, "")
	w.hears(x, payout.BankSuccess, "")
	if s := w.get(x); s.State != withdrawal.Paid || s.BackNo != "" {
		t.Errorf("it is %+v", s)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 0, ledger.Bank: -40_00})
}

func TestWhatTheBankDoesNotPayComesBackWithTheReason(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[payout.Verdict]withdrawal.State{payout.BankFailed: withdrawal.Failed, payout.BankReturned: withdrawal.Returned} {
		w := inTx(t)
		w.comes(store, ledger.Basic, 100_00)
		x, err := w.take(store, ledger.Basic, 60_00)
		must(t, err)
		w.drain()
		w.hears(x, verdict, "户名不符")
		s := w.get(x)
		if s.State != want || s.Reason != "户名不符" || s.ReturnedTo != ledger.Basic || s.BackNo == "" || s.BackNo == s.FlowNo {
			t.Errorf("%s: it is %+v", verdict, s)
		}
		w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 100_00, ledger.InWithdraw: 0, ledger.Bank: -100_00})
	}
}

func TestASuccessCanComeBackForSevenWorkingDays(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]withdrawal.State{11: withdrawal.Returned, 12: withdrawal.Paid} { // a Friday's seventh working day is a Tuesday
		w := inTx(t)
		w.comes(store, ledger.Basic, 100_00)
		x, err := w.take(store, ledger.Basic, 60_00)
		must(t, err)
		w.drain()
		w.hears(x, payout.BankSuccess, "")
		w.clock.Advance(time.Duration(days) * 24 * time.Hour)
		w.hears(x, payout.BankReturned, "账户已销户")
		if s := w.get(x); s.State != want {
			t.Errorf("after %d days it is %s", days, s.State)
		}
		if n := w.differences(); (n == 1) != (want == withdrawal.Paid) {
			t.Errorf("after %d days operators see %d", days, n)
		}
		w.sound()
	}
}

func TestWhatContradictsChangesNothingAndIsRaised(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	x, err := w.take(store, ledger.Basic, 60_00)
	must(t, err)
	w.drain()
	w.hears(x, payout.BankSuccess, "")
	w.hears(x, payout.BankFailed, "限额")
	if s := w.get(x); s.State != withdrawal.Paid {
		t.Errorf("it is %s", s.State)
	}
	if n := w.differences(); n != 1 {
		t.Errorf("operators see %d", n)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 0, ledger.Bank: -40_00})
}

func TestWhatNobodyAnsweredIsPaidOnceAndNeverCreditedBack(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	w.bank.lost = 2
	x, err := w.take(store, ledger.Basic, 60_00)
	must(t, err)
	w.walk(2 * time.Minute)
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
	if len(w.bank.paid) != 1 || w.bank.calls != 3 {
		t.Errorf("the bank paid %d times in %d calls", len(w.bank.paid), w.bank.calls)
	}
	delete(w.bank.paid, x.BankNo()) // it says it never heard of it for a while, then that it paid
	w.walk(10 * time.Minute)
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
	w.bank.says[x.BankNo()] = payout.Answer{Verdict: payout.BankSuccess}
	w.walk(time.Hour)
	if s := w.get(x); s.State != withdrawal.Paid || len(w.bank.paid) != 1 {
		t.Errorf("it is %s, the bank paid %d", s.State, len(w.bank.paid))
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 0, ledger.Bank: -40_00})
}

func TestWhatTheBankRefusesToTakeIsToldToOperatorsAndPaidOnceMended(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	must(t, w.worker().Plan(t.Context()))
	w.bank.refuses = "ACCOUNT_ERROR"
	x, err := w.take(store, ledger.Basic, 60_00)
	must(t, err)
	w.walk(10 * 24 * time.Hour) // longer than a job is tried
	if n := w.differences(); n != 1 {
		t.Errorf("operators see %d", n)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
	w.bank.refuses = ""
	w.walk(24 * time.Hour)
	if s := w.get(x); s.State != withdrawal.Accepted || len(w.bank.paid) != 1 {
		t.Errorf("a day after it was mended it is %s, the bank has %d", s.State, len(w.bank.paid))
	}
}

func TestWordOfAnotherAmountIsNoWordOfThisWithdrawal(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	x, err := w.take(store, ledger.Basic, 60_00)
	must(t, err)
	w.drain()
	w.bank.says[x.BankNo()] = payout.Answer{Verdict: payout.BankSuccess, Amount: 59_99}
	w.walk(time.Hour)
	if s := w.get(x); s.State != withdrawal.Accepted {
		t.Errorf("it is %s", s.State)
	}
	if n := w.differences(); n != 1 {
		t.Errorf("operators see %d", n)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
}

func TestANewCardHoldsWithdrawalsBack(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	w.in(func(ctx context.Context, tx db.Tx) error {
		return merchant.ChangeCard(ctx, tx, w.payouts.Vault, store, "建设银行", "6217001234567894321", w.clock.Now().Add(24*time.Hour))
	})
	x, err := w.take(store, ledger.Basic, 60_00)
	must(t, err)
	y, err := w.take(store, ledger.Basic, 10_00)
	must(t, err)
	w.drain()
	if s := w.get(x); w.bank.calls != 0 || s.State != withdrawal.Made || !s.Waiting || s.Rest == nil || s.Promised != "2026-11-23" {
		t.Errorf("handed in %d times: %+v", w.bank.calls, s)
	}
	for range 2 { // the same form twice
		w.in(func(ctx context.Context, tx db.Tx) error {
			_, err := w.Close(ctx, tx, finance(store), y.No(), audit.From{})
			return err
		})
	}
	if s := w.get(y); s.State != withdrawal.Closed || s.Reason != withdrawal.ReasonClosed {
		t.Errorf("taken back: %+v", s)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
	w.walk(25 * time.Hour)
	if o := w.bank.paid[x.BankNo()]; o.Account != "6217001234567894321" || len(w.bank.paid) != 1 {
		t.Errorf("the bank has %+v", w.bank.paid)
	}
	err = w.DB.InTx(t.Context(), func(tx db.Tx) error {
		_, err := w.Close(t.Context(), tx, finance(store), x.No(), audit.From{})
		return err
	})
	if !errors.Is(err, withdrawal.ErrAtBank) {
		t.Errorf("taken back from the bank: %v", err)
	}
	w.sound()
}

func TestALegacyMerchantWithdrawsWhatIsAvailableAndItComesHomeAfterTheUpgrade(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(shop, ledger.Available, 100_00)
	if _, err := w.take(shop, ledger.Basic, 1_00); !fault.Is(err, ledger.ErrNotOpen.Code) {
		t.Errorf("from BASIC: %v", err)
	}
	x, err := w.take(shop, ledger.Available, 100_00)
	must(t, err)
	w.drain()
	w.in(func(ctx context.Context, tx db.Tx) error {
		if err := ledger.OpenAccount(ctx, tx, shop, ledger.Basic, w.clock.Now()); err != nil {
			return err
		}
		return ledger.CloseAccount(ctx, tx, shop, ledger.Available, w.clock.Now())
	})
	w.hears(x, payout.BankFailed, "账户已销户")
	if s := w.get(x); s.ReturnedTo != ledger.Basic || s.BackNo == "" {
		t.Errorf("it is %+v", s)
	}
	w.stands(shop, map[ledger.Account]money.Fen{ledger.Basic: 100_00, ledger.InWithdraw: 0})
}

func TestTheSameNumberIsTheSameWithdrawal(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	ask := withdrawal.Ask{Scope: finance(store), Kind: withdrawal.API, RequestNo: "w1", Params: withdrawal.Params{Account: ledger.Basic, Amount: 60_00}}
	other, short := ask, ask
	other.Amount, short.RequestNo = 10_00, "w2"
	w.in(func(ctx context.Context, tx db.Tx) error {
		out, err := w.AcceptMany(ctx, tx, []withdrawal.Ask{ask, other, short, ask})
		if err != nil {
			return err
		}
		if out[0].Refused != nil || out[0].Known || !errors.Is(out[1].Refused, withdrawal.ErrOther) ||
			!fault.Is(out[2].Refused, ledger.ErrInsufficient.Code) || !out[3].Known || out[3].Withdrawal.No() != out[0].Withdrawal.No() {
			t.Errorf("came to %+v", out)
		}
		ours := ask
		ours.RequestNo = out[0].Withdrawal.No()
		if _, err := w.Accept(ctx, tx, ours); !errors.Is(err, withdrawal.ErrNumber) {
			t.Errorf("under a number of ours: %v", err)
		}
		return nil
	})
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 40_00, ledger.InWithdraw: 60_00})
}

func TestWhatCannotBeAWithdrawalIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ account, amount, remark, memo, fields string }{
		"all wrong":    {"FEES", "0", strings.Repeat("字", 57), "a-b", "account_type amount remark bank_memo"},
		"too much":     {"BASIC", "800000000.01", "", "", "amount"},
		"decimals":     {"BASIC", "1.001", "", "", "amount"},
		"lines":        {"BASIC", "1", "a\nb", "", "remark"},
		"long memo":    {"BASIC", "1", "", strings.Repeat("字", 33), "bank_memo"},
		"at the limit": {"OPERATION", "800,000,000.00", strings.Repeat("字", 56), strings.Repeat("字", 32), ""},
		"least":        {"AVAILABLE", "0.01", "", "Aa0货", ""},
	} {
		form := map[string]string{"account_type": c.account, "amount": c.amount, "remark": c.remark, "bank_memo": c.memo}
		_, err := withdrawal.Parse(func(f string) string { return form[f] })
		var fields []string
		for _, r := range fault.All(err) {
			fields = append(fields, r.Field)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("%s: refused %q, want %q", name, got, c.fields)
		}
	}
}

func TestWhoMayNotDoesNot(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	clerk := access.Member(access.Seat{Merchant: store, Name: "kefu01@1900000208", Roles: []access.Role{access.Service}})
	err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
		_, err := w.Accept(t.Context(), tx, withdrawal.Ask{Scope: clerk, Kind: withdrawal.Manual, Params: withdrawal.Params{Account: ledger.Basic, Amount: 1}})
		return err
	})
	var forbidden fault.Forbidden
	if !errors.As(err, &forbidden) {
		t.Errorf("a clerk withdrew: %v", err)
	}
	if _, err := withdrawal.Get(t.Context(), w.DB.PG(), finance(shop), "1900000208202611206000000001"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("another's: %v", err)
	}
}

// day is a business day of the tests.
func day(n int) clock.Day { return clock.DayOf(friday).Add(n) }
