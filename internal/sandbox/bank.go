package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/wire"
)

// BankKind is the job in which the simulated bank comes to the end of a payment.
const BankKind = "sandbox.bank"

// How long the bank takes over a payment, and until it finds that one cannot stay, in business time.
const (
	bankTakes   = time.Minute
	returnTakes = 2 * time.Hour
)

// What the bank says of a payment.
const (
	payoutProcessing = "PROCESSING"
	payoutSuccess    = "SUCCESS"
	payoutFailed     = "FAILED"
	payoutReturned   = "RETURNED"
)

// Why the bank does not pay, or sends money back.
const (
	reasonFailed   = "收款户名与账号不符"
	reasonReturned = "收款账户状态异常，银行退回"
)

// Payout is a payment to a card as the bank has it.
type Payout struct {
	Number   string
	Merchant int64
	Amount   int64
	AskedAt  time.Time
	Kind     string // settlement, payout or check
	Holder   string
	Bank     string
	Account  string
	Memo     string
	Status   string
	Reason   string

	outcome    string
	contradict bool
	duplicate  bool
}

// operation is under which the payment misbehaves and is told of: a check of a card is a payout.
func (p Payout) operation() string {
	if p.Kind == "settlement" {
		return p.Kind
	}
	return "payout"
}

// payoutAsk is what the channel is asked to pay.
type payoutAsk struct {
	Number  string `json:"out_batch_no"`
	Kind    string `json:"kind"`
	Payouts []struct {
		Number  string `json:"out_payout_no"`
		MchID   string `json:"mchid"`
		Holder  string `json:"account_name"`
		Bank    string `json:"bank_name"`
		Account string `json:"account_number"`
		Amount  int64  `json:"amount"`
		Memo    string `json:"memo"`
	} `json:"payouts"`
}

var errOtherPayout = problem{http.StatusBadRequest, "INVALID_REQUEST", "付款单号已存在且参数不一致"}

// servePayouts takes payments in. The same number again is the same payment.
func (w *WeChat) servePayouts(r *http.Request, body []byte) (int, any, error) {
	var ask payoutAsk
	if err := wire.ReadJSON(body, &ask); err != nil || ask.Number == "" || len(ask.Payouts) == 0 {
		return 0, nil, errParam
	}
	ctx, lost := r.Context(), false
	err := w.store.db.InTx(ctx, func(tx db.Tx) error {
		lost = false
		for _, p := range ask.Payouts {
			account, err := w.cfg.Channel.Key.Decrypt(p.Account)
			m, bad := strconv.ParseInt(p.MchID, 10, 64)
			if err != nil || bad != nil || p.Amount <= 0 || p.Number == "" {
				return errParam
			}
			silent, err := w.takePayout(ctx, tx, Payout{Number: p.Number, Merchant: m, Amount: p.Amount, Kind: ask.Kind,
				Holder: p.Holder, Bank: p.Bank, Account: account, Memo: p.Memo})
			if err != nil {
				return err
			}
			lost = lost || silent
		}
		return nil
	})
	if err != nil || lost {
		return 0, nil, err
	}
	return http.StatusAccepted, map[string]string{"out_batch_no": ask.Number}, nil
}

// takePayout takes one payment in and decides how it will end; silent: the caller shall hear nothing.
func (w *WeChat) takePayout(ctx context.Context, tx db.Tx, p Payout) (silent bool, err error) {
	known, found, err := w.store.payout(ctx, tx.PG(), p.Number)
	if err != nil {
		return false, err
	}
	if found {
		if known.Merchant != p.Merchant || known.Amount != p.Amount || known.Account != p.Account || known.Kind != p.Kind {
			return false, errOtherPayout
		}
		return false, nil
	}
	f, err := w.Fault(ctx, p.operation())
	if err != nil {
		return false, err
	}
	p.AskedAt, p.Status, p.outcome, p.contradict, p.duplicate = w.cfg.Business.Now(), payoutProcessing, f.Outcome, f.Contradict, f.Duplicate
	if err := w.store.addPayout(ctx, tx, p); err != nil {
		return false, err
	}
	return f.TimeoutAfterEffect, w.enqueuePayout(ctx, tx, p.Number, "end", p.AskedAt.Add(bankTakes+f.Delay))
}

