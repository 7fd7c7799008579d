package ui

// Note is a notice: the fact strong, then numbers, what did not happen, what is next.
type Note struct {
	Kind   State // Needs amber, Failed red, Done green, Waiting plain (温馨提示)
	Strong string
	Text   string
	Acts   []Act
	Alert  bool // read out at once: something just happened
}

// look gives a notice its colour and its icon together, so that neither stands alone.
func (n Note) look() (class string, icon Glyph) {
	switch n.Kind {
	case Failed:
		return "banner banner-fail", IconWarn
	case Done:
		return "banner banner-done", IconCheck
	case Needs:
		return "banner", IconWarn
	default:
		return "banner banner-plain", IconInfo
	}
}

func (n Note) class() string { class, _ := n.look(); return class }

func (n Note) icon() Glyph { _, icon := n.look(); return icon }

func small(a Act) Act {
	a.Small = true
	return a
}

// Meter is how far long work has come. Text says it in words; Total 0 means nobody knows yet.
type Meter struct {
	Word        string
	Text        string
	Done, Total int64
	Failed      bool
}
