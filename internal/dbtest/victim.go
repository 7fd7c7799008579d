package dbtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/postgres"
)

// victimEnv and orderEnv make a test binary run as the program that is going to be killed.
const (
	victimEnv = "ZHANGGUI_TEST_VICTIM"
	orderEnv  = "ZHANGGUI_TEST_ORDER"
)

// errServerGone ends a program whose server was killed, as it does the product's own.
var errServerGone = errors.New("the server is gone")

// BeVictim is called first in TestMain: where this process is to be killed by a test it does the work, with
// a PostgreSQL of its own, and never returns true before it ended. Lines said reach the test at once.
func BeVictim(work func(ctx context.Context, dsn, order string, say func(line string)) error) bool {
	folder := os.Getenv(victimEnv)
	if folder == "" {
		return false
	}
	if err := live(folder, os.Getenv(orderEnv), work); err != nil {
		fmt.Fprintln(os.Stdout, "ended:", err)
	}
	return true
}

func live(folder, order string, work func(ctx context.Context, dsn, order string, say func(line string)) error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	c, err := openVictim(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	go func() { <-c.Done(); cancel(errServerGone) }()
	dsn := c.DSN(postgres.Owner)
	if err := db.Migrate(ctx, dsn, false); err != nil {
		return err
	}
	return work(ctx, dsn, order, func(line string) { _, _ = os.Stdout.WriteString(line + "\n") })
}

func openVictim(ctx context.Context, folder string) (*postgres.Cluster, error) {
	o, err := postgres.FromEnv()
	if err != nil {
		return nil, err
	}
	o.Dir, o.RequireOwner = folder, true
	return postgres.Open(ctx, o)
}

// Victim is a data folder whose program is killed again and again.
type Victim struct{ folder string }

// NewVictim makes an empty folder, which the database's user can reach.
func NewVictim(t testing.TB) *Victim {
	t.Helper()
	folder, err := os.MkdirTemp("", "zg-victim-")
	if err == nil {
		err = os.Chmod(folder, 0o711) //nolint:gosec // the database's own user passes through
	}
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return &Victim{folder}
}

// Kill says who is killed.
type Kill struct{ Program, Server bool }

// Life starts the program with an order, hears what it says until heard returns true, and kills. What was said
// before it died is heard too. It tells what the program said if it ended by itself, otherwise than by the
// death of its server.
func (v *Victim) Life(t testing.TB, order string, kill Kill, heard func(line string) bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+v.folder, orderEnv+"="+order)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	killed, ended := false, ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "ended:") {
			ended = lines.Text()
			continue
		}
		if heard(lines.Text()) && !killed {
			killed = true
			v.kill(t, cmd, kill)
		}
	}
	_ = cmd.Wait()
	if !killed || ended != "" && !kill.Server {
		t.Fatalf("the program was to be killed, and said %q", ended)
	}
}

func (v *Victim) kill(t testing.TB, cmd *exec.Cmd, kill Kill) {
	t.Helper()
	if kill.Server {
		text, err := os.ReadFile(filepath.Join(v.folder, "postgres", "data", "postmaster.pid"))
		first, _, _ := strings.Cut(string(text), "\n")
		pid, wrong := strconv.Atoi(first)
		if err = errors.Join(err, wrong); err == nil {
			err = syscall.Kill(pid, syscall.SIGKILL)
		}
		if err != nil {
			t.Errorf("dbtest: kill the server: %v", err)
		}
	}
	if kill.Program {
		_ = cmd.Process.Kill()
	}
}

// Open opens what the last life left, in the test itself.
func (v *Victim) Open(t testing.TB) *db.DB {
	t.Helper()
	c, err := openVictim(t.Context(), v.folder)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) })
	return Open(t, c.DSN(postgres.Owner))
}
