package ui

// PhoneLine is one line of a PhoneSection.
type PhoneLine struct {
	Kind State // Done: may; Failed: may not; else plain
	Text string
}

func (l PhoneLine) class() string {
	switch l.Kind {
	case Done:
		return "yes"
	case Failed:
		return "not"
	default:
		return ""
	}
}

// Message is a message of an official account in the chat app.
type Message struct {
	At, Machine string // 上午 8:44 and its machine form
	Title       string
	Amount      string
	Unit        string
	Facts       []Fact
	Link        Act
}

func resultIcon(s State) Glyph {
	switch s {
	case Done:
		return IconCheck
	case Failed:
		return IconRefused
	case Needs:
		return IconWarn
	default:
		return IconClock
	}
}

func resultColour(s State) string {
	switch s {
	case Done:
		return "text-done"
	case Failed:
		return "text-fail"
	case Needs:
		return "text-need"
	default:
		return ""
	}
}
