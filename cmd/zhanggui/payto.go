package main

import (
	"errors"
	"strings"

	"zhanggui/internal/topup"
)

// demoPayTo is the account that the demo's merchants transfer to.
var demoPayTo = topup.PayTo{Name: "掌柜支付（演示）有限公司备付金", Bank: "演示银行深圳分行", Account: "7559 0000 0001 2345"}

// payTo reads the bank account that merchants transfer to. None is an answer: the page then says whom to ask.
func (s settings) payTo() (topup.PayTo, error) {
	if s.PayTo == "" {
		return topup.PayTo{}, nil
	}
	parts := strings.Split(s.PayTo, "|")
	if len(parts) == 3 {
		p := topup.PayTo{Name: strings.TrimSpace(parts[0]), Bank: strings.TrimSpace(parts[1]), Account: strings.TrimSpace(parts[2])}
		if p.Known() {
			return p, nil
		}
	}
	return topup.PayTo{}, errors.New("ZHANGGUI_TOPUP_ACCOUNT is not name|bank|number")
}
