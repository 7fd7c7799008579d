package vault

import "strings"

// MaskName keeps the surname: 张*, 张*丰, 欧**华.
func MaskName(name string) string {
	r := []rune(name)
	switch len(r) {
	case 0:
		return ""
	case 1:
		return "*"
	case 2:
		return string(r[:1]) + "*"
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1:])
}

// MaskID keeps a paper's first four and last four characters, of short ones the last two.
func MaskID(id string) string { return mask(id, 4, 4) }

// MaskPhone keeps 138****1234.
func MaskPhone(phone string) string { return mask(phone, 3, 4) }

// MaskCard keeps a bank account's last four digits.
func MaskCard(card string) string { return mask(card, 0, 4) }

func mask(s string, head, tail int) string {
	r := []rune(s)
	if len(r) < head+tail+3 {
		head, tail = 0, min(2, len(r)/2)
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}
