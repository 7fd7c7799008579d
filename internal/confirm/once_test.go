package confirm

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

func TestAFormSentTwiceIsOneConfirmation(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	r := w.request(w.maker, noting, note{Text: "早"})
	first, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
	w.must(err)
	second, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
	w.must(err)
	if first.ID != second.ID || first.Token != second.Token || w.count("confirmations", "merchant_id = $1", w.shop) != 1 {
		t.Error("two confirmations of one form")
	}
	w.confirms(first, w.maker)
	third, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
	w.must(err)
	if third.ID != first.ID || third.State != Done {
		t.Errorf("sent again after its end: %+v", third)
	}
	r.Params = note{Text: "晚"}
	_, err = w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
	w.refused(err, ErrOnceChanged)
}

func TestAFormWithoutAKeyOfItsSessionIsRefused(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	others := w.request(w.boss, noting, note{Text: "早"})
	for _, key := range []string{"", "x", others.Once} {
		_, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, Request{Action: noting, Params: note{Text: "早"}, Once: key})
		w.refused(err, ErrOnce)
	}
	if w.count("confirmations", "merchant_id = $1", w.shop) != 0 {
		t.Error("something was put down")
	}
}

func TestManyClicksAtOnceAreOneConfirmation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	r := w.request(w.maker, noting, note{Text: "早"})
	atOnce(t, 16, func() error {
		_, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
		return err
	}, func(err error) bool { return err == nil })
	if n := w.count("confirmations", "merchant_id = $1", w.shop); n != 1 {
		t.Errorf("%d confirmations", n)
	}
}

func TestFiftyYesesAtOnceRunTheActOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	c := w.asks(w.maker, noting, note{Text: "早"})
	_, err := w.Scan(t.Context(), c.Token, w.maker.openid)
	w.must(err)
	yes := Answer{Decision: Confirm, Number: c.Number}
	done := atOnce(t, 50, func() error {
		_, err := w.Answer(t.Context(), c.Token, w.maker.openid, yes)
		return err
	}, func(err error) bool { return err == nil || fault.Is(err, ErrEnded.Code) })
	if done != 1 || w.runs("早") != 1 {
		t.Errorf("%d were told it ran, it ran %d times", done, w.runs("早"))
	}
}

// atOnce does one thing n times together, and counts how often it went well. Every other end must be fit.
func atOnce(t *testing.T, n int, do func() error, fit func(error) bool) (well int) {
	t.Helper()
	ended := make(chan error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			<-start
			ended <- do()
		})
	}
	close(start)
	all.Wait()
	close(ended)
	for err := range ended {
		if !fit(err) {
			t.Errorf("one of many: %v", err)
		}
		if err == nil {
			well++
		}
	}
	return well
}

func TestPrivateParametersAreSealedAndStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, sealing, note{Text: "6222021234567890123"})
	other := w.asks(w.maker, sealing, note{Text: "6222021234567890999"})
	if n := w.count("confirmations c", "c.merchant_id = $1 AND c::text LIKE '%6222021%'", w.shop); n != 0 {
		t.Error("the account's number stands in the database")
	}
	w.confirms(c, w.maker)
	if w.runs("6222021234567890123") != 1 {
		t.Error("it did not run with what was asked")
	}
	w.exec("UPDATE confirmations SET params = (SELECT params FROM confirmations WHERE id = $1) WHERE id = $2", c.ID, other.ID)
	w.exec("UPDATE confirmations SET hash = sha256(int8send(octet_length(action)) || convert_to(action, 'UTF8') ||"+
		" int8send(octet_length(params)) || convert_to(params, 'UTF8') || int8send(octet_length(words)) || convert_to(words, 'UTF8'))"+
		" WHERE id = $1", other.ID)
	if sheet := w.confirms(other, w.maker); sheet.State != Failed {
		t.Errorf("parameters moved from another row ran: %s", sheet.State)
	}
}

