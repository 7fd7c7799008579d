package topup

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
)

// Announcement says that a member is about to send money. Nothing moves by it.
type Announcement struct {
	Once    uuid.UUID // the same again is the one announcement
	Account ledger.Account
	Amount  money.Fen // 0: not known yet
	From    audit.From
}

// ParseAnnouncement reads the form; every field that is wrong is named.
func ParseAnnouncement(form func(string) string) (a Announcement, err error) {
	var f fault.Form
	a.Account = ledger.Account(form("account"))
	if a.Account == "" {
		f.Add(fault.New("topup.account").On("account"))
	}
	if text := strings.TrimSpace(form("amount")); text != "" {
		if a.Amount, err = money.Parse(text); err != nil || a.Amount <= 0 || a.Amount > AmountMax {
			f.Add(ErrAmount)
		}
	}
	return a, f.Err()
}

// Announce writes an announcement down. It refuses an account that the merchant has not, and more than a
// hundred that wait.
func (d Deps) Announce(ctx context.Context, tx db.Tx, s access.Scope, a Announcement) (TopUp, error) {
	if err := s.Require(access.FundsTopUp); err != nil {
		return TopUp{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return TopUp{}, err
	}
	t, found, err := byOnce(ctx, tx, s.Merchant(), a.Once)
	switch {
	case err != nil:
		return t, err
	case found && t.State == Waiting && (t.Account != a.Account || t.Amount != a.Amount):
		return t, ErrOther
	case found:
		return t, nil
	}
	now := d.Clock.Now()
	if err := admit(ctx, tx, s, a, now); err != nil {
		return TopUp{}, err
	}
	lapses, asker := now.Add(waitingLife), s.Actor().Account
	t = TopUp{Merchant: s.Merchant(), Amount: a.Amount, Account: a.Account, State: Waiting, Reference: Reference(s.Merchant(), a.Account),
		AskedBy: s.Actor().Name, AskerID: &asker, CreatedAt: now, LapsesAt: &lapses}
	if t.N, err = nextCount(ctx, tx, s.Merchant()); err != nil {
		return t, err
	}
	if err := insertAnnounced(ctx, tx, t, a.Once); err != nil {
		return t, err
	}
	return t, audit.Write(ctx, tx, audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account, Action: "topup.announce",
		Object: t.No(), Outcome: audit.Done, From: a.From, At: now, Details: map[string]any{"account": a.Account, "amount": a.Amount}})
}

func admit(ctx context.Context, tx db.Tx, s access.Scope, a Announcement, now time.Time) error {
	m, err := merchant.Get(ctx, tx.PG(), s.Merchant())
	if err != nil {
		return err
	}
	open, err := ledger.Balances(ctx, tx.PG(), s.Merchant())
	if err != nil {
		return err
	}
	if !slices.Contains(Accounts(m, open), a.Account) {
		return ErrNotOpen
	}
	return fewWait(ctx, tx, s.Merchant(), now)
}
