package rollout

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/words"
)

// The acts: everything but the whole hundred, and that. Words: catalogue id "audit.action." + code.
const (
	Action     = "rollout.change"
	FullAction = "rollout.full"
)

// Path is where the rollout stands.
const Path = "/ops/rollout"

// namedMax is how many merchants a phone names.
const namedMax = 5

// Deps are what the acts need.
type Deps struct {
	Clock clock.Clock // business time
}

// ActionOf is the act that a change is asked for with.
func ActionOf(c Change) string {
	if c.Full() {
		return FullAction
	}
	return Action
}

// Actions are what operators confirm on their phones.
func (d Deps) Actions() []confirm.Action {
	act := func(code string, full bool) confirm.Action {
		return confirm.Action{Code: code, Needs: access.OpsRolloutWrite, TwoOperators: full,
			Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
				c, p, err := decode(s, params, full)
				if err != nil {
					return confirm.Words{}, err
				}
				return describe(ctx, q, p, c)
			},
			Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
				c, p, err := decode(s, params, full)
				if err != nil {
					return confirm.Result{}, err
				}
				e, details, err := d.change(ctx, tx, p, c)
				return confirm.Result{Object: string(c.Kind), Link: Path, Details: details, Lines: e.lines(ctx)}, err
			}}
	}
	return []confirm.Action{act(Action, false), act(FullAction, true)}
}

// decode reads the parameters, and keeps the whole hundred to the act that takes two.
func decode(s access.Scope, params json.RawMessage, full bool) (Change, access.Platform, error) {
	c, err := confirm.Decode[Change](params)
	if err == nil {
		err = c.check()
	}
	if err == nil && c.Full() != full {
		err = ErrFull
	}
	if err != nil {
		return c, access.Platform{}, err
	}
	p, err := access.Across(s)
	return c, p, err
}

// Preview is what a change would do now; it refuses what cannot be changed.
func Preview(ctx context.Context, q db.Querier, p access.Platform, c Change) (State, Effect, error) {
	s, err := Look(ctx, q, p)
	if err != nil {
		return s, Effect{}, err
	}
	next, err := s.Apply(c)
	return s, EffectOf(s, next), err
}

func describe(ctx context.Context, q db.Querier, p access.Platform, c Change) (confirm.Words, error) {
	before, e, err := Preview(ctx, q, p, c)
	if err != nil {
		return confirm.Words{}, err
	}
	w := confirm.Words{Title: words.T(ctx, "rollout.kind."+string(c.Kind)), Lines: c.lines(ctx, before)}
	if c.Full() { // a second operator has a day, in which merchants come and upgrade
		w.Title, w.Warn = words.T(ctx, "audit.action.rollout.full"), words.T(ctx, "rollout.full_warn")
		return w, nil
	}
	w.Lines = append(w.Lines, e.lines(ctx)...)
	return w, nil
}

func line(ctx context.Context, id, value string) confirm.Line {
	return confirm.Line{Label: words.T(ctx, id), Value: value}
}

// lines say what is changed.
func (c Change) lines(ctx context.Context, before State) (all []confirm.Line) {
	switch {
	case c.Kind == SetPercentage:
		return []confirm.Line{line(ctx, "rollout.line.percentage", words.F(ctx, "rollout.line.from_to",
			words.Args{"From": before.Percentage, "To": c.Percentage}))}
	case !c.Lists():
		return nil
	}
	var named []Merchant
	for _, m := range before.Merchants {
		for _, id := range c.MchIDs {
			if m.ID == id {
				named = append(named, m)
			}
		}
	}
	all = []confirm.Line{line(ctx, "rollout.line.merchants", Names(ctx, named))}
	if c.Reason != "" {
		all = append(all, line(ctx, "rollout.line.reason", c.Reason))
	}
	return all
}

// lines say what it does.
func (e Effect) lines(ctx context.Context) []confirm.Line {
	counted := func(before, after int) string {
		return words.F(ctx, "rollout.line.counts", words.Args{"Before": before, "After": after})
	}
	all := []confirm.Line{line(ctx, "rollout.line.in", counted(e.Before, e.After)), line(ctx, "rollout.line.offered", counted(e.OfferedBefore, e.OfferedNow))}
	if len(e.Appears) > 0 {
		all = append(all, line(ctx, "rollout.line.appears", Names(ctx, e.Appears)))
	}
	if len(e.Vanishes) > 0 {
		all = append(all, line(ctx, "rollout.line.vanishes", Names(ctx, e.Vanishes)))
	}
	return all
}

// Names names some of the merchants and counts the rest.
func Names(ctx context.Context, all []Merchant) string {
	text := ""
	for i, m := range all {
		if i == namedMax {
			return words.F(ctx, "rollout.line.and_more", words.Args{"Names": text, "Count": len(all)})
		}
		if i > 0 {
			text += words.T(ctx, "rollout.line.between")
		}
		text += m.Name + " " + strconv.FormatInt(m.ID, 10)
	}
	return text
}

// Change changes the rollout. The whole hundred is not for it: two operators confirm that on their phones.
func (d Deps) Change(ctx context.Context, tx db.Tx, p access.Platform, c Change) (Effect, map[string]any, error) {
	if c.Full() {
		return Effect{}, nil, ErrFull
	}
	return d.change(ctx, tx, p, c)
}

// change writes it down and says what it did, for the log.
func (d Deps) change(ctx context.Context, tx db.Tx, p access.Platform, c Change) (Effect, map[string]any, error) {
	if err := p.Require(access.OpsRolloutWrite); err != nil {
		return Effect{}, nil, err
	}
	if err := lock(ctx, tx); err != nil {
		return Effect{}, nil, err
	}
	before, err := look(ctx, tx.PG())
	if err != nil {
		return Effect{}, nil, err
	}
	next, err := before.Apply(c)
	if err != nil {
		return Effect{}, nil, err
	}
	e := EffectOf(before, next)
	details := map[string]any{"change": c.Kind, "percentage": next.Percentage, "percentage_before": before.Percentage, "paused": next.Paused,
		"in": e.After, "in_before": e.Before, "offered": e.OfferedNow, "offered_before": e.OfferedBefore}
	if c.Lists() {
		details["mchids"], details["reason"] = c.MchIDs, c.Reason
	}
	return e, details, save(ctx, tx, c, next.Rollout, p.Actor().Name, d.Clock.Now())
}

// Seed lists the merchants as let in, unless somebody has ever changed the rollout.
func Seed(ctx context.Context, tx db.Tx, by string, mchids []int64, d Deps) error {
	if err := lock(ctx, tx); err != nil {
		return err
	}
	r, err := Read(ctx, tx.PG())
	if err != nil || r.ChangedAt != nil {
		return err
	}
	return save(ctx, tx, Change{Kind: Allow, MchIDs: mchids}, r, by, d.Clock.Now())
}

// Reason says in words why a merchant is in or out.
func (r Rollout) Reason(ctx context.Context, m Merchant) string {
	_, why := r.Includes(m.ID, m.Listed)
	text := words.F(ctx, "rollout.why."+string(why), words.Args{"Place": PlaceText(r.Place(m.ID)), "Percentage": r.Percentage})
	if m.Reason != "" {
		return words.F(ctx, "rollout.why.reason", words.Args{"Why": text, "Reason": m.Reason})
	}
	return text
}

// PlaceText writes a place in percent.
func PlaceText(place int) string { return fmt.Sprintf("%d.%02d", place/placeScale, place%placeScale) }
