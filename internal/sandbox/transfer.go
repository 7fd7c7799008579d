package sandbox

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/money"
	"zhanggui/internal/wire"
)

// operationTransfer is a payment to a person.
const operationTransfer = "transfer"

// TransferKind is the job in which a payment that takes its time ends.
const TransferKind = "sandbox.transfer"

// Limits of a payment to a person, in fen.
const (
	transferMin = 30
	transferMax = 500_000
)

// Transferred is a payment to a person as WeChat has it.
type Transferred struct {
	Number      string
	PaymentNo   string
	Person      string
	OpenID      string
	Amount      int64
	AskedAt     time.Time
	EndedAt     *time.Time
	CheckName   string
	Name        string
	Description string
	Status      string
	Reason      string

	outcome    string
	contradict bool
	duplicate  bool
}

// The ways in which a payment stands.
const (
	transferGoing  = "PROCESSING"
	transferDone   = "SUCCESS"
	transferFailed = "FAILED"
)

const reasonTransfer = "收款账户暂时无法收款"

// mandatoryTransfer are the fields that a payment must bring.
var mandatoryTransfer = []string{"mch_appid", "mchid", "nonce_str", "partner_trade_no", "openid", "check_name", "amount", "desc", "spbill_create_ip"}

// serveTransfer pays a person. The same number again is the same payment.
func (w *WeChat) serveTransfer(ctx context.Context, ask wire.Fields) (wire.Fields, error) {
	amount, refused := w.readTransfer(ask)
	if refused != nil {
		return refused, nil
	}
	if refused, err := w.refusesPayee(ctx, ask); err != nil || refused != nil {
		return refused, err
	}
	t := Transferred{Number: ask["partner_trade_no"], OpenID: ask["openid"], Amount: amount, CheckName: ask["check_name"], Name: ask["re_user_name"],
		Description: ask["desc"]}
	silent, same, err := w.TakeTransfer(ctx, &t)
	switch {
	case err != nil:
		return nil, err
	case silent:
		return nil, nil
	case !same:
		return businessFailure("PARAM_ERROR", "商户单号已存在且参数不一致"), nil
	}
	return t.answer(), nil
}

// TakeTransfer takes a payment in, and tells in t what became of it. silent: the caller shall hear nothing; same
// is false for another payment of the same number.
func (w *WeChat) TakeTransfer(ctx context.Context, t *Transferred) (silent, same bool, err error) {
	t.Person = w.byOpenID[t.OpenID]
	err = w.store.db.InTx(ctx, func(tx db.Tx) (err error) {
		silent, same, err = w.takeTransfer(ctx, tx, t)
		return err
	})
	return silent, same, err
}

// readTransfer reads the amount of what is asked for, or says what is wrong with it.
func (w *WeChat) readTransfer(ask wire.Fields) (amount int64, refused wire.Fields) {
	for _, name := range mandatoryTransfer {
		if ask[name] == "" {
			return 0, businessFailure("PARAM_ERROR", name+"字段必填")
		}
	}
	amount, err := strconv.ParseInt(ask["amount"], 10, 64)
	switch {
	case ask["mchid"] != w.cfg.MchID || ask["mch_appid"] != w.cfg.AppID:
		return 0, businessFailure("NO_AUTH", "商户号与appid不匹配")
	case err != nil || len(ask["partner_trade_no"]) > 32 || len(ask["spbill_create_ip"]) > 32 || ask["check_name"] != "NO_CHECK" && ask["check_name"] != "FORCE_CHECK":
		return 0, businessFailure("PARAM_ERROR", "参数错误")
	case amount < transferMin || amount > transferMax:
		return 0, businessFailure("AMOUNT_LIMIT", "金额超限")
	}
	return amount, nil
}

