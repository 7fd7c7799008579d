package web

import (
	"errors"

	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// reasonDenied is why the log says that a page was not shown. Words: catalogue id "fault." + code.
const reasonDenied = "access.denied"

// denied writes down who was kept out of what, and gives the refusal back. A log that cannot be written
// opens no door: the refusal stands either way.
func (v *visit) denied(refusal error) error {
	var missing fault.Forbidden
	if !errors.As(refusal, &missing) {
		return refusal
	}
	who := v.scope.Actor()
	e := audit.Entry{Merchant: v.scope.Merchant(), Actor: who.Name, Account: who.Account, Action: "access.denied",
		Object: v.Request().URL.Path, Outcome: audit.Refused, Reason: reasonDenied, From: v.from(), At: v.site.Clock.Now(),
		Details: map[string]any{"permission": missing.Permission, "method": v.Request().Method}}
	err := v.site.DB.InTx(v.ctx(), func(tx db.Tx) error { return audit.Write(v.ctx(), tx, e) })
	if err != nil {
		v.site.Log.WarnContext(v.ctx(), "a denied access was not written down", "request", requestNumberOf(v.Context), "error", err.Error())
	}
	return refusal
}
