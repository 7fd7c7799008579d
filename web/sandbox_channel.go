package web

import (
	"net/http"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/sandbox"
)

// setChannelFaults lets the simulated channel misbehave.
func (s *site) setChannelFaults(v *visit) error {
	var ask sandbox.Faults
	if err := v.readJSON(&ask); err != nil {
		return err
	}
	if err := s.World.WeChat.SetFaults(v.ctx(), ask); err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, ask)
}

// tellChannelBook shows what the channel did by its own book.
func (s *site) tellChannelBook(v *visit) error {
	entries, err := s.World.WeChat.Book(v.ctx())
	if err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, map[string][]sandbox.Entry{"entries": append([]sandbox.Entry{}, entries...)})
}

// paidTrade is a payment as a script is told it.
type paidTrade struct {
	TransactionID string    `json:"transaction_id"`
	OutTradeNo    string    `json:"out_trade_no"`
	Amount        money.Fen `json:"amount"`
}

// makeTrades lets a person pay, so and so often, and answers when our books have taken every payment in.
func (s *site) makeTrades(v *visit) error {
	var ask struct {
		MchID  string    `json:"mchid"`
		Amount money.Fen `json:"amount"`
		Count  *int      `json:"count"`
		Person string    `json:"person"`
		Type   string    `json:"trade_type"`
	}
	if err := v.readJSON(&ask); err != nil {
		return err
	}
	if !s.Ready() {
		return fault.New("web.not_ready")
	}
	p := sandbox.Payment{Person: ask.Person, Amount: ask.Amount, Count: 1, Type: ask.Type}
	if ask.Count != nil {
		p.Count = *ask.Count
	}
	p.Merchant, _ = strconv.ParseInt(ask.MchID, 10, 64) // no number is no merchant
	made, err := s.World.WeChat.Pay(v.ctx(), p)
	if err != nil {
		return err
	}
	trades := make([]paidTrade, len(made))
	for i, each := range made {
		if each.Refused != "" {
			return fault.New("sandbox.not_told").With("No", each.TransactionID).With("Why", each.Refused)
		}
		trades[i] = paidTrade{each.TransactionID, each.OutTradeNo, each.Amount}
	}
	return v.showJSON(http.StatusOK, map[string][]paidTrade{"trades": trades})
}