// refusesPayee looks at who is to be paid: without a verified name nobody is.
func (w *WeChat) refusesPayee(ctx context.Context, ask wire.Fields) (wire.Fields, error) {
	if w.byOpenID[ask["openid"]] == "" {
		return businessFailure("OPENID_ERROR", "openid与商户appid不匹配"), nil
	}
	phone, err := w.phoneOf(ctx, ask["openid"])
	switch {
	case err != nil:
		return nil, err
	case !phone.Verified:
		return businessFailure("V2_ACCOUNT_SIMPLE_BAN", "非实名用户账号不可发放"), nil
	case ask["check_name"] == "FORCE_CHECK" && ask["re_user_name"] == "":
		return businessFailure("PARAM_ERROR", "re_user_name字段必填"), nil
	case ask["check_name"] == "FORCE_CHECK" && ask["re_user_name"] != phone.Name:
		return businessFailure("NAME_MISMATCH", "真实姓名不一致"), nil
	}
	return nil, nil
}

// takeTransfer takes a payment in and decides how it ends; silent: the caller shall hear nothing.
func (w *WeChat) takeTransfer(ctx context.Context, tx db.Tx, t *Transferred) (silent, same bool, err error) {
	known, found, err := w.store.transfer(ctx, tx.PG(), t.Number)
	if err != nil {
		return false, false, err
	}
	if found {
		same = known.OpenID == t.OpenID && known.Amount == t.Amount && known.CheckName == t.CheckName && known.Name == t.Name && known.Description == t.Description
		*t = known
		return false, same, nil
	}
	f, err := w.Fault(ctx, operationTransfer)
	if err != nil {
		return false, false, err
	}
	numbers, err := w.store.numbers(ctx, tx, 1)
	if err != nil {
		return false, false, err
	}
	t.AskedAt, t.Status, t.outcome, t.contradict, t.duplicate = w.cfg.Business.Now(), transferGoing, f.Outcome, f.Contradict, f.Duplicate
	t.PaymentNo = fmt.Sprintf("1000018%s%013d", t.AskedAt.In(clock.Beijing).Format("20060102"), numbers[0])
	if err := w.store.addTransfer(ctx, tx, *t); err != nil {
		return false, false, err
	}
	if f.Delay+f.Late > 0 {
		return f.TimeoutAfterEffect, true, job.Enqueue(ctx, tx, job.Job{Kind: TransferKind, Key: t.Number, Payload: transferStep{t.Number}, Due: t.AskedAt.Add(f.Delay + f.Late)})
	}
	return f.TimeoutAfterEffect, true, w.endTransfer(ctx, tx, t, f.Contradict || f.Duplicate || f.SignTest, f)
}

type transferStep struct {
	Number string `json:"number"`
}

// EndTransfer is the handler of TransferKind.
func (w *WeChat) EndTransfer(ctx context.Context, r job.Run) error {
	var s transferStep
	if err := r.Decode(&s); err != nil {
		return err
	}
	return w.store.db.InTx(ctx, func(tx db.Tx) error {
		t, found, err := w.store.transfer(ctx, tx.PG(), s.Number)
		if err == nil && found && t.Status == transferGoing {
			err = w.endTransfer(ctx, tx, &t, true, Fault{Duplicate: t.duplicate})
		}
		if err != nil {
			return err
		}
		return r.Finish(ctx, tx)
	})
}

// endTransfer moves the money, or not; what took its time, and what is to be told wrongly, is told.
func (w *WeChat) endTransfer(ctx context.Context, tx db.Tx, t *Transferred, tell bool, f Fault) error {
	now, effects := w.cfg.Business.Now(), 0
	t.EndedAt, t.Status, t.Reason = &now, transferFailed, reasonTransfer
	if t.outcome == OutcomeSuccess {
		t.Status, t.Reason, effects = transferDone, "", 1
	}
	if err := w.store.moveTransfer(ctx, tx, *t); err != nil {
		return err
	}
	if err := w.enter(ctx, tx, Entry{operationTransfer, t.Number, w.payerOf(t.Number), t.Amount, t.Status, effects}); err != nil {
		return err
	}
	if effects > 0 {
		if err := w.showTransfer(ctx, tx, *t); err != nil {
			return err
		}
	}
	if !tell {
		return nil
	}
	return w.tellTransfer(ctx, tx, *t, f)
}

