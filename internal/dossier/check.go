package dossier

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
)

// Refusals of an amount that is entered.
var (
	ErrCheckAmount = fault.New("dossier.check_amount").On("amount")
	ErrCheckWrong  = fault.New("dossier.check_wrong").On("amount")
)

// checkMax is the largest check payment.
const checkMax money.Fen = 99

// startCheck sends the new card a check payment of an amount that nobody is told.
func (d Deps) startCheck(ctx context.Context, tx db.Tx, m int64, p CardParams, c *CardChange) (err error) {
	amount, err := d.draw()
	if err != nil {
		return err
	}
	if err := setCheck(ctx, tx, m, c.ID, amount); err != nil {
		return err
	}
	if c.CheckNo, err = d.sendCheck(ctx, tx, m, c.ID, p, amount); err != nil {
		return err
	}
	c.State = Checking
	return saveCard(ctx, tx, m, *c)
}

// sendCheck pays the amount to the card that is to be checked, and tells the payment's number.
func (d Deps) sendCheck(ctx context.Context, tx db.Tx, m int64, request uuid.UUID, p CardParams, amount money.Fen) (string, error) {
	now, number := d.Clock.Now(), checkNo(m, request)
	err := payout.Make(ctx, tx, m, payout.Payment{Number: number, BatchNo: number, Purpose: payout.ForCheck, Request: request, Amount: amount, Try: 1,
		Bank: p.Bank, Tail: p.Account[len(p.Account)-4:], Account: d.Vault.Seal(payout.CardAt(m, number), p.Account), Memo: checkMemo, MadeAt: now})
	if err != nil {
		return "", err
	}
	return number, payout.HandInAt(ctx, tx, m, number, now)
}

// checkNo is the number under which the bank knows a check.
func checkNo(m int64, request uuid.UUID) string {
	return fmt.Sprintf("K%d%s", m, strings.ReplaceAll(request.String(), "-", "")[16:])
}

// checkMemo is what the bank statement says of a check.
const checkMemo = "结算银行卡验证"

func (d Deps) settlement() settlement.Deps { return settlement.Deps{Clock: d.Clock, Vault: d.Vault} }

// draw is an amount from 0.01 to 0.99 yuan, each as likely as the others.
func (d Deps) draw() (money.Fen, error) {
	from := d.Random
	if from == nil {
		from = rand.Reader
	}
	for {
		var b [1]byte
		if _, err := io.ReadFull(from, b[:]); err != nil {
			return 0, fmt.Errorf("draw a check amount: %w", err)
		}
		if n := money.Fen(b[0]); n < 2*checkMax {
			return n%checkMax + 1, nil
		}
	}
}

// The transfers of a check payment; the key is its number.
const (
	KindCheck     ledger.Kind = "card.check"
	KindCheckBack ledger.Kind = "card.check.returned"
)

// Moved is told of each move of a check payment: it books it at the platform's expense.
func (d Deps) Moved(ctx context.Context, tx db.Tx, m int64, p payout.Payment, s payout.Step) error {
	if s.Paid {
		if err := d.book(ctx, tx, m, KindCheck, p, p.Amount); err != nil {
			return err
		}
	}
	if s.Back {
		if err := d.book(ctx, tx, m, KindCheckBack, p, -p.Amount); err != nil {
			return err
		}
	}
	switch s.To {
	case payout.Paid:
		return d.checked(ctx, tx, m, p.Request, true, "")
	case payout.Failed, payout.Returned:
		return d.checked(ctx, tx, m, p.Request, false, p.Reason)
	}
	return nil
}

func (d Deps) book(ctx context.Context, tx db.Tx, m int64, kind ledger.Kind, p payout.Payment, amount money.Fen) error {
	o, err := ledger.Post(ctx, tx, d.Clock.Now(), ledger.Transfer{Merchant: m, Kind: kind, Key: p.Number, BusinessNo: p.Number, VoucherNo: p.BatchNo,
		Applicant: access.System.Name, Note: p.Reason, Legs: []ledger.Leg{{Account: ledger.Suspense, Amount: -amount}, {Account: ledger.Bank, Amount: amount}}})
	if err == nil && o.Known {
		err = errBooked
	}
	if err != nil {
		return fmt.Errorf("book %s %s: %w", kind, p.Number, err)
	}
	return nil
}

// errBooked says that the books have a move of which the check does not know.
var errBooked = errors.New("dossier: it is in the books already")

