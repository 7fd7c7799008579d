package settlement

import (
	"fmt"
	"strings"

	"zhanggui/internal/clock"
)

// Numbers that the bank knows. A batch is a merchant's of one working day; a payment is a line's, once a
// try.

func compact(d clock.Day) string { return strings.ReplaceAll(d.String(), "-", "") }

func batchNo(m int64, today clock.Day) string { return fmt.Sprintf("B%d%s", m, compact(today)) }

func paymentNo(m int64, day clock.Day, try int) string {
	return fmt.Sprintf("S%d%s%02d", m, compact(day), try)
}

// memo is what the bank statement says of a line.
func memo(day clock.Day) string { return "货款结算 " + day.String() }
