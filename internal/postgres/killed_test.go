package postgres

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestRowsSurviveAnyKill(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]struct {
		program, server, orphan bool
	}{
		"the program":                         {program: true},
		"the program, its server left behind": {program: true, orphan: true},
		"the server":                          {server: true},
		"both":                                {program: true, server: true, orphan: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			p := launch(t, childOrder{Dir: dir, Orphan: kill.orphan}).opened()
			busyWithRows(t, dir)
			server := postmaster(t, dir)
			if kill.server {
				must(t, syscall.Kill(server, syscall.SIGKILL))
			}
			if kill.program {
				p.kill()
			} else {
				p.end()
			}
			if kill.program && kill.orphan && !kill.server && !alive(server) {
				t.Fatal("the server was to outlive its program")
			}
			c := open(t, Options{Dir: dir, RequireOwner: true})
			if n := ask1[int](t, c, "SELECT count(*) FROM kept"); n != 1000 {
				t.Fatalf("%d rows are left", n)
			}
		})
	}
}

// busyWithRows commits rows and leaves connections behind that still run a statement.
func busyWithRows(t *testing.T, dir string) {
	t.Helper()
	c, err := Attach(t.Context(), Options{Dir: dir})
	must(t, err)
	run(t, c, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
	for range 3 {
		conn, err := pgx.Connect(t.Context(), c.DSN(Owner))
		must(t, err)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = conn.Exec(t.Context(), "SELECT count(*) FROM generate_series(1, 1e9)") // until it is killed
		}()
		t.Cleanup(func() { <-ended })
	}
}

func TestAServerEndsByItselfWithItsProgram(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	p := launch(t, childOrder{Dir: dir}).opened()
	server := postmaster(t, dir)
	p.kill()
	eventually(t, "the server ends", func() bool { return !alive(server) })
	run(t, open(t, Options{Dir: dir, RequireOwner: true}), "SELECT 1")
}

func TestAPidFileThatNamesAStrangerDoesNotHinder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	must(t, open(t, Options{Dir: dir, Fast: true}).Close(t.Context()))
	h, err := locate(Options{Dir: dir})
	must(t, err)
	stranger := exec.Command("sleep", "600") // of the same user, whom PostgreSQL would believe
	stranger.SysProcAttr = &syscall.SysProcAttr{Credential: h.user.credential()}
	must(t, stranger.Start())
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })

	path := filepath.Join(h.data(), "postmaster.pid")
	must(t, os.WriteFile(path, []byte(strconv.Itoa(stranger.Process.Pid)+"\n"+h.data()+"\n"), 0o600))
	must(t, h.user.own(path))
	run(t, open(t, Options{Dir: dir, Fast: true}), "SELECT 1")
	if !alive(stranger.Process.Pid) {
		t.Error("the stranger was killed")
	}
}

func TestAnInitialisationCutOffIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	p := launch(t, childOrder{Dir: dir})
	unfinished := filepath.Join(dir, "postgres", unfinishedPrefix+"*")
	eventually(t, "initdb writes", func() bool {
		found, _ := filepath.Glob(filepath.Join(unfinished, "PG_VERSION"))
		return len(found) == 1
	})
	p.kill()
	run(t, open(t, Options{Dir: dir, Fast: true}), "SELECT 1")
	if found, _ := filepath.Glob(unfinished); len(found) > 0 {
		t.Errorf("%v is left", found)
	}
}