// checked hears how a check payment ended. What ended before stays as it is.
func (d Deps) checked(ctx context.Context, tx db.Tx, m int64, id uuid.UUID, arrived bool, reason string) error {
	c, _, err := lockCard(ctx, tx, m, id)
	if err != nil || !c.State.Open() {
		return err
	}
	now := d.Clock.Now()
	if arrived {
		c.State, c.CheckedAt = Arrived, &now
		if err := saveCard(ctx, tx, m, c); err != nil {
			return err
		}
		return d.tellCheck(ctx, tx, m, "card_arrived", c)
	}
	return d.miss(ctx, tx, m, c, access.System.Name, reason)
}

// miss ends a request whose check did not come to its end; the card in use stays.
func (d Deps) miss(ctx context.Context, tx db.Tx, m int64, c CardChange, by, reason string) error {
	now := d.Clock.Now()
	c.State, c.EndedBy, c.EndedAt, c.Reason = Missed, by, &now, reason
	if err := saveCard(ctx, tx, m, c); err != nil {
		return err
	}
	return d.tellCheck(ctx, tx, m, "card_failed", c)
}

// ParseCheck reads an amount that was typed.
func ParseCheck(text string) (money.Fen, error) {
	amount, err := money.Parse(strings.TrimSpace(text))
	if err != nil || amount < 1 || amount > checkMax {
		return 0, ErrCheckAmount
	}
	return amount, nil
}

// reasonTries is kept where the amount was not known; pages say it in words.
const reasonTries = "tries"

// AnswerCheck compares what the super admin says arrived on the new card. Right: the card is in use, and
// rests a day. Wrong: c tells how often it may be entered yet; after the last the request has failed. A
// request that has ended, of others, or none is fault.ErrNotFound.
func (d Deps) AnswerCheck(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID, amount money.Fen, from audit.From) (CardChange, error) {
	if err := s.Require(access.MerchantCard); err != nil {
		return CardChange{}, err
	}
	m := s.Merchant()
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return CardChange{}, err
	}
	c, want, err := lockCard(ctx, tx, m, id)
	if err == nil && !c.State.Asks() {
		err = fault.ErrNotFound
	}
	if err != nil {
		return c, err
	}
	entry := audit.Entry{Merchant: m, Actor: s.Actor().Name, Account: s.Actor().Account, Action: "card.check", Object: c.shown(),
		Outcome: audit.Done, From: from, At: d.Clock.Now(), Details: map[string]any{"tail": c.Tail}}
	if amount != want {
		c.Tries++
		entry.Outcome, entry.Reason = audit.Refused, ErrCheckWrong.Code
		entry.Details["tries"] = c.Tries
		if c.Tries < TriesMax {
			err = saveCard(ctx, tx, m, c)
		} else {
			err = d.miss(ctx, tx, m, c, s.Actor().Name, reasonTries)
			c.State = Missed
		}
	} else {
		c, err = d.use(ctx, tx, s, c)
	}
	if err != nil {
		return c, err
	}
	return c, audit.Write(ctx, tx, entry)
}

// use puts the new card in use, and pays to it what had come back from the old one.
func (d Deps) use(ctx context.Context, tx db.Tx, s access.Scope, c CardChange) (CardChange, error) {
	m, now := s.Merchant(), d.Clock.Now()
	account, err := d.newAccount(ctx, tx, m, c.ID)
	if err != nil {
		return c, err
	}
	if err := merchant.ChangeCard(ctx, tx, d.Vault, m, c.Bank, account, now.Add(PayoutRest)); err != nil {
		return c, err
	}
	c.State, c.EndedBy, c.EndedAt = InUse, s.Actor().Name, &now
	if err := saveCard(ctx, tx, m, c); err != nil {
		return c, err
	}
	if err := d.settlement().CardChanged(ctx, tx, m); err != nil {
		return c, err
	}
	return c, d.tellCheck(ctx, tx, m, "card_in_use", c)
}

// tellCheck tells everyone who answers for the money what became of the check.
func (d Deps) tellCheck(ctx context.Context, tx db.Tx, m int64, kind string, c CardChange) error {
	now := d.Clock.Now()
	return d.Gate.TellFunds(ctx, tx, m, identity.FundsNotice{Kind: kind, Key: c.ID.String(), Link: Path, At: now,
		Args: map[string]string{"By": c.AskedBy, "Bank": c.Bank, "Tail": c.Tail, "Old": c.OldTail, "Time": clock.Text(now),
			"Until": clock.Text(now.Add(PayoutRest)), "Reason": CardReason(ctx, c.Reason)},
		Fields: [][2]string{{"card", c.Bank + " " + c.Tail}, {"time", clock.Text(now)}}})
}
