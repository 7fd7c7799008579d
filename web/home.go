package web

import (
	"net/http"

	"zhanggui/internal/access"
	"zhanggui/internal/home"
	"zhanggui/internal/trade"
	"zhanggui/views"
)

// home is the first page: what came in, what waits, what was told.
func (s *site) home(v *visit) error {
	now := s.Clock.Now()
	m := views.Home{Name: v.session.Merchant.ShortName, MchID: mchid(v.scope.Merchant()), AsOf: now,
		Import: v.scope.May(access.TradeImport), Unread: v.session.Unread}
	var err error
	if m.View, err = home.Read(v.ctx(), s.DB.PG(), v.scope, now); err != nil {
		return err
	}
	v.entry = m.Upgrade
	if v.scope.May(access.TradeRead) {
		t, err := trade.TakingsOf(v.ctx(), s.DB.PG(), v.scope, now, views.TakingDays)
		if err != nil {
			return err
		}
		m.Takings = &views.Takings{Takings: t}
	}
	return v.show(http.StatusOK, views.HomePage(v.frame(v.word("home.title")), m))
}
