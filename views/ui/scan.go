package ui

import (
	"fmt"
	"strings"
)

// ScanState is where a QR code stands.
type ScanState string

// The five states of a scan card.
const (
	ScanWaiting   ScanState = "waiting"
	ScanScanned   ScanState = "scanned"
	ScanConfirmed ScanState = "confirmed"
	ScanRefused   ScanState = "refused"
	ScanExpired   ScanState = "expired"
)

// Scan is a QR card. All its texts are the page's, because a sign-in, a binding and a payment say
// different things in the same state.
type Scan struct {
	ID     string // unique on the page; "scan" when empty
	Title  string
	Lead   string // who may scan
	Level1 bool   // Title is the page's h1

	State  ScanState
	QR     [][]bool // dark modules without quiet zone; the card adds it
	QRName string   // 登录二维码
	Number string   // two digits, or "" where the phone does not ask
	Ask    string   // 手机会问您电脑上显示的数字
	Left   int      // seconds until it lapses, shown while waiting and scanned

	Word string // the state in a word: 等待扫码, 已扫码, …
	Text string // one sentence, absent while waiting
	Next Act    // next step as a link or, with Redeem, the word of its button

	Events string // address of the state changes; each event is a whole ScanFace
	Redeem string // after confirming: the address that the card posts to, as a real navigation
	Hidden []Pair // sent with Redeem

	TicketURL string // demo only: what the QR holds, for scripts that act as a phone
}

func (s Scan) id() string {
	if s.ID == "" {
		return "scan"
	}
	return s.ID
}

func (s Scan) state() string {
	if s.State == "" {
		return string(ScanWaiting)
	}
	return string(s.State)
}

// shows tells whether the QR code is still of use.
func (s Scan) shows() bool { return s.state() == string(ScanWaiting) }

func (s Scan) icon() Glyph {
	switch s.State {
	case ScanScanned:
		return IconPhone
	case ScanConfirmed:
		return IconCheck
	case ScanRefused:
		return IconRefused
	default:
		return IconClock
	}
}

func (s Scan) colour() string {
	switch s.State {
	case ScanConfirmed:
		return "text-done"
	case ScanRefused:
		return "text-fail"
	default:
		return ""
	}
}

// quiet is the light border that a reader of QR codes needs, in modules.
const quiet = 4

// room is the most that the drawing may take on the card, in pixels.
const room = 232

// qrBox is the drawing's own measure, in modules.
func qrBox(modules [][]bool) string {
	n := len(modules) + 2*quiet
	return fmt.Sprintf("0 0 %d %d", n, n)
}

// qrPixels draws every module on whole pixels, so that a camera sees even edges.
func qrPixels(modules [][]bool) string {
	n := len(modules) + 2*quiet
	return fmt.Sprint(n * max(1, room/n))
}

// qrPath draws each run of dark modules as one box.
func qrPath(modules [][]bool) string {
	var b strings.Builder
	for y, row := range modules {
		for x := 0; x < len(row); x++ {
			run := 0
			for x+run < len(row) && row[x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	return b.String()
}

// clockText is the time left as the words that the countdown keeps up to date.
func clockText(words string, seconds int) string {
	return strings.NewReplacer("{m}", fmt.Sprint(seconds/60), "{s}", fmt.Sprint(seconds%60)).Replace(words)
}
