package confirm

import (
	"strings"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

func TestTheAskerConfirmsAndTheActRunsOnce(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	if c.State != Waiting || c.Words.Title != "写下 早" || c.Number < 10 || c.ExpiresAt.Sub(morning) != 5*time.Minute {
		t.Fatalf("%+v", c)
	}
	sheet, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.must(err)
	if sheet.Words.Title != c.Words.Title || len(sheet.Numbers) != 3 || sheet.Login != w.maker.seat.Name || sheet.Address != "10.0.0.1" {
		t.Fatalf("the phone shows %+v", sheet)
	}
	w.ended(c, w.maker, Scanned, nil)
	sheet = w.confirms(c, w.maker)
	if sheet.State != Done || len(sheet.Lines) != 1 || w.runs("早") != 1 {
		t.Fatalf("%+v, ran %d times", sheet, w.runs("早"))
	}
	w.ended(c, w.maker, Done, nil)
	if now := w.shown(c, w.maker); now.Link != "/trades" || now.Back != "/form" {
		t.Errorf("%+v", now)
	}
	if w.audited(c, "confirm.ask", "done", "") != 1 || w.audited(c, noting, "done", "") != 1 {
		t.Error("the log does not tell who asked and what ran")
	}
	if w.count("audit_rows", "confirmation = $1 AND session = $2 AND address = '10.0.0.1'", c.ID, w.maker.desk.Session.String()) != 2 {
		t.Error("the log does not tell from which session")
	}
}

// spoiled is something that happens between the asking and the phone's yes.
type spoiled struct {
	name  string
	spoil func(w *world, c Confirmation)
	state State
	why   error
}

func TestWhatHappensInBetweenRefusesTheAct(t *testing.T) {
	t.Parallel()
	for _, s := range []spoiled{
		{"parameters changed", func(w *world, c Confirmation) {
			w.exec("UPDATE confirmations SET params = replace(params, '早', '晚') WHERE id = $1", c.ID)
		}, Failed, ErrChanged},
		{"words changed", func(w *world, c Confirmation) {
			w.exec("UPDATE confirmations SET words = replace(words, '早', '晚') WHERE id = $1", c.ID)
		}, Failed, ErrChanged},
		{"another act put in its place", func(w *world, c Confirmation) {
			w.exec("UPDATE confirmations SET action = $2 WHERE id = $1", c.ID, paying)
		}, Failed, ErrChanged},
		{"the act is no more", func(w *world, _ Confirmation) { delete(w.actions.actions, noting) }, Failed, ErrChanged},
		{"what the words name changed", func(w *world, _ Confirmation) {
			w.exec("UPDATE merchants SET short_name = '新面馆' WHERE merchant_id = $1", w.shop)
		}, Failed, ErrChanged},
		{"the right was taken away", func(w *world, _ Confirmation) {
			w.exec("DELETE FROM account_roles WHERE merchant_id = $1 AND account_id = $2", w.shop, w.maker.id)
		}, Failed, ErrForbidden},
		{"the role is one that nobody knows", func(w *world, _ Confirmation) {
			w.exec("DELETE FROM account_roles WHERE merchant_id = $1 AND account_id = $2", w.shop, w.maker.id)
			w.exec("INSERT INTO account_roles (merchant_id, account_id, role) VALUES ($1, $2, 'emperor')", w.shop, w.maker.id)
		}, Failed, ErrForbidden},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := pinned(t)
			c := w.asks(w.maker, noting, note{Text: "早"})
			_, err := w.Scan(t.Context(), c.Token, w.maker.openid)
			w.must(err)
			s.spoil(w, c)
			sheet, err := w.Answer(t.Context(), c.Token, w.maker.openid, Answer{Decision: Confirm, Number: c.Number})
			w.must(err)
			if sheet.State != s.state {
				t.Errorf("the phone reads %s, %v", sheet.State, sheet.Reason)
			}
			w.ended(c, w.maker, s.state, s.why)
			if w.runs("早") != 0 || w.runs("晚") != 0 {
				t.Error("it ran")
			}
			if w.count("audit_rows", "confirmation = $1 AND outcome = 'refused' AND reason = $2", c.ID, refusalOf(s.why).Code) != 1 {
				t.Error("the log does not tell")
			}
		})
	}
}

func TestARowSpoiledBeforeTheScanIsNotShown(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	w.exec("UPDATE confirmations SET params = replace(params, '早', '晚') WHERE id = $1", c.ID)
	sheet, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.must(err)
	if sheet.State != Failed || len(sheet.Numbers) != 0 {
		t.Errorf("%+v", sheet)
	}
}

