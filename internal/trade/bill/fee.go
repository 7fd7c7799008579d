package bill

import (
	"strconv"
	"strings"

	"zhanggui/internal/money"
)

// Fee is a fee as bills write it, in millionths of a yuan. Books know whole fen: Round.
type Fee int64

const (
	perFen      Fee = 10_000
	perYuan     Fee = 1_000_000
	feeDecimals     = 6
	feeMax          = 1_000_000 * perYuan // × RowsMax fits int64
	feeSumMax       = feeMax * RowsMax
)

// ParseFee reads a row's fee: "0.07000", "-0.34" or "0"; at most six decimals.
func ParseFee(text string) (Fee, error) { return parseFee(text, feeMax) }

func parseFee(text string, limit Fee) (Fee, error) {
	s, negative := strings.CutPrefix(text, "-")
	whole, decimals, dotted := strings.Cut(s, ".")
	if len(whole) == 0 || (dotted && len(decimals) == 0) {
		return 0, money.ErrFormat
	}
	decimals = strings.TrimRight(decimals, "0")
	if len(whole) > 12 || len(decimals) > feeDecimals {
		return 0, money.ErrRange
	}
	var n Fee
	for i := range len(whole) {
		if whole[i] < '0' || whole[i] > '9' {
			return 0, money.ErrFormat
		}
		n = n*10 + Fee(whole[i]-'0')
	}
	n *= perYuan
	unit := perYuan
	for i := range len(decimals) {
		if decimals[i] < '0' || decimals[i] > '9' {
			return 0, money.ErrFormat
		}
		unit /= 10
		n += Fee(decimals[i]-'0') * unit
	}
	if n > limit {
		return 0, money.ErrRange
	}
	if negative {
		n = -n
	}
	return n, nil
}

// FeeOf is a fee of whole fen.
func FeeOf(f money.Fen) Fee { return Fee(f) * perFen }

// Round is the fee as it is booked: to fen, half away from zero.
func (f Fee) Round() money.Fen {
	q, r := f/perFen, f%perFen
	switch {
	case r*2 >= perFen:
		q++
	case r*2 <= -perFen:
		q--
	}
	return money.Fen(q)
}

// Finer tells whether rounding changes the fee.
func (f Fee) Finer() bool { return f%perFen != 0 }

// String writes the fee as bills do, with five decimals; the sixth only where there is one.
func (f Fee) String() string {
	sign, n := "", f
	if f < 0 {
		sign, n = "-", -f
	}
	decimals := strconv.FormatInt(int64(perYuan+n%perYuan), 10)[1:]
	if decimals[5] == '0' {
		decimals = decimals[:5]
	}
	return sign + strconv.FormatInt(int64(n/perYuan), 10) + "." + decimals
}
