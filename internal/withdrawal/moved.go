package withdrawal

import (
	"context"
	"fmt"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/payout"
)

// stands is where a withdrawal stands whose payment stands so.
var stands = map[payout.State]State{payout.Waiting: Made, payout.Sending: Made, payout.Sent: Accepted, payout.Paid: Paid, payout.Failed: Failed,
	payout.Returned: Returned, payout.Cancelled: Closed}

// Moved is told of each move of a withdrawal's payment: it books it, and tells people how it ended.
func (d Deps) Moved(ctx context.Context, tx db.Tx, m int64, p payout.Payment, s payout.Step) error {
	w, err := lock(ctx, tx, m, strings.TrimPrefix(p.Number, bankMark))
	if err != nil {
		return err
	}
	if s.Paid {
		err := d.book(ctx, tx, w.transfer(KindPaid, "", ledger.Leg{Account: ledger.InWithdraw, Amount: -w.Amount}, ledger.Leg{Account: ledger.Bank, Amount: w.Amount}))
		if err != nil {
			return err
		}
	}
	w.State = stands[s.To]
	switch s.To {
	case payout.Failed:
		err = d.giveBack(ctx, tx, &w, back{KindFailed, ledger.InWithdraw, ledger.RowWithdrawFailed, p.Reason, access.System.Name})
	case payout.Returned:
		err = d.giveBack(ctx, tx, &w, back{KindReturned, ledger.Bank, ledger.RowWithdrawBack, p.Reason, access.System.Name})
	}
	if err != nil {
		return err
	}
	return d.moved(ctx, tx, w)
}

// moved writes where a withdrawal stands, and tells people.
func (d Deps) moved(ctx context.Context, tx db.Tx, w Withdrawal) error {
	w.MovedAt = d.Clock.Now()
	if err := save(ctx, tx, w); err != nil {
		return err
	}
	return d.tell(ctx, tx, w)
}

// back is how money comes home: as what, from where, why, and by whom.
type back struct {
	kind   ledger.Kind
	from   ledger.Account
	row    ledger.RowType
	reason string
	by     string
}

// giveBack brings the money home, with the reason that the books say.
func (d Deps) giveBack(ctx context.Context, tx db.Tx, w *Withdrawal, b back) error {
	home, err := ledger.Home(ctx, tx, w.Merchant, w.Account)
	if err != nil {
		return err
	}
	if w.Reason = b.reason; w.Reason == "" {
		w.Reason = reasonUnsaid
	}
	w.ReturnedTo = home
	t := w.transfer(b.kind, Why(ctx, w.Reason), ledger.Leg{Account: b.from, Amount: -w.Amount}, ledger.Leg{Account: home, Amount: w.Amount, Row: b.row})
	t.Applicant = b.by
	return d.book(ctx, tx, t)
}

// reasonUnsaid stands where the bank gave no reason.
const reasonUnsaid = "unsaid"

func (d Deps) book(ctx context.Context, tx db.Tx, t ledger.Transfer) error {
	o, err := ledger.Post(ctx, tx, d.Clock.Now(), t)
	if err == nil && o.Known {
		err = fmt.Errorf("withdrawal: it is in the books already")
	}
	if err != nil {
		return fmt.Errorf("book %s %s: %w", t.Kind, t.Key, err)
	}
	return nil
}

// Close takes back a withdrawal that waits to be handed in, because the settlement card rests. What the bank
// may have is refused with ErrAtBank; one that was closed stays so.
func (d Deps) Close(ctx context.Context, tx db.Tx, s access.Scope, no string, from audit.From) (Withdrawal, error) {
	if err := s.Require(access.WithdrawalMake); err != nil {
		return Withdrawal{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return Withdrawal{}, err
	}
	w, err := lock(ctx, tx, s.Merchant(), no)
	if err != nil || w.State == Closed && !w.Skipped() {
		return w, err
	}
	if w.State != Made {
		return w, ErrAtBank
	}
	waited, err := payout.Cancel(ctx, tx, w.Merchant, w.BankNo())
	if err != nil {
		return w, err
	}
	if !waited {
		return w, ErrAtBank
	}
	w.State = Closed
	if err := d.giveBack(ctx, tx, &w, back{KindFailed, ledger.InWithdraw, ledger.RowWithdrawFailed, ReasonClosed, s.Actor().Name}); err != nil {
		return w, err
	}
	if err := d.moved(ctx, tx, w); err != nil {
		return w, err
	}
	return w, audit.Write(ctx, tx, audit.Entry{Merchant: w.Merchant, Actor: s.Actor().Name, Account: s.Actor().Account, Action: CloseAction,
		Object: w.No(), Outcome: audit.Done, From: from, At: d.Clock.Now(), Details: map[string]any{"amount": w.Amount, "account": w.Account}})
}

// CloseAction is the audit log's word for it.
const CloseAction = "withdrawal.close"
