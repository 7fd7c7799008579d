package ui

import "unicode/utf8"

// shortAt is the length from which a number is shown by its ends.
const shortAt = 12

// Short gives the first and last four characters of a number; the tail is what differs.
func Short(full string) string {
	if utf8.RuneCountInString(full) <= shortAt {
		return full
	}
	r := []rune(full)
	return string(r[:4]) + "…" + string(r[len(r)-4:])
}
