package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Rules of a repetition.
const (
	sideMin     = 3 * time.Second // how long each side is measured at least
	slowDiskMax = 5               // repetitions that may be thrown away for a stalled disk
)

// side measures once and gives how much it did per second. i is the repetition.
type side func(ctx context.Context, i int) (perSecond float64, err error)

// duel is two sides measured in turn.
type duel struct {
	name, unit     string
	ours, limit    side
	ourName, other string
	needsDisk      bool // a repetition on a stalled disk is thrown away
	fixed          bool // ours goes first each time, because the limit does over again what it did
}

// round is one repetition.
type round struct {
	Disk, Ours, Limit float64
	Thrown            bool
}

func (r round) ratio() float64 { return r.Ours / r.Limit }

// fight measures both sides again and again; which goes first alternates.
func (d duel) fight(ctx context.Context, w *world) ([]round, error) {
	var all []round
	for kept, thrown := 0, 0; kept < w.repetitions; {
		disk, err := w.prepare(ctx)
		if err != nil {
			return nil, err
		}
		r := round{Disk: disk}
		if d.needsDisk && disk < diskFloor && thrown < slowDiskMax {
			r.Thrown = true
		}
		order := []struct {
			run  side
			into *float64
		}{{d.ours, &r.Ours}, {d.limit, &r.Limit}}
		if kept%2 == 1 && !d.fixed {
			slices.Reverse(order)
		}
		for _, s := range order {
			if *s.into, err = s.run(ctx, len(all)); err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
		}
		fmt.Printf("%-28s %8.0f flushes/s  ours %10.0f  limit %10.0f %s  ratio %.2f%s\n",
			d.name, r.Disk, r.Ours, r.Limit, d.unit, r.ratio(), thrownWord(r.Thrown))
		all = append(all, r)
		if r.Thrown {
			thrown++
		} else {
			kept++
		}
	}
	return all, nil
}

func thrownWord(thrown bool) string {
	if thrown {
		return "  (slow disk, not counted)"
	}
	return ""
}

// spread is a median with its extremes.
type spread struct{ Median, Min, Max float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	return spread{sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1]}
}

func ratios(rounds []round) spread {
	var all []float64
	for _, r := range rounds {
		if !r.Thrown {
			all = append(all, r.ratio())
		}
	}
	return spreadOf(all)
}

// percentile of durations, 0..1.
func percentile(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}
