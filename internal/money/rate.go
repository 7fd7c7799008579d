package money

import (
	"strconv"
	"strings"
)

// Rate is a fee rate in ten-thousandths: 60 is 0.60 %.
type Rate int32

// RateMax is 100 %.
const RateMax Rate = 10_000

// ParseRate reads a bill's rate, such as "0.60%".
func ParseRate(text string) (Rate, error) {
	s, ok := strings.CutSuffix(text, "%")
	if !ok {
		return 0, ErrFormat
	}
	f, err := Parse(s) // hundredths of a percent are ten-thousandths
	if err != nil {
		return 0, err
	}
	if f < 0 || Rate(min(f, Fen(RateMax)+1)) > RateMax {
		return 0, ErrRange
	}
	return Rate(f), nil
}

// Of is the fee on an amount, rounded half up to fen.
func (r Rate) Of(f Fen) Fen {
	fee, err := f.MulDiv(int64(r), int64(RateMax))
	if err != nil { // amounts above Max never get this far
		panic(err)
	}
	return fee
}

// String writes the rate as bills do: "0.60%".
func (r Rate) String() string {
	return strconv.Itoa(int(r)/100) + "." + strconv.Itoa(int(r)%100/10) + strconv.Itoa(int(r)%10) + "%"
}
