package confirm

import (
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// fallen is something that takes the ground from under a waiting approval.
type fallen struct {
	name  string
	spoil func(w *world)
	why   error
}

var falls = []fallen{
	{"the maker is suspended", func(w *world) {
		w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id = $2", w.shop, w.maker.id)
	}, ErrMakerGone},
	{"the maker lost the right", func(w *world) {
		w.exec("DELETE FROM account_roles WHERE merchant_id = $1 AND account_id = $2", w.shop, w.maker.id)
	}, ErrMakerGone},
	{"the rule is gone", func(w *world) {
		w.exec("DELETE FROM approval_rules WHERE merchant_id = $1", w.shop)
	}, ErrRuleGone},
}

func TestWithoutItsGroundAnApprovalIsUndoneWhenItIsAnswered(t *testing.T) {
	t.Parallel()
	for _, f := range falls {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := pinned(t)
			w.rules(noting, 0, access.Finance)
			c := w.waits(w.maker, noting, note{Text: "早"})
			f.spoil(w)
			_, err := w.AnswerOnPhone(t.Context(), c.ID, w.checker.openid, Confirm, "")
			w.must(err)
			w.ended(c, w.maker, Undone, f.why)
			if w.runs("早") != 0 || w.audited(c, "approval.undo", "done", "") != 1 {
				t.Error("it ran, or the log does not tell")
			}
		})
	}
}

func TestWithoutItsGroundAnApprovalIsUndoneByTheNextAct(t *testing.T) {
	t.Parallel()
	for _, f := range falls {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := pinned(t)
			w.rules(noting, 0, access.Finance)
			c := w.waits(w.maker, noting, note{Text: "早"})
			f.spoil(w)
			w.confirms(w.asks(w.boss, leading, note{Text: "午"}), w.boss)
			w.ended(c, w.maker, Undone, f.why)
		})
	}
}

func TestEndingARuleUndoesWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	w.rules(paying, 100, access.Finance)
	c, other := w.waits(w.maker, noting, note{Text: "早"}), w.waits(w.maker, paying, note{Text: "晚", Amount: 100})
	w.confirms(w.asks(w.boss, RulesAction, RuleChange{Action: noting, Remove: true}), w.boss)
	w.ended(c, w.maker, Undone, ErrRuleGone)
	w.ended(other, w.maker, Approving, nil)
	w.refusedAnswer(c, w.checker, ErrEnded)
}

func TestAnApprovalLapsesAfterADay(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	w.lapse(c, ":approval") // too early: nothing
	w.ended(c, w.maker, Approving, nil)
	w.clock.Advance(24 * time.Hour)
	w.ended(c, w.maker, Lapsed, ErrLapsed)
	sheet, err := w.AnswerOnPhone(t.Context(), c.ID, w.checker.openid, Confirm, "")
	if err == nil && sheet.State != Failed {
		t.Errorf("a late answer: %s", sheet.State)
	}
	w.lapse(c, ":approval")
	if w.count("confirmations", "id = $1 AND state = 'lapsed'", c.ID) != 1 || w.audited(c, "approval.lapse", "done", "") != 1 {
		t.Error("the job did not end it")
	}
	if w.count("inbox_messages", "account_id = $1 AND kind = 'approval_answered'", w.maker.id) != 1 {
		t.Error("the maker was not told")
	}
	w.lapse(c, ":approval")
	if w.runs("早") != 0 {
		t.Error("it ran")
	}
}

// lapse does the job that was put down for the confirmation.
func (w *world) lapse(c Confirmation, step string) {
	w.t.Helper()
	var run job.Run
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT merchant_id, kind, key, payload FROM jobs WHERE kind = $1 AND key = $2",
		LapseKind, c.ID.String()+step).Scan(&run.Merchant, &run.Kind, &run.Key, &run.Payload))
	w.must(w.Lapse(w.t.Context(), run))
}

func TestAConfirmationNobodyAnsweredLapses(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	w.clock.Advance(askLife)
	w.lapse(c, "")
	if w.count("confirmations", "id = $1 AND state = 'lapsed'", c.ID) != 1 || w.audited(c, "confirm.lapse", "done", "") != 1 {
		t.Error("the job did not end it")
	}
}

func TestTheSecretOfAnApprovedActIsItsMakersFromAnyDesktop(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(sealing, 0, access.Finance)
	c := w.waits(w.maker, sealing, note{Text: "早"})
	_, err := w.ApprovedSecret(t.Context(), w.maker.scope(), c.ID)
	w.refused(err, fault.ErrNotFound)
	w.told(c, w.checker, Done, nil)
	for _, other := range []member{w.checker, w.boss} {
		_, err := w.ApprovedSecret(t.Context(), other.scope(), c.ID)
		w.refused(err, fault.ErrNotFound)
		if row, err := w.Approval(t.Context(), other.scope(), c.ID); err != nil || row.HasSecret {
			t.Errorf("%v, %v", row.HasSecret, err)
		}
	}
	line, err := w.ApprovedSecret(t.Context(), w.maker.scope(), c.ID)
	w.must(err)
	if line.Value != "open-sesame" {
		t.Errorf("%+v", line)
	}
	_, err = w.ApprovedSecret(t.Context(), w.maker.scope(), c.ID)
	w.refused(err, fault.ErrNotFound)

	alone := w.asks(w.boss, leading, note{Text: "午"}) // no second person, no second way
	w.confirms(alone, w.boss)
	_, err = w.ApprovedSecret(t.Context(), w.boss.scope(), alone.ID)
	w.refused(err, fault.ErrNotFound)
}
