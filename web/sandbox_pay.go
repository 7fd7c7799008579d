package web

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// paidLately is how many payments a phone shows.
const paidLately = 5

// payPage is where a phone pays.
func payPage(p sandbox.Phone) string { return phoneHome(p) + "pay" }

// showPay shows 收付款, with the merchant and the amount that a payment code names.
func (s *site) showPay(v *visit) error {
	phone, err := s.phoneOf(v)
	if err != nil {
		return err
	}
	return s.payForm(v, phone, http.StatusOK, v.query("mchid"), v.query("amount"), nil)
}

// pay pays, once a form, and shows how it ended.
func (s *site) pay(v *visit) error {
	phone, err := s.phoneOf(v)
	if err != nil {
		return err
	}
	p := sandbox.Payment{Person: phone.ID, Count: 1, Once: v.form(once)}
	err = readPayment(&p, v.form("mchid"), v.form("amount"))
	var made []sandbox.Paid
	if err == nil {
		made, err = s.World.WeChat.Pay(v.ctx(), p)
	}
	if fault.All(err) != nil {
		return s.payForm(v, phone, http.StatusUnprocessableEntity, v.form("mchid"), v.form("amount"), err)
	}
	if err != nil {
		return err
	}
	return v.seeOther(phoneHome(phone) + "pay/" + made[0].TransactionID)
}

// onceMax bounds the key of a form.
const onceMax = 64

func readPayment(p *sandbox.Payment, mchid, amount string) error {
	var wrong fault.Form
	var err error
	if p.Merchant, err = strconv.ParseInt(mchid, 10, 64); err != nil {
		wrong.Add(fault.New("sandbox.no_payee").On("mchid"))
	}
	if p.Amount, err = money.Parse(amount); err != nil {
		wrong.Add(fault.New("sandbox.pay_amount").On("amount"))
	}
	if p.Once == "" || len(p.Once) > onceMax {
		wrong.Add(fault.New("sandbox.pay_once"))
	}
	return wrong.Err()
}

func (s *site) payForm(v *visit, phone sandbox.Phone, status int, mchid, amount string, wrong error) error {
	payees, err := s.World.WeChat.Payees(v.ctx())
	if err != nil {
		return err
	}
	key, err := s.payKey()
	if err != nil {
		return err
	}
	if wrong != nil && v.form(once) != "" && !fault.Is(wrong, "sandbox.paid_other") {
		key = v.form(once)
	}
	m := views.PayForm{Action: payPage(phone), Once: ui.Pair{Name: once, Value: key},
		Payee:  ui.Field{Name: "mchid", Label: v.word("sandbox.pay_payee"), Hint: v.word("sandbox.pay_payee_hint"), Required: true},
		Amount: ui.Field{Name: "amount", Label: v.word("sandbox.pay_amount"), Value: amount, InputMode: "decimal", Required: true, MaxLength: 16, Focus: true}}
	names := map[int64]string{}
	for _, each := range payees {
		id := strconv.FormatInt(each.ID, 10)
		names[each.ID] = each.ShortName
		m.Payee.Options = append(m.Payee.Options, ui.Option{Value: id, Word: each.ShortName + "  " + id, Chosen: id == mchid})
	}
	m.Faults = v.faults(wrong, &m.Payee, &m.Amount)
	lately, err := s.World.WeChat.PaidBy(v.ctx(), phone.ID, paidLately)
	if err != nil {
		return err
	}
	for _, each := range lately {
		m.Lately = append(m.Lately, views.Payment{Payee: names[each.Merchant], Amount: each.Amount.String(),
			At: each.At.In(clock.Beijing).Format(chatTime), Href: phoneHome(phone) + "pay/" + each.TransactionID})
	}
	return v.show(status, views.SandboxPay(v.frame(phone.Name), s.window(v, phone, v.word("sandbox.pay"), ""), m))
}

const payKeyBytes = 18

func (s *site) payKey() (string, error) {
	raw := make([]byte, payKeyBytes)
	if _, err := io.ReadFull(s.Rand, raw); err != nil {
		return "", fmt.Errorf("one-time key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// showPaid shows how a payment ended, with its numbers.
func (s *site) showPaid(v *visit) error {
	phone, err := s.phoneOf(v)
	if err != nil {
		return err
	}
	no, err := v.path("no")
	if err != nil {
		return err
	}
	paid, err := s.World.WeChat.PaidAs(v.ctx(), phone.ID, no)
	if err != nil {
		return err
	}
	payee, err := s.World.WeChat.Payee(v.ctx(), paid.Merchant)
	if err != nil {
		return err
	}
	home := phoneHome(phone)
	m := views.PaySlip{Amount: paid.Amount.String(), Home: home, Again: home + "pay?mchid=" + strconv.FormatInt(paid.Merchant, 10), Facts: []ui.Fact{
		{Word: v.word("sandbox.paid_to"), Text: payee.ShortName},
		{Word: v.word("sandbox.paid_at"), Text: clock.Text(paid.At)},
		{Word: v.word("sandbox.paid_transaction"), Text: paid.TransactionID},
		{Word: v.word("sandbox.paid_order"), Text: paid.OutTradeNo},
	}}
	if paid.Refused != "" {
		m.Note = v.wordf("sandbox.paid_untold", words.Args{"Why": paid.Refused})
	}
	return v.show(http.StatusOK, views.SandboxPaid(v.frame(phone.Name), s.window(v, phone, v.word("sandbox.pay"), payPage(phone)), m))
}

// payCode is what a merchant's payment code says: its number alone, or a link with it.
var payCode = regexp.MustCompile(`^[1-9][0-9]{9}$`)

// payLink is the way to pay that a scanned text names; empty where it names none.
func payLink(phone sandbox.Phone, text string) string {
	if u, err := url.Parse(text); err == nil && u.Path == "/sandbox/pay" {
		text = u.Query().Get("mchid")
	}
	if !payCode.MatchString(text) {
		return ""
	}
	return phoneHome(phone) + "pay?mchid=" + text
}
