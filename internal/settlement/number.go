package settlement

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
)

// Numbers that the bank knows. A batch is a merchant's of one working day; a payment is a line's, once a
// try; a check payment belongs to a change of card.

func compact(d clock.Day) string { return strings.ReplaceAll(d.String(), "-", "") }

func batchNo(m int64, today clock.Day) string { return fmt.Sprintf("B%d%s", m, compact(today)) }

func paymentNo(m int64, day clock.Day, try int) string {
	return fmt.Sprintf("S%d%s%02d", m, compact(day), try)
}

func checkNo(m int64, request uuid.UUID) string {
	return fmt.Sprintf("K%d%s", m, strings.ReplaceAll(request.String(), "-", "")[16:])
}

// memo is what the bank statement says of a line.
func memo(day clock.Day) string { return "货款结算 " + day.String() }

const memoCheck = "结算银行卡验证"
