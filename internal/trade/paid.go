package trade

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"zhanggui/internal/batch"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// Paid is an order as the channel's notice tells it. MerchantID is whose money it is.
type Paid struct {
	MerchantID      int64
	SPMchID         int64 // the service provider it was placed by, or 0
	TransactionID   string
	OutTradeNo      string
	Total           money.Fen
	SettlementTotal money.Fen // the order less coupons that are not paid out
	Coupon          money.Fen
	SuccessTime     time.Time
	TradeType       string
	BankType        string
	AppID           string
	OpenID          string
	Device          string
	Body            string
	Attach          string
}

// Taken is what became of a notice.
type Taken struct {
	Known   bool  // the books had the order already, and tell it alike
	Refused error // ErrPayee, ErrPaid or ErrContradicts
}

// What a notice is refused for.
var (
	ErrPayee       = fault.New("trade.paid_payee")       // no merchant of ours, a suspended one, or not this provider's
	ErrPaid        = fault.New("trade.paid_unreadable")  // figures or texts that no order has
	ErrContradicts = fault.New("trade.paid_contradicts") // the books tell the order otherwise
)

// A notice is sent when an order is paid. One of a day that bills cannot have, or from further ahead than two
// clocks stand apart, is none.
const paidAheadMax = 10 * time.Minute

var paidFirst = time.Date(2011, 1, 1, 0, 0, 0, 0, clock.Beijing)

// feeMax is the largest fee an order can have.
const feeMax money.Fen = 100_000_000

// check refuses what no order can be; at is when it came.
func (p Paid) check(at time.Time) error {
	texts := p.TradeType + p.BankType + p.AppID + p.OpenID + p.Device + p.Body + p.Attach
	switch {
	case p.Total < 0 || p.Total > bill.AmountMax, p.SettlementTotal < 0 || p.SettlementTotal > p.Total, p.Coupon < 0 || p.Coupon > p.Total,
		p.SuccessTime.Before(paidFirst), p.SuccessTime.After(at.Add(paidAheadMax)), !bill.IsNumber(p.TransactionID), !bill.IsNumber(p.OutTradeNo),
		p.TradeType == "" || len(p.TradeType) > bill.WordMax, len(p.BankType) > bill.WordMax, len(p.AppID) > bill.NameMax,
		len(p.OpenID) > bill.NameMax, len(p.Device) > bill.NameMax, len(p.Body) > bill.TextMax, len(p.Attach) > bill.TextMax,
		!utf8.ValidString(texts), strings.ContainsRune(texts, 0):
		return ErrPaid.With("Number", p.TransactionID)
	}
	return nil
}

// Intake takes notices in, many at once in one transaction.
type Intake struct{ *batch.Batcher[Paid, Taken] }

// intakeWriters is how many transactions of notices run at a time.
const intakeWriters = 2

// NewIntake makes the intake of a database; due hears when what came in is to be settled.
func NewIntake(d *db.DB, c clock.Clock, due DueFunc) Intake {
	return Intake{batch.New(intakeWriters, func(ctx context.Context, asks []Paid) (taken []Taken, err error) {
		err = d.InTx(ctx, func(tx db.Tx) error {
			taken, err = TakeMany(ctx, tx, c.Now(), asks, due)
			return err
		})
		return taken, err
	})}
}

// Take takes one notice in. It is answered when the order is in the books.
func (i Intake) Take(ctx context.Context, p Paid) (Taken, error) { return i.Do(ctx, p.MerchantID, p) }
