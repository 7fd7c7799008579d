package ui

import "unicode/utf8"

// shortAt is the length from which a number is shown by its ends.
const shortAt = 12

// Short gives the first and last four characters of a number; the tail is what differs.
func Short(full string) string {
	if head, tail := ends(full); head != full {
		return head + "…" + tail
	}
	return full
}

// ends are the first and last four characters, or all and nothing of what is short.
func ends(full string) (head, tail string) {
	if utf8.RuneCountInString(full) <= shortAt {
		return full, ""
	}
	first, last := 0, len(full)
	for range 4 {
		_, n := utf8.DecodeRuneInString(full[first:])
		first += n
		_, n = utf8.DecodeLastRuneInString(full[:last])
		last -= n
	}
	return full[:first], full[last:]
}
