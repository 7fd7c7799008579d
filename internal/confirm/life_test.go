package confirm

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

var allStates = []State{Waiting, Scanned, Approving, Done, Refused, Failed, Lapsed, Undone}

var allActs = []act{scans, runs, asks, refuses, fails, lapses, undoes}

func TestAConfirmationTakesOnlyTheStepsOfItsTable(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`waiting-scans-scanned waiting-refuses-refused waiting-lapses-lapsed
		scanned-runs-done scanned-asks-approving scanned-refuses-refused scanned-fails-failed scanned-lapses-lapsed
		approving-runs-done approving-refuses-refused approving-fails-failed approving-lapses-lapsed approving-undoes-undone`)
	var got []string
	for _, from := range allStates {
		for _, a := range allActs {
			c := confirmation{State: from, ExpiresAt: morning.Add(time.Minute)}
			now := morning
			if a == lapses {
				now = c.ExpiresAt
			}
			err := c.move(a, now)
			if err == nil {
				got = append(got, string(from)+"-"+string(a)+"-"+string(c.State))
			} else if c.State != from || !errors.Is(err, ErrEnded) {
				t.Errorf("%s %s: %v, now %s", from, a, err, c.State)
			}
			if (c.EndedAt != nil) != (err == nil && c.State.Final()) {
				t.Errorf("%s %s: ended at %v", from, a, c.EndedAt)
			}
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("steps:\n got %v\nwant %v", got, want)
	}
}

func TestTimeEndsWhatIsOpenAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, from := range allStates {
		for _, a := range allActs {
			c := confirmation{State: from, ExpiresAt: morning}
			err := c.move(a, morning)
			switch {
			case from.Final() && !errors.Is(err, ErrEnded):
				t.Errorf("late %s %s: %v", from, a, err)
			case !from.Final() && a != lapses && !errors.Is(err, ErrExpired):
				t.Errorf("late %s %s: %v", from, a, err)
			case !from.Final() && a == lapses && err != nil:
				t.Errorf("%s did not lapse: %v", from, err)
			}
		}
		c := confirmation{State: from, ExpiresAt: morning}
		if shown := c.shown(morning); from.Final() && shown != from || !from.Final() && shown != Lapsed {
			t.Errorf("%s past its time is shown as %s", from, shown)
		}
	}
	early := confirmation{State: Waiting, ExpiresAt: morning.Add(time.Second)}
	if err := early.move(lapses, morning); err == nil {
		t.Error("it lapsed before its time")
	}
}

func TestParametersHaveOneWayOfBeingWritten(t *testing.T) {
	t.Parallel()
	one, err := canonical(map[string]any{"b": 2, "a": []int64{9007199254740993}, "c": "<&>"})
	if err != nil || string(one) != `{"a":[9007199254740993],"b":2,"c":"<&>"}` {
		t.Errorf("%s, %v", one, err)
	}
	type form struct {
		C string  `json:"c"`
		B int     `json:"b"`
		A []int64 `json:"a"`
	}
	if two, err := canonical(form{"<&>", 2, []int64{9007199254740993}}); err != nil || string(two) != string(one) {
		t.Errorf("%s, %v", two, err)
	}
	if _, err := canonical(strings.Repeat("x", paramsMax)); err == nil {
		t.Error("parameters without end were taken")
	}
}

func TestTheHashTellsItsPartsApart(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, parts := range [][]string{{"a", "b", "c"}, {"ab", "", "c"}, {"a", "bc", ""}, {"", "ab", "c"}, {"a", "b", "C"}, {"a", "b"}} {
		h := string(hashOf(parts...))
		if other, twice := seen[h]; twice {
			t.Errorf("%q and %q have one hash", parts, other)
		}
		seen[h] = parts
	}
}

func TestTheNumbersAreThreeAndTheShownOneIsAmongThem(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	places := map[int]int{}
	for range 300 {
		shown, choices, err := drawNumbers(w.rand)
		w.must(err)
		if len(choices) != choiceCount || choices[0] >= choices[1] || choices[1] >= choices[2] || choices[0] < 10 || choices[2] > 99 {
			t.Fatalf("%v", choices)
		}
		for i, c := range choices {
			if int(c) == shown {
				places[i]++
			}
		}
	}
	for i := range choiceCount {
		if places[i] < 50 {
			t.Errorf("the shown number stands at %v", places)
		}
	}
}

func TestAOneTimeKeyIsOfItsSessionAlone(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	mine, other := uuid.New(), uuid.New()
	key, err := w.Once(mine)
	w.must(err)
	if !w.onceOf(mine, key) || w.onceOf(other, key) {
		t.Error("a key opens the other session's form")
	}
	for _, bad := range []string{"", "x", key + "A", key[1:], strings.ToUpper(key), strings.Repeat("A", len(key))} {
		if w.onceOf(mine, bad) {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAnActThatIsNotWholeDoesNotStart(t *testing.T) {
	t.Parallel()
	whole, _ := acts().Find(noting)
	for what, spoil := range map[string]func(*Action){
		"no code":                    func(a *Action) { a.Code = "" },
		"no words":                   func(a *Action) { a.Describe = nil },
		"no effect":                  func(a *Action) { a.Run = nil },
		"no right":                   func(a *Action) { a.Needs = "" },
		"a right and none":           func(a *Action) { a.Own = true },
		"two kinds of second person": func(a *Action) { a.TwoOperators = true },
	} {
		a := whole
		spoil(&a)
		if !panics(func() { NewRegistry().Add(a) }) {
			t.Errorf("an action with %s was registered", what)
		}
	}
	if !panics(func() { acts().Add(whole) }) {
		t.Error("an action stands twice")
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}
