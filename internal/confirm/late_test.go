package confirm

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// An answer is in time or late by when it came, however long the act then takes.
func TestAnActThatOutlivesItsConfirmationIsDoneAndSaysSo(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	slow := w.actions.actions[noting]
	slow.Run = func(ctx context.Context, tx db.Tx, s access.Scope, p json.RawMessage) (Result, error) {
		w.clock.Advance(2 * time.Second) // it waited for a lock
		return writes(ctx, tx, s, p)
	}
	w.actions.actions[noting] = slow
	c := w.asks(w.maker, noting, note{Text: "早"})
	w.clock.Advance(5*time.Minute - time.Second)
	sheet, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.must(err)
	got, err := w.Answer(t.Context(), c.Token, w.maker.openid, Answer{Decision: Confirm, Number: c.Number, Hash: sheet.Hash})
	if err != nil || got.State != Done || w.runs("早") != 1 || w.audited(c, noting, "done", "") != 1 {
		t.Errorf("it is %s, %v; ran %d times, %d rows in the log", got.State, err, w.runs("早"), w.audited(c, noting, "done", ""))
	}
}

// An approval past its time whose maker has gone waits for its own end: it neither undoes nor repeats others' acts.
func TestALateApprovalDoesNotDisturbWhatRunsBesideIt(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.exec(`INSERT INTO approval_rules (merchant_id, action, from_fen, checkers, changed_by, changed_at) VALUES ($1, $2, NULL, ARRAY['finance'], $3, $4)`,
		w.shop, noting, w.boss.id, morning)
	w.confirms(w.asks(w.maker, noting, note{Text: "晚"}), w.maker) // waits for a second person
	w.clock.Advance(24*time.Hour + time.Second)
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id = $2", w.shop, w.maker.id)
	c := w.asks(w.boss, paying, note{Text: "付", Amount: 100})
	sheet, err := w.Scan(t.Context(), c.Token, w.boss.openid)
	w.must(err)
	yes := Answer{Decision: Confirm, Number: c.Number, Hash: sheet.Hash}
	if got, err := w.Answer(t.Context(), c.Token, w.boss.openid, yes); err != nil || got.State != Done {
		t.Errorf("it is %s, %v", got.State, err)
	}
	if _, err := w.Answer(t.Context(), c.Token, w.boss.openid, yes); err == nil || w.runs("付") != 1 {
		t.Errorf("a second yes: %v, ran %d times", err, w.runs("付"))
	}
}