func TestWhoeverRewritesRowAndHashIsMetByTheHashThatThePhoneShowed(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	sheet, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.must(err)
	params, texts := `{"amount":0,"refuse":false,"text":"晚"}`, ""
	w.must(w.db.PG().QueryRow(t.Context(), "SELECT replace(words, '早', '晚') FROM confirmations WHERE id = $1", c.ID).Scan(&texts))
	w.exec("UPDATE confirmations SET params = $2, words = $3, hash = $4 WHERE id = $1", c.ID, params, texts, hashOf(noting, params, texts))
	_, err = w.Answer(t.Context(), c.Token, w.maker.openid, Answer{Decision: Confirm, Number: c.Number, Hash: sheet.Hash})
	w.must(err)
	w.ended(c, w.maker, Failed, ErrChanged)
	if w.runs("早")+w.runs("晚") != 0 {
		t.Error("it ran")
	}
}

func TestAnotherPersonsPhoneIsRefusedAndTheAskersStillMay(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	for _, other := range []string{w.boss.openid, w.checker.openid, "o-stranger", ""} {
		_, err := w.Scan(t.Context(), c.Token, other)
		w.refused(err, ErrOtherPerson)
		_, err = w.Answer(t.Context(), c.Token, other, Answer{Decision: Confirm, Number: c.Number})
		w.refused(err, ErrOtherPerson)
		_, err = w.Answer(t.Context(), c.Token, other, Answer{Decision: Refuse})
		w.refused(err, ErrOtherPerson)
	}
	if now := w.shown(c, w.maker); now.State != Waiting || !now.Contested {
		t.Errorf("%+v", now)
	}
	if w.count("audit_rows", "confirmation = $1 AND actor = 'wechat' AND reason = 'confirm.other_person'", c.ID) != 12 {
		t.Error("the tries are not in the log")
	}
	w.confirms(c, w.maker)
	if w.runs("早") != 1 {
		t.Error("the asker's own yes did not count")
	}
	_, err := w.Scan(t.Context(), c.Token, w.boss.openid)
	w.refused(err, ErrGone)
}

func TestACodeNobodyMadeOpensNothing(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	for _, token := range []string{"", "x", c.Token + "x", strings.ToLower(c.Token), c.ID.String()} {
		_, err := w.Scan(t.Context(), token, w.maker.openid)
		w.refused(err, ErrGone)
	}
}

func TestTheAnswersOfAPhone(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	scan := func() Confirmation {
		c := w.asks(w.maker, noting, note{Text: "早"})
		_, err := w.Scan(t.Context(), c.Token, w.maker.openid)
		w.must(err)
		return c
	}
	say := func(c Confirmation, a Answer) error {
		_, err := w.Answer(t.Context(), c.Token, w.maker.openid, a)
		return err
	}
	c := scan()
	w.refused(say(c, Answer{}), ErrDecide)
	w.refused(say(c, Answer{Decision: "maybe", Number: c.Number}), ErrDecide)
	w.refused(say(c, Answer{Decision: Confirm}), ErrChooseNumber)
	w.ended(c, w.maker, Scanned, nil)
	w.must(say(c, Answer{Decision: Confirm, Number: c.Number + 1}))
	w.ended(c, w.maker, Failed, ErrWrongNumber)
	w.refused(say(c, Answer{Decision: Confirm, Number: c.Number}), ErrEnded)

	c = scan()
	w.must(say(c, Answer{Decision: Refuse}))
	w.ended(c, w.maker, Refused, ErrSaidNo)
	w.refused(say(c, Answer{Decision: Confirm, Number: c.Number}), ErrEnded)
	if w.audited(c, "confirm.answer", "refused", "confirm.said_no") != 1 {
		t.Error("the no is not in the log")
	}

	c = scan()
	w.clock.Advance(5 * time.Minute)
	w.refused(say(c, Answer{Decision: Confirm, Number: c.Number}), ErrExpired)
	w.refused(say(c, Answer{Decision: Refuse}), ErrExpired)
	w.ended(c, w.maker, Lapsed, ErrLapsed)

	c = scan()
	w.must(say(c, Answer{Decision: Confirm, Number: c.Number}))
	w.refused(say(c, Answer{Decision: Confirm, Number: c.Number}), ErrEnded)
	w.refused(say(c, Answer{Decision: Refuse}), ErrEnded)
	if w.runs("早") != 1 {
		t.Errorf("it ran %d times", w.runs("早"))
	}
}

