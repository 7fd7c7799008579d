package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestRowsSurviveStopAndStart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, Options{Dir: dir})
	run(t, c, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
	must(t, c.Close(t.Context()))
	if c.Err() != nil {
		t.Fatalf("a stopped cluster is no failure: %v", c.Err())
	}
	c = open(t, Options{Dir: dir})
	if n := ask1[int](t, c, "SELECT n FROM kept"); n != 7 {
		t.Fatalf("the row says %d", n)
	}
}

func TestTheClusterIsUTF8PrivateAndNotASuperusers(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, Options{Dir: dir, Settings: map[string]string{"work_mem": "5MB"}})
	for sql, want := range map[string]string{
		"SHOW server_encoding":  "UTF8",
		"SHOW lc_collate":       "C",
		"SHOW listen_addresses": "",
		"SHOW fsync":            "on",
		"SHOW max_wal_size":     "2GB",
		"SHOW work_mem":         "5MB",
		"SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user":                   "false",
		"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()": Owner,
	} {
		if got := ask1[string](t, c, sql); got != want {
			t.Errorf("%s: %q, not %q", sql, got, want)
		}
	}
	for path, mode := range map[string]os.FileMode{c.socket: 0o700, filepath.Join(dir, "postgres", "password"): 0o600} {
		st, err := os.Stat(path)
		must(t, err)
		if st.Mode().Perm() != mode {
			t.Errorf("%s has mode %v", path, st.Mode())
		}
	}
	if err := ping(t.Context(), strings.Replace(c.DSN(Owner), c.password, "guess", 1)); err == nil {
		t.Error("a wrong password was let in")
	}
}

func TestTheServerNeverRunsAsRoot(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	open(t, Options{Dir: dir, Fast: true})
	var st syscall.Stat_t
	must(t, syscall.Stat(filepath.Join(dir, "postgres", "data", "postmaster.pid"), &st))
	if st.Uid == 0 {
		t.Error("the server writes as root")
	}
	if own := os.Geteuid(); own != 0 && int(st.Uid) != own {
		t.Errorf("the server writes as %d", st.Uid)
	}
}

func TestASecondOwnerIsRefusedAndNamesTheFirst(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	open(t, Options{Dir: dir, Fast: true})
	_, err := Open(t.Context(), Options{Dir: dir, RequireOwner: true})
	var busy *Busy
	if !errors.As(err, &busy) || busy.PID != os.Getpid() {
		t.Fatalf("the second owner got %v", err)
	}
}

func TestAnotherProgramAttachesAndLeavesTheClusterRunning(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	owner := open(t, Options{Dir: dir, Fast: true})
	guest := launch(t, childOrder{Dir: dir}).opened()
	if guest.owned {
		t.Fatal("the guest owns the cluster")
	}
	guest.end()
	run(t, owner, "SELECT 1")
}

func TestAttachingWithoutAnOwnerIsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if _, err := Attach(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("got %v", err)
	}
	must(t, open(t, Options{Dir: dir, Fast: true}).Close(t.Context()))
	if _, err := Attach(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("after the owner's end: %v", err)
	}
}

func TestOfManyAtOnceOneOwnsAndAllWork(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var programs []*child
	for range 5 {
		programs = append(programs, launch(t, childOrder{Dir: dir}))
	}
	var owners []*child
	for _, p := range programs {
		if p.opened().owned {
			owners = append(owners, p)
		}
	}
	if len(owners) != 1 {
		t.Fatalf("%d owners", len(owners))
	}
	for _, p := range programs {
		if p != owners[0] {
			p.end()
		}
	}
	owners[0].end()
}

func TestTheOwnerLearnsThatItsServerDied(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, Options{Dir: dir, Fast: true})
	select {
	case <-c.Done():
		t.Fatal("done while it runs")
	default:
	}
	must(t, syscall.Kill(postmaster(t, dir), syscall.SIGKILL))
	<-c.Done()
	if err := c.Err(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("it says %v", err)
	}
	must(t, c.Close(context.Background()))
	run(t, open(t, Options{Dir: dir, Fast: true}), "SELECT 1")
}
