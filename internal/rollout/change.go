package rollout

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a change does. Words: catalogue id "rollout.kind." + code.
type Kind string

// The kinds.
const (
	SetPercentage Kind = "percentage"
	Allow         Kind = "allow"
	Deny          Kind = "deny"
	Remove        Kind = "remove" // from whichever list
	Pause         Kind = "pause"
	Resume        Kind = "resume"
)

// Change is something an operator wants changed.
type Change struct {
	Kind       Kind    `json:"change"`
	Percentage int     `json:"percentage"`
	MchIDs     []int64 `json:"mchids"`
	Reason     string  `json:"reason"`
}

// Lists tells whether the change is about named merchants.
func (c Change) Lists() bool { return c.Kind == Allow || c.Kind == Deny || c.Kind == Remove }

// Full tells whether the change opens the offer to everyone, which takes a second operator.
func (c Change) Full() bool { return c.Kind == SetPercentage && c.Percentage == All }

// Parse reads a change as it was typed: a percentage with or without its sign, numbers of merchants with
// anything between them.
func Parse(form func(string) string) (Change, error) {
	c := Change{Kind: Kind(form("change")), Percentage: -1, Reason: strings.TrimSpace(form("reason"))}
	typed := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(form("percentage")), "%"))
	if n, err := strconv.Atoi(typed); err == nil {
		c.Percentage = n
	}
	for _, text := range strings.FieldsFunc(form("mchids"), func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsLetter(r) }) {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			id = -1
		}
		if !slices.Contains(c.MchIDs, id) {
			c.MchIDs = append(c.MchIDs, id)
		}
	}
	return c.plain(), c.check()
}

// plain leaves out what the change does not speak of.
func (c Change) plain() Change {
	if c.Kind != SetPercentage {
		c.Percentage = 0
	}
	if !c.Lists() {
		c.MchIDs, c.Reason = nil, ""
	}
	if c.Kind == Remove {
		c.Reason = ""
	}
	return c
}

func (c Change) check() error {
	switch c.Kind {
	case SetPercentage:
		if c.Percentage < 0 || c.Percentage > All {
			return ErrPercentage
		}
	case Allow, Deny, Remove:
		if n := len(c.MchIDs); n == 0 || n > ListMax || slices.Min(c.MchIDs) < 0 {
			return ErrMerchants
		}
		if utf8.RuneCountInString(c.Reason) > ReasonMax || strings.ContainsFunc(c.Reason, unicode.IsControl) {
			return ErrReason
		}
	case Pause, Resume:
	default:
		return ErrChange
	}
	return nil
}

// State is the rollout with all merchants.
type State struct {
	Rollout
	Merchants []Merchant
}

// Apply is the state after the change. It refuses a change that changes nothing.
func (s State) Apply(c Change) (State, error) {
	if err := c.check(); err != nil {
		return s, err
	}
	next := State{Rollout: s.Rollout, Merchants: slices.Clone(s.Merchants)}
	switch c.Kind {
	case SetPercentage:
		next.Percentage = c.Percentage
	case Pause, Resume:
		next.Paused = c.Kind == Pause
	default:
		if err := next.list(c); err != nil {
			return s, err
		}
	}
	if next.Percentage == s.Percentage && next.Paused == s.Paused && slices.Equal(next.Merchants, s.Merchants) {
		return s, ErrSame
	}
	return next, nil
}

func (s State) list(c Change) error {
	for _, id := range c.MchIDs {
		i := slices.IndexFunc(s.Merchants, func(m Merchant) bool { return m.ID == id })
		switch {
		case i < 0:
			return ErrUnknown.With("MchID", strconv.FormatInt(id, 10))
		case c.Kind == Remove && s.Merchants[i].Listed == "":
			return ErrNotListed.With("MchID", strconv.FormatInt(id, 10))
		case c.Kind == Remove:
			s.Merchants[i].Listed, s.Merchants[i].Reason = "", ""
		case c.Kind == Allow:
			s.Merchants[i].Listed, s.Merchants[i].Reason = Allowed, c.Reason
		default:
			s.Merchants[i].Listed, s.Merchants[i].Reason = Denied, c.Reason
		}
	}
	return nil
}

// Effect is what a change does to whom.
type Effect struct {
	Before, After             int        // merchants that are in
	OfferedBefore, OfferedNow int        // those that see the entry
	Appears                   []Merchant // it appears to them
	Vanishes                  []Merchant // it is taken from them
}

// EffectOf compares two states of the same merchants.
func EffectOf(before, after State) (e Effect) {
	for i, m := range before.Merchants {
		next := after.Merchants[i]
		was, _ := before.Includes(m.ID, m.Listed)
		is, _ := after.Includes(next.ID, next.Listed)
		e.Before, e.After = e.Before+one(was), e.After+one(is)
		saw, sees := before.Judge(m) == Offered, after.Judge(next) == Offered
		e.OfferedBefore, e.OfferedNow = e.OfferedBefore+one(saw), e.OfferedNow+one(sees)
		switch {
		case sees && !saw:
			e.Appears = append(e.Appears, next)
		case saw && !sees:
			e.Vanishes = append(e.Vanishes, next)
		}
	}
	return e
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Count counts merchants by how they stand.
func (s State) Count() map[Standing]int {
	count := map[Standing]int{}
	for _, m := range s.Merchants {
		count[s.Judge(m)]++
	}
	return count
}
