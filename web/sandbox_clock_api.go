package web

import (
	"net/http"
	"time"

	"zhanggui/internal/clock"
)

// tellClock gives business time and its offset.
func (s *site) tellClock(v *visit) error {
	return v.showJSON(http.StatusOK, struct {
		Now    string  `json:"now"`
		Offset float64 `json:"offset_seconds"`
	}{s.Clock.Now().In(clock.Beijing).Format(time.RFC3339Nano), s.World.Offset().Seconds()})
}

// advanceClock moves business time and answers when all that fell due is done.
func (s *site) advanceClock(v *visit) error {
	var ask struct {
		Duration string `json:"duration"`
	}
	if err := v.readJSON(&ask); err != nil {
		return err
	}
	by, wrong := duration(ask.Duration)
	if wrong != nil {
		return wrong
	}
	_ = http.NewResponseController(v.Response()).SetWriteDeadline(time.Time{}) // a long walk takes its time
	ran, err := s.World.Advance(v.ctx(), by)
	if err != nil {
		return err
	}
	if ran == nil {
		ran = map[string]int{}
	}
	return v.showJSON(http.StatusOK, struct {
		Now string         `json:"now"`
		Ran map[string]int `json:"ran"`
	}{s.Clock.Now().In(clock.Beijing).Format(time.RFC3339Nano), ran})
}
