package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// section is what one measure found.
type section struct {
	Title string
	Goals []goal
	Text  []string // how it was measured, and what else was seen
	Duels []fought
}

// goal is a figure with what it should be.
type goal struct {
	What, Want, Got string
	Met             bool
}

// fought is a duel with its repetitions.
type fought struct {
	duel
	Rounds []round
}

func report(path string, found []section, w *world, took time.Duration) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Performance\n\nWritten by `make bench` itself on %s, in %s. A figure is the median of its repetitions with the least and the most beside it; "+
		"a ratio's two sides were measured in turn within one repetition. All of it, the load too, shared one machine:\n%s\n\n",
		time.Now().UTC().Format("2006-01-02"), took.Round(time.Second), w.machine)
	b.WriteString("| what | goal | found | |\n|---|---|---|---|\n")
	for _, s := range found {
		for _, g := range s.Goals {
			fmt.Fprintf(&b, "| %s | %s | **%s** | %s |\n", g.What, g.Want, g.Got, met(g.Met))
		}
	}
	for _, s := range found {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.Title, strings.Join(s.Text, "\n\n"))
		for _, f := range s.Duels {
			b.WriteString(f.table())
		}
	}
	fmt.Print("\n", b.String())
	if path == "" {
		return nil
	}
	known, err := byPeople(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()+known), 0o644)
}

// findings is the heading under which people write what they found out; a new run keeps it.
const findings = "\n## Findings\n"

func byPeople(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if _, known, found := strings.Cut(string(text), findings); found {
		return findings + known, err
	}
	return "", err
}

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "missed"
}

func (f fought) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n\n| flushes/s of the disk | %s | %s | ratio |\n|--:|--:|--:|--:|\n", f.name, f.ourName, f.other)
	for _, r := range f.Rounds {
		fmt.Fprintf(&b, "| %.0f | %.0f %s | %.0f %s | %.2f%s |\n",
			r.Disk, r.Ours, f.unit, r.Limit, f.unit, r.ratio(), thrownWord(r.Thrown))
	}
	return b.String()
}

// machine describes where the figures were made, in public terms.
func machine(ctx context.Context, w *world) string {
	cpu, memory := "", ""
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		cpu = field(string(raw), "model name")
	}
	if raw, err := os.ReadFile("/proc/meminfo"); err == nil {
		memory = field(string(raw), "MemTotal")
	}
	version, err := w.asSuper(ctx, "SHOW server_version")
	if err != nil {
		version = "?"
	}
	commit, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		commit = []byte("not committed")
	}
	return fmt.Sprintf("%d × %s, %s memory, %s, PostgreSQL %s (fsync on), commit %s.",
		runtime.NumCPU(), cpu, memory, runtime.Version(), version, strings.TrimSpace(string(commit)))
}

func field(text, name string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "?"
}
