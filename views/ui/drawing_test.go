package ui

import (
	"fmt"
	"strings"
	"testing"
)

func TestANumberIsShortenedToItsEnds(t *testing.T) {
	t.Parallel()
	for full, want := range map[string]string{"4200051733202611225508214693": "4200…4693", "123456789012": "123456789012",
		"1234567890123": "1234…0123", "": ""} {
		if got := Short(full); got != want {
			t.Errorf("%q became %q, want %q", full, got, want)
		}
	}
}

func TestTheDrawingOfACodeHoldsItsDarkModulesAndNoOthers(t *testing.T) {
	t.Parallel()
	code := [][]bool{{true, true, false, true}, {false, false, false, false}, {true, false, true, true}, {true, true, true, true}}
	drawn := map[[2]int]bool{}
	for _, run := range strings.Split(strings.TrimPrefix(qrPath(code), "M"), "M") {
		var x, y, wide, back int
		if _, err := fmt.Sscanf(run, "%d %dh%dv1h-%dz", &x, &y, &wide, &back); err != nil || wide != back {
			t.Fatalf("a run is written %q: %v", run, err)
		}
		for i := range wide {
			drawn[[2]int{x + i - quiet, y - quiet}] = true
		}
	}
	for y, row := range code {
		for x, dark := range row {
			if drawn[[2]int{x, y}] != dark {
				t.Errorf("module %d,%d is drawn %v", x, y, !dark)
			}
		}
	}
	if got := qrBox(code); got != "0 0 12 12" {
		t.Errorf("the box without its quiet border: %s", got)
	}
}

func TestAnAxisHoldsEveryBarWithinFewLines(t *testing.T) {
	t.Parallel()
	for most, want := range map[int64]string{0: "[0]", 1: "[0 1]", 7: "[0 2 4 6 8]", 100: "[0 25 50 75 100]", 101: "[0 50 100 150]",
		1142629: "[0 500000 1000000 1500000]", 9_000_000_000_000: "[0 2500000000000 5000000000000 7500000000000 10000000000000]"} {
		c := Chart{Bars: []Bar{{Value: most}, {Value: -5}}, Axis: func(v int64) string { return fmt.Sprint(v) }}
		var said []string
		for _, l := range c.lines() {
			said = append(said, l.text)
		}
		if got := fmt.Sprint(said); got != want {
			t.Errorf("up to %d the lines are %s, want %s", most, got, want)
		}
	}
}

func TestACountdownIsSaidInMinutesAndSeconds(t *testing.T) {
	t.Parallel()
	if got := clockText("{m} 分 {s} 秒", 102); got != "1 分 42 秒" {
		t.Errorf("got %s", got)
	}
}

func TestEveryIconIsDrawn(t *testing.T) {
	t.Parallel()
	for name, drawing := range drawings {
		if !strings.HasPrefix(drawing, "<") {
			t.Errorf("%s has no drawing", name)
		}
	}
	for _, state := range []ScanState{"", ScanWaiting, ScanScanned, ScanConfirmed, ScanRefused, ScanExpired} {
		if drawings[(Scan{State: state}).icon()] == "" {
			t.Errorf("the scan card has no icon while %q", state)
		}
	}
}
