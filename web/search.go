package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/operations"
	"zhanggui/internal/topup"
	"zhanggui/internal/trade"
	"zhanggui/internal/transfer"
	"zhanggui/internal/withdrawal"
	"zhanggui/views"
)

// searchLimit bounds what is looked for; no number is longer.
const searchLimit = 64

// search finds what a number belongs to. One thing opens at once; several, or none, are a page.
func (s *site) search(v *visit) error {
	m := views.Search{Text: strings.TrimSpace(v.query("q")), Orders: v.scope.May(access.TradeRead)}
	frame := v.frame(v.word("search.title"))
	frame.Query = m.Text
	if len(m.Text) > searchLimit {
		m.Faults = []*fault.Refusal{fault.New("search.long").On("q")}
		return v.show(http.StatusUnprocessableEntity, views.SearchPage(frame, m))
	}
	for _, called := range []func(*visit, string) (string, error){s.moveCalled, s.withdrawalCalled, s.flowCalled} {
		to, err := called(v, m.Text)
		if err != nil {
			return err
		}
		if to != "" {
			return v.seeOther(to)
		}
	}
	if err := s.lookFor(v, &m); err != nil {
		return err
	}
	if to := onlyHit(m); to != "" {
		return v.seeOther(to)
	}
	return v.show(http.StatusOK, views.SearchPage(frame, m))
}

// withdrawalCalled is the page of the withdrawal of a number; empty where there is none. Only theirs look so.
func (s *site) withdrawalCalled(v *visit, text string) (string, error) {
	if !withdrawal.Numbered(text) || !v.scope.May(access.FundsRead) {
		return "", nil
	}
	w, err := withdrawal.Get(v.ctx(), s.DB.PG(), v.scope, text)
	if errors.Is(err, fault.ErrNotFound) {
		return "", nil
	}
	return views.WithdrawalHref(w.Withdrawal), err
}

// flowCalled is the page of the transfer that a flow number or a 记账号 leads to.
func (s *site) flowCalled(v *visit, text string) (string, error) {
	if !ledger.IsFlowNo(v.scope.Merchant(), text) || !v.scope.May(access.FundsRead) {
		return "", nil
	}
	_, err := ledger.FindTransfer(v.ctx(), s.DB.PG(), v.scope, text)
	if errors.Is(err, fault.ErrNotFound) {
		return "", nil
	}
	return views.TransferHref(text), err
}

func (s *site) lookFor(v *visit, m *views.Search) (err error) {
	if m.Text == "" {
		return nil
	}
	if m.Orders {
		if m.Trades, err = trade.Find(v.ctx(), s.DB.PG(), v.scope, m.Text); err != nil {
			return err
		}
	}
	if len(m.Text) == mchidLength {
		m.Merchants, err = s.merchantsCalled(v, m.Text)
		return err
	}
	var reads db.Reads
	topup.Look(&reads, v.scope, m.Text, s.Clock.Now(), trade.FindMax, &m.TopUps)
	transfer.Look(&reads, v.scope, m.Text, &m.Payments)
	return reads.From(v.ctx(), s.DB.PG())
}

// moveCalled is the address of the move that has the number; a number that cannot be one is not looked up.
func (s *site) moveCalled(v *visit, text string) (string, error) {
	if !operations.IsNumber(v.scope.Merchant(), text) || !v.scope.May(access.FundsRead) {
		return "", nil
	}
	m, err := operations.Get(v.ctx(), s.DB.PG(), v.scope, text)
	if errors.Is(err, fault.ErrNotFound) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	return views.MoveHref(m.No()), nil
}

// mchidLength is how long the number of a merchant is; the bank's own numbers are longer.
const mchidLength = 10

// merchantsCalled finds the merchant of a number: the reader's own, or one of its sub-merchants.
func (s *site) merchantsCalled(v *visit, text string) ([]views.NamedMchID, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, nil
	}
	if id == v.scope.Merchant() {
		return []views.NamedMchID{{ID: text, Name: v.session.Merchant.ShortName, Href: "/"}}, nil
	}
	if !v.scope.Provider() || !v.scope.May(access.TradeRead) {
		return nil, nil
	}
	m, err := merchant.Get(v.ctx(), s.DB.PG(), id)
	if errors.Is(err, fault.ErrNotFound) || err == nil && m.Parent != v.scope.Merchant() {
		return nil, nil
	}
	return []views.NamedMchID{{ID: text, Name: m.ShortName, Href: views.TradeQuery{Sub: text}.Href("/trades", "")}}, err
}

// onlyHit is the address of the one thing that was found.
func onlyHit(m views.Search) string {
	to := map[string]bool{}
	for _, h := range m.Trades {
		if h.Number == m.Text || h.OwnNumber == m.Text || len(m.Trades) == 1 {
			to[views.HitHref(h)] = true
		}
	}
	for _, one := range m.Merchants {
		to[one.Href] = true
	}
	for _, one := range m.TopUps {
		to[views.TopUpHref(one)] = true
	}
	for _, one := range m.Payments {
		to[views.EnterprisePaymentHref(one)] = true
	}
	if len(to) != 1 || len(m.Trades) > 1 && len(m.Merchants)+len(m.TopUps)+len(m.Payments) > 0 {
		return ""
	}
	for href := range to {
		return href
	}
	return ""
}
