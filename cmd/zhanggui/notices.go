package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/wire"
	"zhanggui/web/openapi"
)

// api is the machine API.
func (a *app) api() (http.Handler, error) {
	return openapi.New(openapi.Deps{Notices: a.notices(), Channel: a.channel.upstream.Platform, V3Key: a.channel.v3Key, Ready: a.seeded.Load})
}

// notices says who takes which notification of the channel.
func (a *app) notices() openapi.Notices {
	d := a.trades()
	return openapi.Notices{
		"trade": takePaid(trade.NewIntake(d.DB, d.Clock, d.Due)),
		"topup": func(ctx context.Context, n openapi.Notice) error {
			return a.topUps().Notice(ctx, n.EventType, n.Resource)
		},
		"transfer": func(ctx context.Context, n openapi.Notice) error {
			return a.transfers().Notice(ctx, n.EventType, n.Resource)
		},
		"settlement": a.takePayout,
		"payout":     a.takePayout,
	}
}

// takePayout hears how a payment through the bank stands.
func (a *app) takePayout(ctx context.Context, n openapi.Notice) error {
	return a.payouts().Notice(ctx, n.EventType, n.Resource)
}

// takePaid books an order that the channel says is paid. An order that the books tell alike is accepted
// again; one that they tell otherwise is refused, for people to look at.
func takePaid(in trade.Intake) func(context.Context, openapi.Notice) error {
	return func(ctx context.Context, n openapi.Notice) error {
		p, err := readPaid(n)
		if err != nil {
			return err
		}
		taken, err := in.Take(ctx, p)
		if err == nil {
			err = taken.Refused
		}
		return err
	}
}

// readPaid turns a notification into an order: whose it is, and what of it is settled. A coupon that
// somebody paid for beforehand is settled; one that lowers the price is not.
func readPaid(n openapi.Notice) (trade.Paid, error) {
	var t wire.Transaction
	if err := wire.ReadJSON(n.Resource, &t); err != nil {
		return trade.Paid{}, err
	}
	p := trade.Paid{TransactionID: t.TransactionID, OutTradeNo: t.OutTradeNo, Total: money.Fen(t.Amount.Total), SettlementTotal: money.Fen(t.Amount.PayerTotal),
		TradeType: t.TradeType, BankType: t.BankType, AppID: t.AppID, OpenID: t.Payer.OpenID, Attach: t.Attach}
	if t.SceneInfo != nil {
		p.Device = t.SceneInfo.DeviceID
	}
	at, bad := time.Parse(time.RFC3339, t.SuccessTime)
	p.SuccessTime = at
	if bad != nil || !addCoupons(&p, t) || !setOwner(&p, t) || n.EventType != "TRANSACTION.SUCCESS" || t.TradeState != "SUCCESS" || t.Amount.Currency != "CNY" {
		return p, trade.ErrPaid.With("Number", t.TransactionID)
	}
	return p, nil
}

// couponMax bounds what one coupon can be worth: sums of a few stay far from overflow.
const couponMax = 1 << 40

// addCoupons adds the coupons up, and tells whether with what the payer paid they make the whole.
func addCoupons(p *trade.Paid, t wire.Transaction) bool {
	for _, c := range t.Promotions {
		if c.Amount < 0 || c.Amount > couponMax {
			return false
		}
		p.Coupon += money.Fen(c.Amount)
		if c.Type != wire.PromotionNoCash {
			p.SettlementTotal += money.Fen(c.Amount)
		}
	}
	return t.Amount.PayerTotal >= 0 && p.Total == money.Fen(t.Amount.PayerTotal)+p.Coupon
}

// setOwner says whose money it is: the merchant's, or the sub-merchant's of a service provider.
func setOwner(p *trade.Paid, t wire.Transaction) bool {
	own, partner := t.MchID != "", t.SPMchID != "" && t.SubMchID != ""
	if own == partner || own && t.SPMchID+t.SubMchID != "" {
		return false
	}
	var err error
	if p.MerchantID, err = strconv.ParseInt(t.MchID+t.SubMchID, 10, 64); err != nil || own {
		return err == nil
	}
	p.AppID, p.OpenID = t.SPAppID, t.Payer.SPOpenID
	p.SPMchID, err = strconv.ParseInt(t.SPMchID, 10, 64)
	return err == nil
}
