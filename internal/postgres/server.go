package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// server is a child process of ours: the postmaster, or initdb.
type server struct {
	cmd     *exec.Cmd
	exited  chan struct{}
	failure error // of the process; read it after exited
	stopped atomic.Bool
	log     string
	logFrom int64 // where this process's lines begin
}

// spawn starts a program as the cluster's user, in a process group of its own so that Ctrl-C
// reaches our program alone, and with a signal for the case that our program dies.
func (h home) spawn(program string, args []string, onDeath syscall.Signal) (*server, error) {
	log, from, err := h.openLog()
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(program, args...)
	cmd.Dir = h.folder
	cmd.Env = environment()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: h.user.credential()}
	if onDeath != 0 {
		setDeathSignal(cmd.SysProcAttr, onDeath)
	}
	s := &server{cmd: cmd, exited: make(chan struct{}), log: log.Name(), logFrom: from}
	if err := s.start(); err != nil {
		return nil, fmt.Errorf("start %s as uid %d: %w", program, h.user.uid, err)
	}
	return s, nil
}

// start runs the process from a thread that stays until the process has ended: the death signal
// follows the thread, not the program.
func (s *server) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := s.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		s.failure = s.cmd.Wait()
		close(s.exited)
	}()
	return <-started
}

// stop asks for a fast shutdown, then an immediate one, then kills. The end of ctx skips a wait.
func (s *server) stop(ctx context.Context) error {
	s.stopped.Store(true)
	for _, step := range []struct {
		sig   syscall.Signal
		limit time.Duration
	}{{syscall.SIGINT, 15 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		s.signal(step.sig)
		if s.endsWithin(ctx, step.limit) {
			return nil
		}
		ctx = context.WithoutCancel(ctx) // the later steps get their time
	}
	return fmt.Errorf("the database server (process %d) does not end", s.cmd.Process.Pid)
}

func (s *server) signal(sig syscall.Signal) { _ = s.cmd.Process.Signal(sig) } // it may have ended

func (s *server) endsWithin(ctx context.Context, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-s.exited:
		return true
	case <-ctx.Done():
		return false
	}
}

// err tells why a server ended that nobody stopped.
func (s *server) err() error {
	select {
	case <-s.exited:
	default:
		return nil
	}
	if s.stopped.Load() {
		return nil
	}
	why := "it ended by itself"
	if s.failure != nil {
		why = s.failure.Error()
	}
	return fmt.Errorf("the database server is gone (%s): %s", why, s.said())
}

// environment is what PostgreSQL may see of ours: no secret, and nothing that would steer it.
func environment() []string {
	env := []string{"LC_ALL=C"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "TZDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
