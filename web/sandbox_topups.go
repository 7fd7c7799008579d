package web

import (
	"net/http"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// bankAsk is money that the simulated bank is to send.
type bankAsk struct {
	MchID   string `json:"mchid"`
	Account string `json:"account"`
	Amount  int64  `json:"amount"`
}

// sendTopUp lets money arrive from the simulated bank and answers once it is booked.
func (s *site) sendTopUp(v *visit) error {
	var ask bankAsk
	if err := v.readJSON(&ask); err != nil {
		return err
	}
	t, err := s.fromBank(v, ask)
	if err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, struct {
		No         string `json:"topup_no"`
		TransferNo string `json:"transfer_no"`
		Amount     int64  `json:"amount"`
		Account    string `json:"account"`
	}{t.No(), t.TransferNo, int64(t.Amount), string(t.Account)})
}

// fromBank sends the money and finds what became of it. What the portal refused is a refusal here, too.
func (s *site) fromBank(v *visit, ask bankAsk) (topup.TopUp, error) {
	id, err := strconv.ParseInt(ask.MchID, 10, 64)
	if err != nil || ask.Amount <= 0 || ask.Amount > int64(topup.AmountMax) || s.World.TopUp == nil {
		return topup.TopUp{}, topup.ErrMalformed
	}
	no, err := s.World.TopUp(v.ctx(), id, ask.Account, money.Fen(ask.Amount))
	if err != nil {
		return topup.TopUp{}, err
	}
	t, err := topup.OfTransfer(v.ctx(), s.DB.PG(), id, no)
	if fault.Is(err, fault.ErrNotFound.Code) {
		err = topup.ErrNotOpen
	}
	return t, err
}

// showBank is the simulated bank's counter.
func (s *site) showBank(v *visit) error {
	return s.bankPage(v, http.StatusOK, views.SandboxTopUps{}, v.query("mchid"), string(ledger.Basic), "100.00", nil)
}

// sendFromBank lets money arrive, as its form or a waiting top-up's button asks.
func (s *site) sendFromBank(v *visit) error {
	amount, err := money.Parse(v.form("amount"))
	if err != nil || amount <= 0 {
		err = fault.New("sandbox_topups.amount").On("amount")
	}
	var t topup.TopUp
	if err == nil {
		t, err = s.fromBank(v, bankAsk{MchID: v.form("mchid"), Account: v.form("account"), Amount: int64(amount)})
	}
	switch {
	case len(fault.All(err)) > 0:
		return s.bankPage(v, http.StatusUnprocessableEntity, views.SandboxTopUps{}, v.form("mchid"), v.form("account"), v.form("amount"), err)
	case err != nil:
		return err
	case v.form("back") != "":
		return v.seeOther(safeNext(v.form("back"), views.TopUpsPath))
	}
	m := views.SandboxTopUps{Done: v.wordf("sandbox_topups.done_text", words.Args{"No": t.No(), "TransferNo": t.TransferNo})}
	return s.bankPage(v, http.StatusOK, m, v.form("mchid"), v.form("account"), v.form("amount"), nil)
}

func (s *site) bankPage(v *visit, status int, m views.SandboxTopUps, mchid, account, amount string, wrong error) error {
	all, err := s.World.Cast(v.ctx())
	if err != nil {
		return err
	}
	m.MchID = ui.Field{Name: "mchid", Label: v.word("sandbox_topups.merchant"), Required: true}
	for _, each := range all.Merchants {
		m.MchID.Options = append(m.MchID.Options, ui.Option{Value: each.MchID, Word: each.Name + " " + each.MchID, Chosen: each.MchID == mchid})
	}
	m.Account = ui.Field{Name: "account", Label: v.word("topup_form.account"), Required: true}
	for _, a := range []ledger.Account{ledger.Basic, ledger.Operation, ledger.Available} {
		m.Account.Options = append(m.Account.Options, ui.Option{Value: string(a), Word: topup.AccountWord(v.ctx(), string(a)), Chosen: string(a) == account})
	}
	m.Amount = ui.Field{Name: "amount", Label: v.word("opening.amount_yuan"), Value: amount, InputMode: "decimal", Required: true}
	m.Faults = v.faults(wrong, &m.MchID, &m.Account, &m.Amount)
	return v.show(status, views.SandboxTopUpsPage(v.frame(v.word("sandbox_topups.title")), m))
}

// simulationAmount is sent where the announcement left the amount open.
const simulationAmount money.Fen = 100_00

// simulated are the hidden values of the button that lets a waiting top-up arrive.
func simulated(t topup.TopUp) []ui.Pair {
	amount := t.Amount
	if amount == 0 {
		amount = simulationAmount
	}
	return []ui.Pair{{Name: "mchid", Value: mchid(t.Merchant)}, {Name: "account", Value: string(t.Account)}, {Name: "amount", Value: amount.Plain()},
		{Name: "back", Value: views.TopUpHref(t)}}
}
