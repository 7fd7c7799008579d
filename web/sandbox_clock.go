package web

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// advanceMax is the longest step of the business clock: more than the twelve months anything waits.
const advanceMax = 400 * 24 * time.Hour

// showClock shows the business clock and the ways to move it.
func (s *site) showClock(v *visit) error {
	return v.show(http.StatusOK, views.SandboxClock(v.frame(v.word("sandbox.clock")), s.clockPage(v, "", nil)))
}

// moveClock moves it and shows what ran.
func (s *site) moveClock(v *visit) error {
	text := v.form("duration")
	by, err := duration(text)
	if err != nil {
		return v.show(http.StatusUnprocessableEntity,
			views.SandboxClock(v.frame(v.word("sandbox.clock")), s.clockPage(v, text, err)))
	}
	ran, wrong := s.World.Advance(v.ctx(), by)
	if wrong != nil {
		return wrong
	}
	m := s.clockPage(v, "", nil)
	m.Walked = true
	for _, kind := range slices.Sorted(maps.Keys(ran)) {
		m.Ran = append(m.Ran, ui.Fact{Word: kind, Text: v.wordf("sandbox.ran_times", words.Args{"Count": ran[kind]})})
	}
	return v.show(http.StatusOK, views.SandboxClock(v.frame(v.word("sandbox.clock")), m))
}

// duration reads 90m or 36h.
func duration(text string) (time.Duration, *fault.Refusal) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > advanceMax {
		return 0, fault.New("sandbox.duration").On("duration")
	}
	return d, nil
}

func (s *site) clockPage(v *visit, typed string, wrong *fault.Refusal) views.Clock {
	ahead := s.World.Offset()
	m := views.Clock{
		Facts: []ui.Fact{
			{Word: v.word("sandbox.clock_business"), Text: clock.Text(s.Clock.Now())},
			{Word: v.word("sandbox.clock_wall"), Text: clock.Text(clock.Wall())},
			{Word: v.word("sandbox.clock_offset"), Text: v.wordf("sandbox.offset_words", words.Args{
				"Days": int(ahead.Hours()) / 24, "Hours": int(ahead.Hours()) % 24,
				"Minutes": int(ahead.Minutes()) % 60, "Seconds": int(ahead.Seconds()) % 60})},
		},
		Custom: ui.Field{Name: "duration", Label: v.word("sandbox.advance_custom"), Hint: v.word("sandbox.advance_hint"),
			Value: typed, Required: true},
	}
	if wrong != nil {
		m.Custom.Error = sentence(v.ctx(), wrong)
		m.Faults = []ui.Fault{{ID: "duration", Text: m.Custom.Error}}
	}
	return m
}