// payerOf is the merchant whose payment it is, by its number, as is customary; else the caller.
func (w *WeChat) payerOf(number string) string {
	if len(number) > 10 {
		if _, err := strconv.ParseInt(number[:10], 10, 64); err == nil {
			return number[:10]
		}
	}
	return w.cfg.MchID
}

// templateTransfer is WeChat Pay's own notice to whoever was paid.
const templateTransfer = "wechat_pay_transfer"

// showTransfer lets the payee's phone show the money.
func (w *WeChat) showTransfer(ctx context.Context, tx db.Tx, t Transferred) error {
	payer := w.payerOf(t.Number)
	if m, err := strconv.ParseInt(payer, 10, 64); err == nil {
		if who, err := w.Payee(ctx, m); err == nil {
			payer = who.ShortName
		}
	}
	_, err := addMessage(ctx, tx, Message{OpenID: t.OpenID, Template: templateTransfer, SentAt: t.EndedAt.UTC(), Title: "零钱入账通知",
		Fields: map[string]string{"入账金额": money.Fen(t.Amount).String() + " 元", "付款方": payer, "付款说明": t.Description, "入账时间": clock.Text(*t.EndedAt)}}, "transfer:"+t.Number)
	return err
}

// tellTransfer notifies the provider; where the channel is to contradict itself, a second time with the opposite.
func (w *WeChat) tellTransfer(ctx context.Context, tx db.Tx, t Transferred, f Fault) error {
	say := func(status, reason string, f Fault) error {
		resource := map[string]any{"partner_trade_no": t.Number, "mchid": w.cfg.MchID, "status": status, "payment_no": t.PaymentNo,
			"payment_amount": t.Amount, "reason": reason}
		return w.notifyIn(ctx, tx, operationTransfer, "TRANSFER."+status, resource, f)
	}
	f.Delay, f.Late = 0, 0
	if err := say(t.Status, t.Reason, f); err != nil || !t.contradict {
		return err
	}
	if t.Status == transferFailed {
		return say(transferDone, "", Fault{Late: bankTakes})
	}
	return say(transferFailed, reasonTransfer, Fault{Late: bankTakes})
}

// answer is what the call that asked for the payment is told.
func (t Transferred) answer() wire.Fields {
	switch t.Status {
	case transferGoing:
		return businessFailure("PROCESSING", "请求已受理，请稍后使用原单号查询结果")
	case transferFailed:
		return businessFailure("SEND_FAILED", "付款错误，请使用原单号查询结果")
	}
	return wire.Fields{"result_code": "SUCCESS", "partner_trade_no": t.Number, "payment_no": t.PaymentNo, "payment_time": clock.Text(*t.EndedAt)}
}

// serveTransferInfo answers how a payment stands.
func (w *WeChat) serveTransferInfo(ctx context.Context, ask wire.Fields) (wire.Fields, error) {
	if ask["mch_id"] != w.cfg.MchID || ask["appid"] != w.cfg.AppID || ask["partner_trade_no"] == "" {
		return businessFailure("PARAM_ERROR", "参数错误"), nil
	}
	t, found, err := w.store.transfer(ctx, w.store.db.PG(), ask["partner_trade_no"])
	switch {
	case err != nil:
		return nil, err
	case !found:
		return businessFailure("NOT_FOUND", "指定单号数据不存在"), nil
	}
	answer := wire.Fields{"result_code": "SUCCESS", "partner_trade_no": t.Number, "appid": w.cfg.AppID, "mch_id": w.cfg.MchID, "detail_id": t.PaymentNo,
		"status": t.Status, "reason": t.Reason, "openid": t.OpenID, "transfer_name": t.Name, "payment_amount": strconv.FormatInt(t.Amount, 10),
		"transfer_time": clock.Text(t.AskedAt), "desc": t.Description}
	if t.EndedAt != nil {
		answer["payment_time"] = clock.Text(*t.EndedAt)
	}
	return answer, nil
}
