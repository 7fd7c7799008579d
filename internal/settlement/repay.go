package settlement

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/payout"
)

// RepayAction is the audit log's word for it.
const RepayAction = "settlement.repay"

// ErrNothingBack refuses to pay a line again whose money did not come back.
var ErrNothingBack = fault.New("settlement.nothing_back")

// PayAgain pays a line again whose payment failed or came back, under a new number, to the card in use.
// replaces is the number of that payment: where another has taken its place already, nothing happens.
func (d Deps) PayAgain(ctx context.Context, tx db.Tx, s access.Scope, day clock.Day, replaces string, from audit.From) error {
	if err := s.Require(access.SettlementRepay); err != nil {
		return err
	}
	m := s.Merchant()
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	l, err := lockLine(ctx, tx, m, day)
	if err != nil {
		return err
	}
	switch {
	case l.BankNo != replaces && l.BankNo != "" && replaces != "":
		return nil
	case l.State != Failed && l.State != Returned:
		return ErrNothingBack
	}
	now := d.Clock.Now()
	number, err := d.payAgain(ctx, tx, m, l, now)
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Merchant: m, Actor: s.Actor().Name, Account: s.Actor().Account, Action: RepayAction,
		Object: day.String(), Outcome: audit.Done, From: from, At: now, Details: map[string]any{"number": number, "amount": int64(l.Net)}})
}

// payAgain puts a line's next payment down.
func (d Deps) payAgain(ctx context.Context, tx db.Tx, m int64, l Line, now time.Time) (number string, err error) {
	cal, err := calendar.Load(ctx, tx.PG(), now)
	if err != nil {
		return "", err
	}
	try, err := nextTry(ctx, tx, m, l.Day)
	if err != nil {
		return "", err
	}
	number = paymentNo(m, l.Day, try)
	err = payout.Make(ctx, tx, m, payout.Payment{Number: number, BatchNo: number, Purpose: payout.ForSettlement, Day: l.Day, Amount: l.Net, Try: try,
		Memo: memo(l.Day), MadeAt: now})
	if err != nil {
		return "", err
	}
	free, err := d.payableFrom(ctx, tx, m, now)
	if err != nil {
		return "", err
	}
	l.State, l.BankNo, l.PayDay = Cut, number, cal.From(clock.DayOf(free))
	if err := moveLine(ctx, tx, m, l); err != nil {
		return "", err
	}
	return number, payout.HandInAt(ctx, tx, m, number, now)
}

// payableFrom is from when on the card in use is paid to: now, or the end of the rest after its change.
func (d Deps) payableFrom(ctx context.Context, tx db.Tx, m int64, now time.Time) (time.Time, error) {
	card, err := merchant.SettlementCard(ctx, tx.PG(), d.Vault, m)
	if err != nil || card.PayoutsFrom == nil || now.After(*card.PayoutsFrom) {
		return now, err
	}
	return *card.PayoutsFrom, nil
}

// CardChanged pays again what had come back, because another settlement card is in use now.
func (d Deps) CardChanged(ctx context.Context, tx db.Tx, m int64) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	lines, err := linesIn(ctx, tx, m, Failed, Returned)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if _, err := d.payAgain(ctx, tx, m, l, d.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}