func TestASecretIsShownOnceToTheDesktopThatAsked(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	c := w.asks(w.maker, sealing, note{Text: "早"})
	_, err := w.Secret(t.Context(), w.maker.scope(), w.maker.desk.Session, c.ID)
	w.refused(err, fault.ErrNotFound)
	sheet := w.confirms(c, w.maker)
	for _, l := range sheet.Lines {
		if strings.Contains(l.Value, "sesame") {
			t.Error("the phone shows the secret")
		}
	}
	if !w.shown(c, w.maker).HasSecret || w.count("confirmations c", "c.id = $1 AND c::text LIKE '%sesame%'", c.ID) != 0 {
		t.Error("the secret does not wait, or waits in clear")
	}
	_, err = w.Secret(t.Context(), w.maker.scope(), w.checker.desk.Session, c.ID)
	w.refused(err, fault.ErrNotFound)
	_, err = w.Secret(t.Context(), w.boss.scope(), w.maker.desk.Session, c.ID)
	w.refused(err, fault.ErrNotFound)
	line, err := w.Secret(t.Context(), w.maker.scope(), w.maker.desk.Session, c.ID)
	w.must(err)
	if line.Value != "open-sesame" || w.shown(c, w.maker).HasSecret {
		t.Errorf("%+v", line)
	}
	_, err = w.Secret(t.Context(), w.maker.scope(), w.maker.desk.Session, c.ID)
	w.refused(err, fault.ErrNotFound)
}

func TestTheFormOpensAgainWithItsTextForItsAccountAlone(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	r := w.request(w.maker, noting, note{Text: "早"})
	r.Form = url.Values{"name": {"李思文"}, "role": {"finance", "service"}}
	c, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
	w.must(err)
	if w.count("confirmations c", "c.id = $1 AND c::text LIKE '%李思文%'", c.ID) != 0 {
		t.Error("what was typed stands in the database")
	}
	typed, err := w.Typed(t.Context(), w.maker.scope(), c.ID)
	w.must(err)
	if typed.Encode() != r.Form.Encode() {
		t.Errorf("%v", typed)
	}
	_, err = w.Typed(t.Context(), w.boss.scope(), c.ID)
	w.refused(err, fault.ErrNotFound)
}

func TestWhatIsOverIsSweptAway(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	r := w.request(w.maker, sealing, note{Text: "早"})
	r.Form = url.Values{"name": {"李思文"}}
	ran, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, r)
	w.must(err)
	w.confirms(ran, w.maker)
	cancelled := w.asks(w.maker, noting, note{Text: "早"})
	w.must(w.Cancel(t.Context(), w.maker.scope(), w.maker.desk.Session, cancelled.ID))
	w.must(w.Sweep(t.Context()))
	if !w.shown(ran, w.maker).HasSecret {
		t.Error("swept too early")
	}
	w.clock.Advance(formsKept + time.Second)
	w.must(w.Sweep(t.Context()))
	if w.count("confirmations", "merchant_id = $1 AND (form <> '' OR secret <> '')", w.shop) != 0 {
		t.Error("forms and secrets are kept")
	}
	w.clock.Advance(endedKept)
	w.must(w.Sweep(t.Context()))
	if w.count("confirmations", "merchant_id = $1 AND state <> 'done'", w.shop) != 0 || w.count("confirmations", "id = $1", ran.ID) != 1 {
		t.Error("what never ran is kept, or what ran is gone")
	}
}

func TestWhatIsShownIsWhatRuns(t *testing.T) {
	t.Parallel()
	for _, code := range acts().Codes() {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := pinned(t)
			a, _ := w.actions.Find(code)
			if a.TwoOperators {
				return // of operators: see their own test
			}
			var described, ran []string
			a.Describe = spy(a.Describe, &described)
			run := a.Run
			a.Run = func(ctx ctx, tx tx, s scope, p json.RawMessage) (Result, error) {
				ran = append(ran, string(p))
				return run(ctx, tx, s, p)
			}
			w.actions.actions[code] = a
			c := w.asks(w.boss, code, note{Text: "早", Amount: 12})
			w.confirms(c, w.boss)
			if len(ran) != 1 || len(described) != 2 || described[0] != ran[0] || described[1] != ran[0] {
				t.Errorf("described %q, ran %q", described, ran)
			}
		})
	}
}
