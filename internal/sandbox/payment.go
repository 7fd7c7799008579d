package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/wire"
)

const operationTrade = "trade"

// Limits of paying.
const (
	PaymentMax  = money.Fen(100_000_000_00)
	PaymentsMax = 10_000 // at once
)

// Payment is what a person wants to pay. The notification's other facts follow from it.
type Payment struct {
	Person   string
	Merchant int64
	Amount   money.Fen
	Count    int    // so many of the same
	Type     string // NATIVE; empty: JSAPI
	Once     string // the key of the form: the same key pays once
}

// Paid is a payment that was made.
type Paid struct {
	TransactionID string
	OutTradeNo    string
	Merchant      int64
	SPMchID       int64
	Amount        money.Fen
	At            time.Time
	TradeType     string
	AppID, OpenID string
	Person        string
	EventID       string
	Refused       string // why its notification was not accepted so far; empty: it was
}

func (p Payment) check() error {
	var wrong fault.Form
	if p.Amount < 1 || p.Amount > PaymentMax {
		wrong.Add(fault.New("sandbox.amount").On("amount"))
	}
	if p.Count < 1 || p.Count > PaymentsMax {
		wrong.Add(fault.New("sandbox.count").On("count").With("Max", PaymentsMax))
	}
	if !slices.Contains(tradeTypes, p.Type) {
		wrong.Add(fault.New("sandbox.trade_type").On("trade_type"))
	}
	return wrong.Err()
}

// errPaidBefore says that the form's key paid already.
var errPaidBefore = errors.New("paid before")

var tradeTypes = []string{"JSAPI", "NATIVE", "APP", "MICROPAY", "MWEB", "FACEPAY"}

