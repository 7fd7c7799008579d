package web

import (
	"net/http"

	"zhanggui/views"
)

// showPayouts is what the simulated bank was told to pay: the amount of a check payment is read here, as
// its receiver would in the bank's own app.
func (s *site) showPayouts(v *visit) error {
	all, err := s.World.WeChat.Payouts(v.ctx())
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, views.SandboxBankPage(v.frame(v.word("sandbox_bank.title")), all))
}
