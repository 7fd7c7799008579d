package web

import (
	"context"
	"net/http"
	"time"

	"zhanggui/internal/money"
	"zhanggui/internal/sandbox"
)

// World is the simulated world that the demo mounts. Production has none.
type World struct {
	WeChat *sandbox.WeChat

	// Cast tells who works where, whose WeChat is whose, and what is needed to begin.
	Cast func(context.Context) (Credentials, error)
	// Advance moves business time forward, doing what falls due, and tells how much of each kind ran.
	Advance func(ctx context.Context, by time.Duration) (map[string]int, error)
	// TopUp lets the simulated bank send money to a merchant's account, and tells the bank's number of the
	// transfer once the portal has heard of it.
	TopUp func(ctx context.Context, mchid int64, account string, amount money.Fen) (transferNo string, err error)
	// Offset is how far business time stands ahead of the wall clock.
	Offset func() time.Duration
}

// simulation is the simulated WeChat as a server; nothing outside the demo.
func (d Deps) simulation() http.Handler {
	if d.World == nil || d.World.WeChat == nil {
		return http.NotFoundHandler()
	}
	return d.World.WeChat.Handler()
}

// simulated serves the simulated WeChat's own paths.
func (s *site) simulated(v *visit) error {
	s.wechat.ServeHTTP(v.Response(), v.Request())
	return nil
}
