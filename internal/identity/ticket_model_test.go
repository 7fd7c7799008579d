package identity

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

// depth is how long the paths are.
const depth = 8

// deed is what somebody may try with one sign-in ticket: a phone (0..2), a browser (0..1), or time.
type deed struct {
	what string
	who  int
}

func (d deed) String() string { return fmt.Sprintf("%s %d", d.what, d.who) }

// deeds are all that three phones, two browsers and time can do.
func deeds() []deed {
	all := []deed{{"wait", 0}}
	for phone := range 3 {
		for _, what := range []string{"scan", "right", "wrong", "blank", "refuse"} {
			all = append(all, deed{what, phone})
		}
	}
	return append(all, deed{"enter", 0}, deed{"enter", 1})
}

var phones = []string{"o-phone-0", "o-phone-1", "o-phone-2"}

var modelAnswers = map[string]Answer{
	"right": {Decision: Confirm, Number: 58}, "wrong": {Decision: Confirm, Number: 31},
	"blank": {Decision: Confirm}, "refuse": {Decision: Refuse},
}

// model is the pure ticket with what was done to it so far.
type model struct {
	ticket ticket
	now    time.Time
}

func newModel() model {
	browser := Browser{Secret: "browser-0"}
	return model{now: morning, ticket: ticket{Purpose: SignIn, State: Waiting, Number: 58, Choices: []byte{31, 58, 84},
		BrowserHash: hashed(browser.Secret), MadeAt: morning, ExpiresAt: morning.Add(ticketLife)}}
}

// does applies a deed as the verbs do; entered says that it would give a session.
func (m *model) does(d deed) (entered bool, refusal error) {
	t := m.ticket
	switch d.what {
	case "wait":
		m.now = m.now.Add(121 * time.Second)
		return false, nil
	case "enter":
		if !t.shownBy(Browser{Secret: fmt.Sprintf("browser-%d", d.who)}) {
			return false, fault.ErrNotFound
		}
		refusal = t.move(redeems, m.now)
		entered = refusal == nil
	case "scan":
		refusal = t.scan(phones[d.who], m.now)
	default:
		seats := []seat{{MerchantID: 1, OpenID: phones[d.who], AccountID: uuid.UUID{byte(d.who + 1)}}}
		refusal = t.answer(phones[d.who], modelAnswers[d.what], seats, m.now)
	}
	if refusal == nil {
		m.ticket = t
	}
	return entered, refusal
}

// judge knows nothing of states: it remembers what was done, and says which way in is honest. The
// phone that came first and was neither refused nor wrong says yes, then the ticket's own browser
// comes, within two minutes of the showing, for the first time.
type judge struct {
	late, over, confirmed, entered bool
	first                          int // phone+1
}

// allows updates the judge and tells whether this deed may give a session.
func (j *judge) allows(d deed) bool {
	if d.what == "wait" {
		j.late = true
		return false
	}
	if j.late || j.over || j.entered {
		return false
	}
	if d.what == "enter" {
		ok := j.confirmed && d.who == 0
		j.entered = j.entered || ok
		return ok
	}
	if d.what == "scan" && j.first == 0 {
		j.first = d.who + 1
	}
	if j.first == d.who+1 && !j.confirmed {
		j.confirmed = d.what == "right"
		j.over = d.what == "wrong" || d.what == "refuse"
	}
	return false
}

// TestOnlyTheHonestWayGivesASession walks every interleaving of 2 browsers, 3 phones and time to depth
// 8. Paths that stand at the same place have the same future, so each place is walked on from once
// and counted as often as paths lead there.
func TestOnlyTheHonestWayGivesASession(t *testing.T) {
	t.Parallel()
	type place struct {
		state            State
		openid, reason   string
		contested, later bool
		judge            judge
	}
	type stand struct {
		m model
		j judge
	}
	at := map[place]int{{state: Waiting}: 1}
	stands := map[place]stand{{state: Waiting}: {m: newModel()}}
	paths, sessions := 0, 0
	for range depth {
		next := map[place]int{}
		for p, ways := range at {
			for _, d := range deeds() {
				s := stands[p]
				before := s.m.ticket
				entered, refusal := s.m.does(d)
				if honest := s.j.allows(d); entered != honest {
					t.Fatalf("%v at %+v: session %v, honest %v", d, p, entered, honest)
				}
				if refusal != nil && s.m.ticket.State != before.State {
					t.Fatalf("%v at %+v was refused (%v) and moved to %s", d, p, refusal, s.m.ticket.State)
				}
				q := place{s.m.ticket.State, s.m.ticket.OpenID, s.m.ticket.Reason, s.m.ticket.Contested, s.m.now.After(morning), s.j}
				stands[q] = s
				next[q] += ways
				paths += ways
				if entered {
					sessions += ways
				}
			}
		}
		at = next
	}
	if paths < 1_000_000_000 || sessions == 0 {
		t.Fatalf("walked %d paths with %d sessions", paths, sessions)
	}
	t.Logf("%d paths over %d places, %d times a session", paths, len(stands), sessions)
}

