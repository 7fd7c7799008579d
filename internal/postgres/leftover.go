package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// step is one way of asking leftovers to end. Signal 0 is none.
type step struct {
	after              time.Duration
	postmaster, others syscall.Signal
}

// A server that outlived its owner gets time to shut down in order. What outlived its postmaster
// ends by itself when idle; else it is told to, for its statement has nobody to answer.
var (
	withPostmaster = []step{
		{0, syscall.SIGINT, 0},
		{8 * time.Second, syscall.SIGQUIT, syscall.SIGQUIT},
		{12 * time.Second, syscall.SIGKILL, syscall.SIGKILL},
	}
	withoutPostmaster = []step{
		{300 * time.Millisecond, 0, syscall.SIGQUIT},
		{3 * time.Second, 0, syscall.SIGKILL},
	}
)

const leftoverMax = 20 * time.Second

// clear ends what a killed owner left running and removes what it left lying. Only the holder of
// the lock may do it: nobody else can be the owner then.
func (h home) clear(ctx context.Context) error {
	h.unpublish()
	if err := h.endLeftovers(ctx); err != nil {
		return err
	}
	// PostgreSQL trusts this file when its pid is alive, even if by now that is another program.
	err := os.Remove(filepath.Join(h.data(), "postmaster.pid"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the old server's pid file: %w", err)
	}
	unfinished, _ := filepath.Glob(h.path(unfinishedPrefix + "*")) // the pattern is valid
	for _, folder := range unfinished {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("remove an unfinished database: %w", err)
		}
	}
	return nil
}

func (h home) endLeftovers(ctx context.Context) error {
	last := time.Duration(-1)
	for waited := time.Duration(0); waited < leftoverMax; waited += retryEvery {
		left := h.leftovers()
		if len(left) == 0 {
			return nil
		}
		ask(left, last, waited)
		last = waited
		if err := pause(ctx, retryEvery); err != nil {
			return fmt.Errorf("end the earlier database server: %w", err)
		}
	}
	return fmt.Errorf("processes of the earlier database server do not end: %v", h.leftovers())
}

// ask sends the signals that became due in (last, waited].
func ask(left map[int]bool, last, waited time.Duration) {
	steps := withoutPostmaster
	if slices.Contains(slices.Collect(maps.Values(left)), true) {
		steps = withPostmaster
	}
	for _, s := range steps {
		if s.after <= last || s.after > waited {
			continue
		}
		for pid, isPostmaster := range left {
			sig := s.others
			if isPostmaster {
				sig = s.postmaster
			}
			if sig != 0 {
				_ = syscall.Kill(pid, sig) // it may have ended meanwhile
			}
		}
	}
}

// leftovers are the live processes of this cluster (pid → whether it is the postmaster), known by
// the cluster's name: the postmaster has it among its arguments, its children in their title.
func (h home) leftovers() map[int]bool {
	argument := []byte("\x00cluster_name=" + h.clusterName() + "\x00")
	title := []byte("postgres: " + h.clusterName() + ": ")
	unfinished := []byte(h.path(unfinishedPrefix))
	found := map[int]bool{}
	for pid, line := range processesOf(h.user.uid) {
		switch {
		case pid == os.Getpid():
		case bytes.Contains(append(line, 0), argument):
			found[pid] = true
		case bytes.HasPrefix(line, title), bytes.Contains(line, unfinished):
			found[pid] = false
		}
	}
	return found
}