type payoutStep struct {
	Number string `json:"number"`
	Step   string `json:"step"` // end, or back
}

func (w *WeChat) enqueuePayout(ctx context.Context, tx db.Tx, number, step string, due time.Time) error {
	return job.Enqueue(ctx, tx, job.Job{Kind: BankKind, Key: number + "/" + step, Payload: payoutStep{number, step}, Due: due})
}

// EndPayout is the handler of BankKind: the money leaves or not, or comes back, and the provider is told.
func (w *WeChat) EndPayout(ctx context.Context, r job.Run) error {
	var s payoutStep
	if err := r.Decode(&s); err != nil {
		return err
	}
	return w.store.db.InTx(ctx, func(tx db.Tx) error {
		p, found, err := w.store.payout(ctx, tx.PG(), s.Number)
		if err != nil || !found {
			return err
		}
		effects := 0
		switch {
		case s.Step == "back":
			p.Status, p.Reason = payoutReturned, reasonReturned
		case p.outcome == OutcomeSuccess || p.outcome == OutcomeBankReturn:
			p.Status, effects = payoutSuccess, 1
		default:
			p.Status, p.Reason = payoutFailed, reasonFailed
		}
		if err := w.store.movePayout(ctx, tx, p); err != nil {
			return err
		}
		if err := w.enter(ctx, tx, Entry{p.Kind, p.Number, strconv.FormatInt(p.Merchant, 10), p.Amount, p.Status, effects}); err != nil {
			return err
		}
		if err := w.tellPayout(ctx, tx, p, Fault{Duplicate: p.duplicate}); err != nil {
			return err
		}
		if s.Step == "end" && p.outcome == OutcomeBankReturn {
			if err := w.enqueuePayout(ctx, tx, p.Number, "back", w.cfg.Business.Now().Add(returnTakes)); err != nil {
				return err
			}
		}
		return r.Finish(ctx, tx)
	})
}

// tellPayout notifies the provider; where the bank is to contradict itself, a second time with the opposite.
func (w *WeChat) tellPayout(ctx context.Context, tx db.Tx, p Payout, f Fault) error {
	say := func(status, reason string, f Fault) error {
		return w.notifyIn(ctx, tx, p.operation(), strings.ToUpper(p.operation())+"."+status, map[string]any{"out_payout_no": p.Number,
			"mchid": strconv.FormatInt(p.Merchant, 10), "status": status, "amount": p.Amount, "reason": reason}, f)
	}
	if err := say(p.Status, p.Reason, f); err != nil || !p.contradict {
		return err
	}
	if p.Status == payoutFailed {
		return say(payoutSuccess, "", Fault{Late: bankTakes})
	}
	return say(payoutFailed, reasonFailed, Fault{Late: bankTakes})
}

// servePayout answers how a payment stands.
func (w *WeChat) servePayout(r *http.Request, _ []byte) (int, any, error) {
	p, found, err := w.store.payout(r.Context(), w.store.db.PG(), r.PathValue("number"))
	if err != nil {
		return 0, nil, err
	}
	if !found {
		return 0, nil, errNoSuch
	}
	return http.StatusOK, map[string]any{"out_payout_no": p.Number, "status": p.Status, "amount": p.Amount, "reason": p.Reason}, nil
}

// Payouts lists what the bank was told to pay, the newest first.
func (w *WeChat) Payouts(ctx context.Context) ([]Payout, error) {
	return w.store.payouts(ctx, payoutsShown)
}

const payoutsShown = 50
