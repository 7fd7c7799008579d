package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// memory is what the demo holds: what its collector found in use, with the stacks, and what the kernel
// counts, garbage that was not collected yet included.
type memory struct{ UsedKiB, ResidentKiB int64 }

// collected is the collector's line about one of its runs: "… 44->49->21 MB, 53 MB goal, 6 MB stacks, …".
var collected = regexp.MustCompile(`(?m)^gc (\d+) .* \d+->\d+->(\d+) MB, \d+ MB goal, (\d+) MB stacks`)

// memory waits for the collector's next run, which some pages bring about.
func (w *world) memory(ctx context.Context) (m memory, err error) {
	before, _, err := w.collection()
	if err != nil {
		return m, err
	}
	visitor := newBrowser(w.base, "")
	defer visitor.close()
	for range 20_000 {
		if _, _, err := visitor.get(ctx, "/login/password"); err != nil {
			return m, err
		}
		run, used, err := w.collection()
		if err != nil {
			return m, err
		}
		if run > before+1 { // the run after the next: what the first still saw in use may be gone
			m.UsedKiB = used
			m.ResidentKiB, err = statusKiB(w.demo.Process.Pid, "VmRSS")
			return m, err
		}
	}
	return m, errors.New("the collector does not run")
}

// collection is the number of the collector's last run and what it left in use.
func (w *world) collection() (run, usedKiB int64, err error) {
	log, err := os.Open(w.log)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = log.Close() }()
	st, err := log.Stat()
	if err != nil {
		return 0, 0, err
	}
	tail := make([]byte, min(st.Size(), 16<<10))
	if _, err := log.ReadAt(tail, st.Size()-int64(len(tail))); err != nil {
		return 0, 0, err
	}
	all := collected.FindAllSubmatch(tail, -1)
	if len(all) == 0 {
		return 0, 0, nil
	}
	last := all[len(all)-1]
	var figures [3]int64
	for i := range figures {
		if figures[i], err = strconv.ParseInt(string(last[i+1]), 10, 64); err != nil {
			return 0, 0, err
		}
	}
	return figures[0], (figures[1] + figures[2]) << 10, nil
}

// statusKiB reads one of the kernel's figures about a process.
func statusKiB(pid int, name string) (kib int64, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, err = fmt.Sscanf(field(string(raw), name), "%d kB", &kib)
	return kib, err
}

// settle lets what the load left behind come to an end before something else is measured.
func settle(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(2 * time.Second):
	}
}
