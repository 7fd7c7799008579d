// Command bench measures the product against the limits of the machine it runs on, and writes what it
// found to docs/PERFORMANCE.md. It quotes ratios of two sides measured in turn within one run, because
// two runs on a shared machine say more about the machine than about the program. It decides nothing:
// a goal that is missed is written down as missed.
//
//	bench [-only posting,settlement,payments,import,pages,flow,waiting,weight] [-repetitions 5] [-flow-rows 10000000]
//	      [-due-orders 200000] [-out docs/PERFORMANCE.md]
//	bench limit -dsn ADDRESS -listen 127.0.0.1:0   (the hand-written page, started by bench itself)
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"zhanggui/bench/limit"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if len(os.Args) > 1 && os.Args[1] == "limit" {
		err = limit.Run(ctx, os.Args[2:])
	} else {
		err = run(ctx, os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure is one thing that is measured; it says what it found.
type measure struct {
	name string
	run  func(ctx context.Context, w *world) (section, error)
}

var measures = []measure{
	{"posting", measurePosting},
	{"settlement", measureSettlement},
	{"payments", measurePayments},
	{"import", measureImport},
	{"pages", measurePages},
	{"flow", measureFlow},
	{"waiting", measureWaiting},
	{"weight", measureWeight},
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "names of the measures to run, by commas")
	repetitions := flags.Int("repetitions", 5, "repetitions of each ratio")
	rows := flags.Int("flow-rows", 10_000_000, "rows of the fund flow")
	due := flags.Int("due-orders", 200_000, "orders that are settled")
	out := flags.String("out", "docs/PERFORMANCE.md", "file for the figures; empty: none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	began := time.Now()
	w, err := openWorld(ctx, world{repetitions: *repetitions, flowRows: *rows, dueOrders: *due})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	var found []section
	for _, m := range measures {
		if *only != "" && !strings.Contains(","+*only+",", ","+m.name+",") {
			continue
		}
		fmt.Printf("\n== %s\n", m.name)
		s, err := m.run(ctx, w)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		found = append(found, s)
	}
	return report(*out, found, w, time.Since(began))
}
