package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/rollout"
	"zhanggui/internal/words"
)

// rolloutUsage is what the command takes.
const rolloutUsage = "[--preview] [percentage N | allow MCHID… | deny MCHID… | remove MCHID… | pause | resume]"

// operatorRollout shows to whom the account upgrade is offered, or changes it; with --preview it says what the
// change would do and leaves it at that. The whole hundred takes two operators at their phones.
func operatorRollout(ctx context.Context, t operatorTool, args []string) error {
	preview := len(args) > 0 && args[0] == "--preview"
	if preview {
		args = args[1:]
	}
	if len(args) == 0 {
		if preview {
			return errUsage
		}
		return t.showRollout(ctx)
	}
	c, err := rolloutChange(args)
	if err != nil {
		return err
	}
	if c.Full() {
		return rollout.ErrFull
	}
	if preview {
		_, e, err := rollout.Preview(ctx, t.db.PG(), t.owner, c)
		if err != nil {
			return err
		}
		return t.sayEffect(ctx, e)
	}
	var e rollout.Effect
	err = t.db.InTx(ctx, func(tx db.Tx) error {
		var details map[string]any
		e, details, err = rollout.Deps{Clock: t.now}.Change(ctx, tx, t.owner, c)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Merchant: access.PlatformID, Actor: t.owner.Actor().Name, Action: rollout.Action,
			Object: string(c.Kind), Outcome: audit.Done, At: t.now.Now(), Details: details})
	})
	if err != nil {
		return err
	}
	return t.sayEffect(ctx, e)
}

// rolloutChange reads what is to be changed.
func rolloutChange(args []string) (rollout.Change, error) {
	form := map[string]string{"change": args[0]}
	rest := args[1:]
	switch kind := rollout.Kind(args[0]); {
	case kind == rollout.SetPercentage && len(rest) == 1:
		form["percentage"] = rest[0]
	case (kind == rollout.Allow || kind == rollout.Deny || kind == rollout.Remove) && len(rest) > 0:
		form["mchids"] = strings.Join(rest, " ")
	case (kind == rollout.Pause || kind == rollout.Resume) && len(rest) == 0:
	default:
		return rollout.Change{}, errUsage
	}
	return rollout.Parse(func(name string) string { return form[name] })
}

func (t operatorTool) say(text string) error {
	_, err := fmt.Fprintln(t.out, text)
	return err
}

// showRollout says how far it goes, and how each merchant stands and why.
func (t operatorTool) showRollout(ctx context.Context) error {
	s, err := rollout.Look(ctx, t.db.PG(), t.owner)
	if err != nil {
		return err
	}
	state, count := "rollout.cli.running", s.Count()
	if s.Paused {
		state = "rollout.cli.paused"
	}
	in := 0
	for _, m := range s.Merchants {
		if yes, _ := s.Includes(m.ID, m.Listed); yes {
			in++
		}
	}
	err = t.say(words.F(ctx, "rollout.cli.now", words.Args{"Percentage": s.Percentage, "Paused": words.T(ctx, state), "In": in,
		"Offered": count[rollout.Offered], "Upgraded": count[rollout.Upgraded]}))
	for _, m := range s.Merchants {
		if err != nil {
			return err
		}
		at := ""
		if m.UpgradedAt != nil {
			at = " " + clock.Text(*m.UpgradedAt)
		}
		_, err = fmt.Fprintf(t.out, "%d  %s%s  %s  %s\n", m.ID, words.T(ctx, "rollout.standing."+string(s.Judge(m))), at, s.Reason(ctx, m), m.Name)
	}
	return err
}

func (t operatorTool) sayEffect(ctx context.Context, e rollout.Effect) error {
	lines := []string{words.F(ctx, "rollout.cli.effect", words.Args{"Before": strconv.Itoa(e.Before), "After": strconv.Itoa(e.After),
		"OfferedBefore": strconv.Itoa(e.OfferedBefore), "Offered": strconv.Itoa(e.OfferedNow)})}
	if len(e.Appears) > 0 {
		lines = append(lines, words.F(ctx, "rollout.cli.appears", words.Args{"Names": rollout.Names(ctx, e.Appears)}))
	}
	if len(e.Vanishes) > 0 {
		lines = append(lines, words.F(ctx, "rollout.cli.vanishes", words.Args{"Names": rollout.Names(ctx, e.Vanishes)}))
	}
	return t.say(strings.Join(lines, "\n"))
}