// TestTheDatabaseDoesWhatTheModelSays samples 2,000 paths, on real tickets and on the model.
func TestTheDatabaseDoesWhatTheModelSays(t *testing.T) {
	t.Parallel()
	const sampled = 2000
	d := dbtest.Clone(t)
	w := newWorld(t, d)
	for i, openid := range phones {
		roles := []access.Role{access.Finance}
		w.binds(w.noodles, fmt.Sprintf("phone0%d", i), "陈小明", openid, roles...)
	}
	random := rand.New(rand.NewPCG(20261122, 8))
	all := deeds()
	entries := 0
	for n := range sampled {
		w.clock.Set(morning)
		m := newModel()
		shown := w.shows(Browser{Secret: "browser-0", Address: w.desk.Address})
		var path []deed
		for range depth {
			if m.ticket.shown(m.now) != m.ticket.State && random.IntN(2) == 0 {
				break // nothing of it is left
			}
			path = append(path, honestly(random, all, m))
			if w.walks(shown, &m, path) {
				entries++
			}
		}
		if n%100 == 0 && t.Failed() {
			break
		}
	}
	if entries < sampled/10 {
		t.Errorf("only %d of %d paths came in: the sample proves little", entries, sampled)
	}
	if got := w.count("sessions", "true"); got != entries {
		t.Errorf("%d sessions stand, the model gave %d", got, entries)
	}
}

// honestly draws a deed; half of them lead on, so that paths get somewhere.
func honestly(r *rand.Rand, all []deed, m model) deed {
	if r.IntN(2) == 0 {
		switch m.ticket.State {
		case Waiting:
			return deed{"scan", r.IntN(3)}
		case Scanned:
			return deed{"right", int(m.ticket.OpenID[len(m.ticket.OpenID)-1] - '0')}
		case Confirmed:
			return deed{"enter", 0}
		}
	}
	return all[r.IntN(len(all))]
}

// walks does the last deed of a path on the real ticket and on the model, and compares.
func (w *world) walks(shown Ticket, m *model, path []deed) (entered bool) {
	w.t.Helper()
	d := path[len(path)-1]
	before := m.ticket.shown(m.now)
	entered, want := m.does(d)
	got := w.really(shown, d)
	if errors.Is(want, ErrTicketTaken) {
		m.ticket.Contested = true
	}
	if codeOf(got) != codeOf(want) || (got == nil) != (want == nil) {
		w.t.Fatalf("after %v the gate says %v, the model %v", path, got, want)
	}
	if m.ticket.shown(m.now) == before && len(path) < depth {
		return entered
	}
	now, err := w.Ticket(w.t.Context(), shown.ID, Browser{Secret: "browser-0"})
	w.must(err)
	if now.State != m.ticket.shown(m.now) || now.Reason != m.ticket.Reason || now.Contested != m.ticket.Contested {
		w.t.Fatalf("after %v the ticket is %+v, the model %+v", path, now, m.ticket)
	}
	return entered
}

// really does a deed through the verbs.
func (w *world) really(shown Ticket, d deed) error {
	ctx := w.t.Context()
	var err error
	switch d.what {
	case "wait":
		w.clock.Advance(121 * time.Second)
	case "enter":
		_, _, err = w.Redeem(ctx, shown.ID, Browser{Secret: fmt.Sprintf("browser-%d", d.who)})
	case "scan":
		_, err = w.Scan(ctx, shown.Token, phones[d.who])
	case "right":
		_, err = w.Answer(ctx, shown.Token, phones[d.who], Answer{Decision: Confirm, Number: shown.Number})
	case "wrong":
		_, err = w.Answer(ctx, shown.Token, phones[d.who], Answer{Decision: Confirm, Number: shown.Number%90 + 10})
	default:
		_, err = w.Answer(ctx, shown.Token, phones[d.who], modelAnswers[d.what])
	}
	return err
}
