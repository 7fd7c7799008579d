package web

import (
	"net/http"
	"slices"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// tradeParams are the filter's, with the place in the list.
const tradeParams = "?no ?from ?to ?trade_state ?trade_type ?min ?max ?sub_mchid ?size ?cursor"

// trades is the list of orders. A filter that cannot be meant keeps its typed text and finds nothing.
func (s *site) trades(v *visit) error {
	m, f, p := v.tradeList()
	if len(m.Faults) > 0 {
		return s.refuseTrades(v, m)
	}
	var err error
	if m.Shown, err = trade.Show(v.ctx(), s.DB.PG(), v.scope, f, p, views.TradesView); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.TradesPage(v.tradesFrame(), m))
}

// refuseTrades shows the list's page without rows: what is wrong stands beside the fields.
func (s *site) refuseTrades(v *visit, m views.Trades) (err error) {
	if m.Views, err = trade.Views(v.ctx(), s.DB.PG(), v.scope, views.TradesView); err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, views.TradesPage(v.tradesFrame(), m))
}

// tradeList reads the filter of the address: as typed for the page, and as meant for the books.
func (v *visit) tradeList() (m views.Trades, f trade.Filter, p trade.Page) {
	today := clock.DayOf(v.site.Clock.Now())
	m = v.tradesModel(today)
	m.Query = views.TradeQueryOf(v.asked)
	f, badFilter := trade.ParseFilter(v.asked, today)
	p, badPage := trade.ParsePage(v.asked)
	m.Query.Size = p.Size
	m.Faults = views.InOrder(append(fault.All(badFilter), fault.All(badPage)...))
	return m, f, p
}

func (v *visit) tradesModel(today clock.Day) views.Trades {
	return views.Trades{Today: today, Provider: v.scope.Provider(), Import: v.scope.May(access.TradeImport),
		States: slices.Concat([]string{trade.PaidState}, bill.TradeStates, []string{trade.StubState}), Types: bill.TradeTypes}
}

func (v *visit) tradesFrame() layout.Page {
	return v.frame(v.word("trades.title"), v.tradeCrumbs(ui.Crumb{Word: v.word("menu.trades")})...)
}

// tradeCrumbs lead to a page of the trade centre.
func (v *visit) tradeCrumbs(last ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Word: v.word("menu.trade"), Href: "/trades"}, {Word: v.word("menu.trade.trades")}}, last...)
}

// trade is one order, found by any of its own numbers.
func (s *site) trade(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	d, err := trade.Get(v.ctx(), s.DB.PG(), v.scope, no)
	if err != nil {
		return err
	}
	m := views.Trade{Detail: d, Provider: v.scope.Provider(), Import: v.scope.May(access.TradeImport)}
	if m.Own = d.MerchantID == v.scope.Merchant() && v.scope.May(access.FundsRead); m.Own {
		if m.Flow, err = ledger.RowsOf(v.ctx(), s.DB.PG(), v.scope, d.Numbers()); err != nil {
			return err
		}
	}
	frame := v.frame(v.word("trade_page.title")+" "+d.OutTradeNo,
		v.tradeCrumbs(ui.Crumb{Word: v.word("menu.trades"), Href: "/trades"}, ui.Crumb{Word: views.ShownNumber(d.OutTradeNo)})...)
	return v.show(http.StatusOK, views.TradePage(frame, m))
}

// mchid writes a merchant's number.
func mchid(id int64) string { return strconv.FormatInt(id, 10) }
