package sandbox

import (
	"context"
	"fmt"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// operationTopUp is money that the simulated bank sends to the platform for a merchant.
const operationTopUp = "topup"

// BankTransfer is money that somebody sends from the simulated bank.
type BankTransfer struct {
	Merchant  int64
	Account   string // of the merchant, as the bank's form names it
	Amount    money.Fen
	Reference string // what the payer wrote beside it
	PayerName string
}

// arrived is a transfer as the bank tells it.
type arrived struct {
	TransferNo string    `json:"transfer_no"`
	MchID      string    `json:"mchid"`
	Account    string    `json:"account"`
	Amount     money.Fen `json:"amount"`
	Reference  string    `json:"reference"`
	PayerName  string    `json:"payer_name"`
	Bank       string    `json:"bank"`
}

// bankName is the simulated bank's.
const bankName = "演示银行"

// Transfer sends money: the bank's book has it, and the provider is told at once, and again while that
// fails. It gives the bank's number; the error says why the provider did not take it in yet.
func (w *WeChat) Transfer(ctx context.Context, t BankTransfer) (transferNo string, err error) {
	var batch string
	err = w.store.db.InTx(ctx, func(tx db.Tx) error {
		now := w.cfg.Business.Now()
		numbers, err := w.store.numbers(ctx, tx, 1)
		if err != nil {
			return err
		}
		transferNo = fmt.Sprintf("BK%s%010d", now.In(clock.Beijing).Format("20060102"), numbers[0])
		mchid := strconv.FormatInt(t.Merchant, 10)
		e, err := w.newEvent(ctx, tx, operationTopUp, "TOPUP.SUCCESS", arrived{TransferNo: transferNo, MchID: mchid, Account: t.Account,
			Amount: t.Amount, Reference: t.Reference, PayerName: t.PayerName, Bank: bankName}, Fault{})
		if err != nil {
			return err
		}
		batch = e.Batch
		if err := w.store.addEvents(ctx, tx, []event{e}); err != nil {
			return err
		}
		if err := w.store.enter(ctx, tx, []Entry{{operationTopUp, transferNo, mchid, int64(t.Amount), "SUCCESS", 1}}, now); err != nil {
			return err
		}
		return enqueueSending(ctx, tx, sending{Batch: batch, Tries: 1}, now.Add(retries[0]))
	})
	if err != nil {
		return "", fmt.Errorf("bank transfer to %d: %w", t.Merchant, err)
	}
	failed, err := w.try(ctx, sending{Batch: batch})
	if why := failed[batch]; err == nil && why != nil {
		err = fmt.Errorf("bank transfer %s was not taken in: %w", transferNo, why)
	}
	return transferNo, err
}
