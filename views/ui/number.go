package ui

import "unicode/utf8"

// shortAt is the length from which a number is shown by its ends.
const shortAt = 12

// Short gives the first and last four characters of a number; the tail is what differs.
func Short(full string) string {
	if utf8.RuneCountInString(full) <= shortAt {
		return full
	}
	head, tail := 0, len(full)
	for range 4 {
		_, n := utf8.DecodeRuneInString(full[head:])
		head += n
		_, n = utf8.DecodeLastRuneInString(full[:tail])
		tail -= n
	}
	return full[:head] + "…" + full[tail:]
}
