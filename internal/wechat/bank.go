package wechat

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"zhanggui/internal/money"
	"zhanggui/internal/payout"
)

// Paths of payments to bank cards: an extension of the channel, which WeChat Pay itself does to its own
// merchants behind the scenes.
const (
	payoutsPath = "/v3/zhanggui/payouts"
	payoutPath  = payoutsPath + "/"
)

var _ payout.Bank = (*Client)(nil)

// payoutBatch is what the channel is asked to pay.
type payoutBatch struct {
	Number  string        `json:"out_batch_no"`
	Kind    string        `json:"kind"`
	Payouts []payoutOrder `json:"payouts"`
}

type payoutOrder struct {
	Number  string `json:"out_payout_no"`
	MchID   string `json:"mchid"`
	Holder  string `json:"account_name"`
	Bank    string `json:"bank_name"`
	Account string `json:"account_number"` // encrypted for the channel
	Amount  int64  `json:"amount"`
	Memo    string `json:"memo"`
}

// Pay hands payments to bank cards in. Any error leaves open whether the channel has them; its refusals
// are not signed, so they end nothing.
func (c *Client) Pay(ctx context.Context, b payout.Batch) error {
	ask := payoutBatch{Number: b.Number, Kind: string(b.Purpose), Payouts: make([]payoutOrder, len(b.Orders))}
	for i, o := range b.Orders {
		account, err := c.Encrypt(o.Account)
		if err != nil {
			return err
		}
		ask.Payouts[i] = payoutOrder{Number: o.Number, MchID: strconv.FormatInt(o.MchID, 10), Holder: o.Holder, Bank: o.Bank, Account: account,
			Amount: int64(o.Amount), Memo: o.Memo}
	}
	return asRefusal(c.Call(ctx, http.MethodPost, payoutsPath, ask, nil))
}

// asRefusal tells the bank's refusals from answers that did not come.
func asRefusal(err error) error {
	var said *APIError
	if errors.As(err, &said) && !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrQuota) {
		return &payout.Refusal{Code: said.Code, Cause: err}
	}
	return err
}

// Ask tells how a payment stands at the channel.
func (c *Client) Ask(ctx context.Context, number string) (payout.Answer, error) {
	var said struct {
		Number string `json:"out_payout_no"`
		Status string `json:"status"`
		Amount int64  `json:"amount"`
		Reason string `json:"reason"`
	}
	err := c.Call(ctx, http.MethodGet, payoutPath+url.PathEscape(number), nil, &said)
	if errors.Is(err, ErrNotThere) {
		return payout.Answer{}, payout.ErrUnknown
	}
	if err != nil {
		return payout.Answer{}, asRefusal(err)
	}
	a := payout.Answer{Verdict: payout.Verdict(said.Status), Amount: money.Fen(said.Amount), Reason: said.Reason}
	if said.Number != number || !a.Verdict.Known() {
		return payout.Answer{}, odd(payoutPath, "no answer about the payment that was asked after")
	}
	return a, nil
}