// Pay lets a person pay a merchant, and returns when the provider was told: each payment says whether its
// notification was accepted. One that was not is told again, as the channel does.
func (w *WeChat) Pay(ctx context.Context, p Payment) ([]Paid, error) {
	if w.cfg.Channel == nil {
		return nil, errors.New("sandbox: no channel to pay through")
	}
	if p.Type == "" {
		p.Type = "JSAPI"
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	phone, err := w.Phone(ctx, p.Person)
	if err != nil {
		return nil, fault.New("sandbox.no_person").On("person")
	}
	m, err := merchant.Get(ctx, w.store.db.PG(), p.Merchant)
	if err != nil || m.Kind == merchant.ServiceProvider {
		return nil, fault.New("sandbox.no_payee").On("mchid")
	}
	f, err := w.Fault(ctx, operationTrade)
	if err != nil {
		return nil, err
	}
	made, err := w.make(ctx, p, phone, m, f)
	if errors.Is(err, errPaidBefore) {
		return w.paidBefore(ctx, p)
	}
	if err != nil || f.Delay+f.Late > 0 {
		return made, err
	}
	return w.tell(ctx, made)
}

// paidBefore is what the same form paid already. Other values under its key are refused.
func (w *WeChat) paidBefore(ctx context.Context, p Payment) ([]Paid, error) {
	before, err := w.store.payments(ctx, paidByKey, p.Person, p.Once)
	if err == nil && (len(before) != 1 || before[0].Merchant != p.Merchant || before[0].Amount != p.Amount) {
		return nil, fault.New("sandbox.paid_other")
	}
	return before, err
}

// PaidBy lists what a person paid lately, newest first.
func (w *WeChat) PaidBy(ctx context.Context, person string, limit int) ([]Paid, error) {
	return w.store.payments(ctx, paidByPerson, person, limit)
}

// PaidAs is the payment of a number, if the person made it; else fault.ErrNotFound.
func (w *WeChat) PaidAs(ctx context.Context, person, transactionID string) (Paid, error) {
	found, err := w.store.payments(ctx, paidByNumber, transactionID)
	if err == nil && (len(found) == 0 || found[0].Person != person) {
		return Paid{}, fault.ErrNotFound
	}
	if err != nil {
		return Paid{}, err
	}
	return found[0], nil
}

// make writes the payments and what is to be told of them. Whoever pays tells it at once; the job is the
// try after that, in case that nobody comes to it. A late notification has the job alone.
func (w *WeChat) make(ctx context.Context, p Payment, phone Phone, m merchant.Merchant, f Fault) (made []Paid, err error) {
	now := w.cfg.Business.Now()
	err = w.store.db.InTx(ctx, func(tx db.Tx) error {
		numbers, err := w.store.numbers(ctx, tx, p.Count)
		if err != nil {
			return err
		}
		events, entries := make([]event, p.Count), make([]Entry, p.Count)
		for i, n := range numbers {
			paid := newPaid(p, phone, m, n, now)
			made = append(made, paid)
			if events[i], err = paid.notice(f); err != nil {
				return err
			}
			events[i].Batch = made[0].EventID
			entries[i] = Entry{operationTrade, paid.OutTradeNo, strconv.FormatInt(m.ID, 10), int64(p.Amount), "SUCCESS", 1}
		}
		if err := w.store.addPayments(ctx, tx, made, p.Once); err != nil {
			return err
		}
		if err := w.store.addEvents(ctx, tx, events); err != nil {
			return err
		}
		if err := w.store.enter(ctx, tx, entries, now); err != nil {
			return err
		}
		if late := f.Delay + f.Late; late > 0 {
			return enqueueSending(ctx, tx, sending{Batch: made[0].EventID}, now.Add(late))
		}
		return enqueueSending(ctx, tx, sending{Batch: made[0].EventID, Tries: 1}, now.Add(retries[0]))
	})
	return made, err
}

func newPaid(p Payment, phone Phone, m merchant.Merchant, n int64, now time.Time) Paid {
	day := now.In(clock.Beijing).Format("20060102")
	return Paid{TransactionID: fmt.Sprintf("4200009%05d%s%08d", n/100_000_000%100_000, day, n%100_000_000), OutTradeNo: fmt.Sprintf("S%s%010d", day, n),
		Merchant: m.ID, SPMchID: m.Parent, Amount: p.Amount, At: now, TradeType: p.Type, AppID: m.AppID, OpenID: phone.OpenID, Person: phone.ID, EventID: eventID(now, n)}
}

// tell sends the notifications now.
func (w *WeChat) tell(ctx context.Context, made []Paid) ([]Paid, error) {
	failed, err := w.try(ctx, sending{Batch: made[0].EventID})
	for i := range made {
		if why := failed[made[i].EventID]; why != nil {
			made[i].Refused = why.Error()
		}
	}
	return made, err
}

// event is what the channel tells of a payment.
func (p Paid) notice(f Fault) (event, error) {
	text, err := json.Marshal(p.transaction())
	return event{ID: p.EventID, Kind: operationTrade, EventType: "TRANSACTION.SUCCESS", Resource: text,
		Probe: f.SignTest, Again: f.Duplicate, CreatedAt: p.At}, err
}

// transaction is a payment as the channel tells it: to merchants of their own, and to providers.
func (p Paid) transaction() wire.Transaction {
	t := wire.Transaction{OutTradeNo: p.OutTradeNo, TransactionID: p.TransactionID, TradeType: p.TradeType, TradeState: "SUCCESS",
		TradeStateDesc: "支付成功", BankType: "OTHERS", SuccessTime: p.At.In(clock.Beijing).Format(time.RFC3339),
		Amount: wire.TransactionAmount{Total: int64(p.Amount), PayerTotal: int64(p.Amount), Currency: "CNY", PayerCurrency: "CNY"}}
	if p.SPMchID == 0 {
		t.AppID, t.MchID, t.Payer.OpenID = p.AppID, strconv.FormatInt(p.Merchant, 10), p.OpenID
		return t
	}
	t.SPAppID, t.SPMchID = p.AppID, strconv.FormatInt(p.SPMchID, 10)
	t.SubMchID, t.Payer.SPOpenID = strconv.FormatInt(p.Merchant, 10), p.OpenID
	return t
}

// Payees are the merchants that take payments: service providers leave that to their sub-merchants.
func (w *WeChat) Payees(ctx context.Context) ([]merchant.Merchant, error) {
	all, err := merchant.All(ctx, w.store.db.PG())
	return slices.DeleteFunc(all, func(m merchant.Merchant) bool { return m.Kind == merchant.ServiceProvider }), err
}

// Payee is one merchant.
func (w *WeChat) Payee(ctx context.Context, id int64) (merchant.Merchant, error) {
	return merchant.Get(ctx, w.store.db.PG(), id)
}
