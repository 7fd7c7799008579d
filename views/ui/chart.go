package ui

import (
	"fmt"
	"math"
	"unicode/utf8"
)

// Chart is a bar chart of whole numbers. Text and Axis write a value for people.
type Chart struct {
	ID    string
	Title string // of the picture: 近 30 天每日收款金额
	Words string // the figures a reader needs without the picture
	Bars  []Bar
	Axis  func(int64) string
	Heads [2]string // of the table behind the toggle: 日期, 金额(元)
	Every int       // a label under every n-th bar, counted from the last
}

// Bar is one value. Part marks a value that is not complete yet, as today's. Href leads from the value in
// the table to what makes it; empty: nowhere.
type Bar struct {
	Label string
	Value int64
	Text  string
	Part  bool
	Href  string
}

// The plot in pixels: bars stand on the base line, the topmost line lies chartSpan above it, labels go below.
const (
	chartBase  = 156
	chartSpan  = 140
	chartLines = 4
	barShare   = 0.66
)

type chartBar struct {
	Bar
	x, width, y, height string
}

type chartLabel struct {
	x, anchor, text string
	second          bool
}

type chartLine struct {
	y, textY, text string
}

func (c Chart) most() (most int64) {
	for _, b := range c.Bars {
		most = max(most, b.Value)
	}
	return most
}

// step is the distance of the lines: the smallest of 1, 2, 2.5, 5 × 10ⁿ that needs at most chartLines of them.
func (c Chart) step() int64 {
	most := c.most()
	for unit := int64(1); unit <= math.MaxInt64/1000; unit *= 10 {
		for _, tenths := range []int64{10, 20, 25, 50} {
			if s := unit * tenths / 10; chartLines*s >= most {
				return s
			}
		}
	}
	return most
}

// top is the value of the topmost line; nothing at all has only the base line.
func (c Chart) top() int64 {
	step := c.step()
	return (c.most() + step - 1) / step * step
}

func (c Chart) lines() (lines []chartLine) {
	step, top := c.step(), c.top()
	for v := int64(0); v <= top; v += step {
		y := chartBase - int(v*chartSpan/max(1, top))
		lines = append(lines, chartLine{fmt.Sprint(y), fmt.Sprint(y + 4), c.Axis(v)})
	}
	return lines
}

// axisWidth is what the longest word at a line takes, at about 7 pixels a character.
func (c Chart) axisWidth() string {
	most := 0
	for _, l := range c.lines() {
		most = max(most, utf8.RuneCountInString(l.text))
	}
	return fmt.Sprint(max(24, most*7+4))
}

func (c Chart) drawn() []chartBar {
	full := float64(max(1, c.top()))
	slot := 100 / float64(max(1, len(c.Bars)))
	bars := make([]chartBar, len(c.Bars))
	for i, b := range c.Bars {
		height := float64(max(0, b.Value)) / full * chartSpan
		bars[i] = chartBar{b,
			fmt.Sprintf("%.2f%%", slot*(float64(i)+(1-barShare)/2)), fmt.Sprintf("%.2f%%", slot*barShare),
			fmt.Sprintf("%.1f", chartBase-height), fmt.Sprintf("%.1f", height)}
	}
	return bars
}

func (c Chart) labels() (labels []chartLabel) {
	every := max(1, c.Every)
	slot := 100 / float64(max(1, len(c.Bars)))
	for i := len(c.Bars) - 1; i >= 0; i -= every {
		label := chartLabel{fmt.Sprintf("%.2f%%", slot*(float64(i)+0.5)), "middle", c.Bars[i].Label, (len(c.Bars)-1-i)/every%2 == 1}
		if i == len(c.Bars)-1 {
			label.x, label.anchor = "99.5%", "end"
		}
		labels = append(labels, label)
	}
	return labels
}

func barClass(part bool) string {
	if part {
		return "b2"
	}
	return "b"
}
