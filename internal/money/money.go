// Package money holds amounts as whole fen and rates as ten-thousandths.
// It decides how amounts are read, written and rounded; there is no float in it,
// and every sum that could leave int64 is refused instead of wrapped.
package money

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Fen is an amount of Chinese money in fen, 1/100 yuan.
type Fen int64

// Max is the largest amount the product accepts anywhere: a trillion yuan, so that Max × 10,000 fits int64.
const Max Fen = 100_000_000_000_000

// What an amount's text can be refused for.
var (
	ErrFormat = errors.New("money: not an amount in yuan with at most two decimals")
	ErrRange  = errors.New("money: amount out of range")
)

// Parse reads yuan such as "1,234.56", "0.5" or "-3". Commas may only group whole thousands.
func Parse(text string) (Fen, error) {
	s, negative := strings.CutPrefix(text, "-")
	whole, decimals, dotted := strings.Cut(s, ".")
	if dotted && (len(decimals) == 0 || len(decimals) > 2) {
		return 0, ErrFormat
	}
	whole, ok := ungroup(whole)
	if !ok || !digits(whole) || (dotted && !digits(decimals)) {
		return 0, ErrFormat
	}
	if len(whole) > 16 {
		return 0, ErrRange
	}
	n, err := strconv.ParseInt(whole+(decimals + "00")[:2], 10, 64)
	if err != nil || Fen(n) > Max {
		return 0, ErrRange
	}
	if negative {
		n = -n
	}
	return Fen(n), nil
}

// ungroup takes thousands commas out, refusing misplaced ones ("1,23").
func ungroup(whole string) (string, bool) {
	if !strings.Contains(whole, ",") {
		return whole, true
	}
	groups := strings.Split(whole, ",")
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return "", false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0
}

// Add sums two amounts and refuses what leaves the range.
func (f Fen) Add(g Fen) (Fen, error) {
	sum := f + g
	if (g > 0 && sum < f) || (g < 0 && sum > f) || sum > Max || sum < -Max {
		return 0, ErrRange
	}
	return sum, nil
}

// String writes yuan for people: "1,234.56".
func (f Fen) String() string {
	var room [40]byte
	plain := f.appendPlain(room[:0])
	whole := len(plain) - len(".00")
	sign := 0
	if plain[0] == '-' {
		sign = 1
	}
	if whole-sign <= 3 {
		return string(plain)
	}
	var text [40]byte
	out := append(text[:0], plain[:sign]...)
	for i := sign; i < whole; i++ {
		if i > sign && (whole-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, plain[i])
	}
	return string(append(out, plain[whole:]...))
}

// Plain writes yuan for machines and bills: "1234.56".
func (f Fen) Plain() string {
	var room [40]byte
	return string(f.appendPlain(room[:0]))
}

func (f Fen) appendPlain(b []byte) []byte {
	n := uint64(f)
	if f < 0 {
		n = uint64(-(f + 1)) + 1
		b = append(b, '-')
	}
	b = strconv.AppendUint(b, n/100, 10)
	return append(b, '.', byte('0'+n%100/10), byte('0'+n%10))
}

// MulDiv is f × num ÷ den rounded half away from zero; den must be positive.
func (f Fen) MulDiv(num, den int64) (Fen, error) {
	if den <= 0 || num < 0 || (f != 0 && num > 0 && math.MaxInt64/num < max(int64(f), -int64(f))) {
		return 0, ErrRange
	}
	product := int64(f) * num
	quotient, rest := product/den, product%den
	switch {
	case rest*2 >= den:
		quotient++
	case rest*2 <= -den:
		quotient--
	}
	return Fen(quotient), nil
}
