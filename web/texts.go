package web

import (
	"fmt"
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// twoDigits is a number as the desktop shows it.
func twoDigits(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%02d", n)
}

// clockText is a moment as pages write it.
func clockText(t time.Time) string { return clock.Text(t) }

// formMchID reads a merchant's number; what is none belongs to nobody.
func (v *visit) formMchID(name string) (int64, error) {
	mchid, err := strconv.ParseInt(v.form(name), 10, 64)
	if err != nil || mchid <= 0 {
		return 0, fault.ErrNotFound
	}
	return mchid, nil
}