func TestAnAnswerWithoutAScanCountsForNothing(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	_, err := w.Answer(t.Context(), c.Token, w.maker.openid, Answer{Decision: Confirm, Number: c.Number})
	w.refused(err, ErrEnded)
	w.ended(c, w.maker, Waiting, nil)
}

func TestTheSuspendedConfirmNothing(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id = $2", w.shop, w.maker.id)
	_, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.refused(err, ErrSuspended)
	_, err = w.Ask(t.Context(), w.maker.scope(), w.maker.desk, w.request(w.maker, noting, note{Text: "x"}))
	w.refused(err, ErrSuspended)
}

func TestAWeChatThatIsNoLongerThePersonsConfirmsNothing(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	w.exec("UPDATE wechat_bindings SET openid = 'o-thief' WHERE merchant_id = $1 AND account_id = $2", w.shop, w.maker.id)
	_, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.refused(err, ErrOtherPerson)
	_, err = w.Scan(t.Context(), c.Token, "o-thief") // the verdict was about another WeChat
	w.refused(err, ErrSuspended)
}

func TestARefusalUndoesAllThatTheActDid(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早", Refuse: true})
	sheet := w.confirms(c, w.maker)
	if sheet.State != Failed || w.runs("早") != 0 {
		t.Errorf("%s, wrote %d times", sheet.State, w.runs("早"))
	}
	w.ended(c, w.maker, Failed, errTest)
	if w.audited(c, noting, "refused", errTest.Code) != 1 {
		t.Error("the refusal is not in the log")
	}
}

func TestADesktopSeesItsOwnConfirmationsAlone(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, noting, note{Text: "早"})
	other := db.NewID()
	_, err := w.Confirmation(t.Context(), w.maker.scope(), other, c.ID)
	w.refused(err, fault.ErrNotFound)
	_, err = w.Confirmation(t.Context(), w.boss.scope(), w.maker.desk.Session, c.ID)
	w.refused(err, fault.ErrNotFound)
	_, err = w.Confirmation(t.Context(), w.maker.scope(), w.maker.desk.Session, db.NewID())
	w.refused(err, fault.ErrNotFound)
	w.refused(w.Cancel(t.Context(), w.maker.scope(), other, c.ID), fault.ErrNotFound)
	w.must(w.Cancel(t.Context(), w.maker.scope(), w.maker.desk.Session, c.ID))
	w.ended(c, w.maker, Refused, ErrCancelled)
	w.refused(w.Cancel(t.Context(), w.maker.scope(), w.maker.desk.Session, c.ID), ErrEnded)
	_, err = w.Answer(t.Context(), c.Token, w.maker.openid, Answer{Decision: Confirm, Number: c.Number})
	w.refused(err, ErrEnded)
}

func TestWithoutTheRightNothingIsAsked(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	_, err := w.Ask(t.Context(), w.clerk.scope(), w.clerk.desk, w.request(w.clerk, noting, note{Text: "早"}))
	if r := refusalOf(err); r == nil || r.Code != ErrForbidden.Code {
		t.Errorf("got %v", err)
	}
	_, err = w.Ask(t.Context(), w.maker.scope(), w.maker.desk, w.request(w.maker, leading, note{Text: "早"}))
	w.refused(err, ErrSuperOnly)
	if w.count("audit_rows", "merchant_id = $1 AND action = 'confirm.ask' AND outcome = 'refused'", w.shop) != 2 {
		t.Error("denied access is not in the log")
	}
	if w.count("confirmations", "merchant_id = $1", w.shop) != 0 {
		t.Error("something was put down")
	}
}

func TestSomebodyWithoutAWeChatCannotAsk(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.exec("DELETE FROM wechat_bindings WHERE merchant_id = $1 AND account_id = $2", w.shop, w.maker.id)
	_, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, w.request(w.maker, noting, note{Text: "早"}))
	w.refused(err, ErrNotBound)
}

func TestOpenConfirmationsOfOneAccountAreBounded(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	for range openMax {
		w.asks(w.maker, noting, note{Text: "早"})
	}
	_, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, w.request(w.maker, noting, note{Text: "早"}))
	w.refused(err, ErrTooMany)
	w.asks(w.checker, noting, note{Text: "早"})
	w.clock.Advance(askLife)
	w.asks(w.maker, noting, note{Text: "早"})
}
