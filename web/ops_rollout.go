package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/platform"
	"zhanggui/internal/rollout"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// rolloutParams are the filter's, with the place in the list; changeParams are a change as it is typed.
const (
	rolloutParams = "?q ?standing ?size ?cursor"
	changeParams  = "?change ?percentage ?mchids ?reason ?again"
)

// errStanding refuses a filter by what no merchant stands at.
var errStanding = fault.New("rollout.standing").On("standing")

// opsRollout is how far the upgrade is offered, to whom, and why.
func (s *site) opsRollout(v *visit) error {
	m, err := s.rollout(v)
	status := http.StatusOK
	if m.Faults = fault.All(err); m.Faults != nil {
		status = http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	v.changeFields(&m.Form, url.Values{})
	title := v.word("rollout.title")
	return v.show(status, views.OpsRolloutPage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: title})...), m))
}

// rollout reads all merchants and keeps those that the address asks for, a page of them.
func (s *site) rollout(v *visit) (m views.OpsRollout, err error) {
	m = views.OpsRollout{Asked: v.asked, Size: v.size(), May: v.scope.May(access.OpsRolloutWrite)}
	p, err := v.operator()
	if err != nil {
		return m, err
	}
	if m.State, err = rollout.Look(v.ctx(), s.DB.PG(), p); err != nil {
		return m, err
	}
	want := rollout.Standing(v.query("standing"))
	if want != "" && !want.Known() {
		return m, errStanding
	}
	after, err := strconv.ParseInt("0"+v.query(platform.FieldCursor), 10, 64)
	if err != nil {
		return m, fault.ErrNotFound
	}
	for _, one := range m.State.Merchants {
		if one.ID > after && (want == "" || m.Judge(one) == want) && named(one, v.query("q")) {
			m.Rows = append(m.Rows, one)
		}
	}
	m.First = after == 0
	return m, nil
}

// named tells whether a merchant's number or name has the text in it.
func named(m rollout.Merchant, text string) bool {
	text = strings.TrimSpace(text)
	return strings.Contains(mchid(m.ID), text) || strings.Contains(strings.ToLower(m.Name), strings.ToLower(text))
}

// opsRolloutChange is what a change would do, before anybody is asked to confirm it.
func (s *site) opsRolloutChange(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	for name, values := range v.asked {
		if name != again {
			typed[name] = values
		}
	}
	return s.showRolloutChange(v, http.StatusOK, typed, nil)
}

func (s *site) showRolloutChange(v *visit, status int, typed url.Values, wrong error) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	m := views.OpsRolloutChange{}
	blank := typed.Get("change") == "" // only the question
	if blank {
		typed.Set("change", string(rollout.SetPercentage))
	} else {
		m.Change, err = rollout.Parse(typed.Get)
	}
	if err == nil && !blank {
		m.State, m.Effect, err = rollout.Preview(v.ctx(), s.DB.PG(), p, m.Change)
	}
	switch {
	case len(fault.All(err)) == 0 && err != nil:
		return err
	case err != nil && wrong == nil:
		status, wrong = http.StatusUnprocessableEntity, err
	}
	m.Ready = err == nil && !blank
	if m.Once, err = v.once(); err != nil {
		return err
	}
	v.changeFields(&m.Form, typed)
	m.Faults = v.faults(wrong, &m.Form.Percentage, &m.Form.MchIDs, &m.Form.Reason, &m.Form.Kind)
	title := v.word("rollout.preview")
	return v.show(status, views.OpsRolloutChangePage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: v.word("rollout.title"), Href: rollout.Path},
		ui.Crumb{Word: title})...), m))
}

// changeFields are the questions of a change.
func (v *visit) changeFields(f *views.RolloutForm, typed url.Values) {
	f.What = rollout.Kind(typed.Get("change"))
	f.Percentage = ui.Field{Name: "percentage", Label: v.word("rollout.percentage_label"), Value: typed.Get("percentage"), InputMode: "numeric", MaxLength: 4,
		Required: true, Hint: v.word("rollout.percentage_hint")}
	f.MchIDs = ui.Field{Name: "mchids", Label: v.word("rollout.list_mchids"), Value: typed.Get("mchids"), Lines: 3, MaxLength: rollout.ListMax * 12,
		Required: true, Hint: v.wordf("rollout.list_hint", map[string]any{"Max": rollout.ListMax})}
	f.Reason = ui.Field{Name: "reason", Label: v.word("rollout.list_reason"), Value: typed.Get("reason"), MaxLength: rollout.ReasonMax}
	f.Kind = ui.Field{Name: "change", Label: v.word("rollout.list_kind"), Required: true}
	kinds := []rollout.Kind{rollout.Allow, rollout.Deny, rollout.Remove}
	for i, k := range kinds {
		f.Kind.Options = append(f.Kind.Options, ui.Option{Value: string(k), Word: v.word("rollout.kind." + string(k)),
			Chosen: f.What == k || i == 0 && !slices.Contains(kinds, f.What)})
	}
}

// changeRollout asks the operator's phone for a change, and for the whole hundred a second operator's.
func (s *site) changeRollout(v *visit) error {
	c, err := rollout.Parse(v.form)
	if err == nil {
		err = s.ask(v, rollout.ActionOf(c), c, views.RolloutChangePath)
	}
	if v.correctable(err) {
		return s.showRolloutChange(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}

// rolloutWire is how a merchant stands to the offer, in JSON.
type rolloutWire struct {
	MchID           string  `json:"mchid"`
	ShortName       string  `json:"short_name"`
	AccountSystem   string  `json:"account_system"`
	SettlementCycle string  `json:"settlement_cycle"`
	In              bool    `json:"in"`
	Why             string  `json:"why"`
	Reason          string  `json:"reason"`
	Place           int     `json:"place"`
	Standing        string  `json:"standing"`
	UpgradedAt      *string `json:"upgraded_at"`
}

func (s *site) opsRolloutJSON(v *visit) error {
	m, err := s.rollout(v)
	if err != nil {
		return err
	}
	rows := m.Page()
	out := listing[rolloutWire]{Rows: make([]rolloutWire, 0, len(rows)), Next: m.Next()}
	for _, one := range rows {
		in, why := m.Includes(one.ID, one.Listed)
		out.Rows = append(out.Rows, rolloutWire{MchID: mchid(one.ID), ShortName: one.Name, AccountSystem: string(one.System), SettlementCycle: string(one.Cycle),
			In: in, Why: string(why), Reason: one.Reason, Place: m.Place(one.ID), Standing: string(m.Judge(one)), UpgradedAt: wireTime(one.UpgradedAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsRolloutCSV(v *visit) error {
	m, err := s.rollout(v)
	if err != nil {
		return err
	}
	return v.stream("rollout.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("rollout.csv.", "mchid", "name", "system", "cycle", "in", "why", "place", "standing", "upgraded_at")...)
		for _, one := range m.Rows {
			in := "rollout.out"
			if yes, _ := m.Includes(one.ID, one.Listed); yes {
				in = "rollout.in"
			}
			at := ""
			if one.UpgradedAt != nil {
				at = clock.Text(*one.UpgradedAt)
			}
			err := out.Row(mchid(one.ID), one.Name, v.word("rollout.system."+string(one.System)), string(one.Cycle), v.word(in), m.Reason(v.ctx(), one),
				rollout.PlaceText(m.Place(one.ID)), v.word("rollout.standing."+string(m.Judge(one))), at)
			if err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
