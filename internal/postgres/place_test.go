package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDataGoesToTheSystemFolderWhereItsUserCannotReach(t *testing.T) {
	t.Parallel()
	dir, system := t.TempDir(), filepath.Join(folder(t), "system") // TempDir is ours alone
	o := Options{Dir: dir, Fast: true, systemRoots: []string{system}}
	c := open(t, o)
	run(t, c, "CREATE TABLE kept (n int)")
	must(t, c.Close(t.Context()))

	direct, err := resolve(filepath.Join(dir, "postgres"))
	must(t, err)
	want := direct
	if os.Geteuid() == 0 {
		want = filepath.Join(system, hash(direct))
	}
	if !hasData(want) {
		t.Fatalf("no data in %s", want)
	}
	run(t, open(t, o), "SELECT * FROM kept")
}

func TestADataFolderMadeAnewBeginsWithAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	dir, system := filepath.Join(t.TempDir(), "var"), filepath.Join(folder(t), "system")
	o := Options{Dir: dir, Fast: true, systemRoots: []string{system}}
	c := open(t, o)
	run(t, c, "CREATE TABLE old (n int)")
	must(t, c.Close(t.Context()))
	must(t, os.RemoveAll(dir))
	if n := ask1[int](t, open(t, o), "SELECT count(*) FROM pg_tables WHERE tablename = 'old'"); n != 0 {
		t.Error("the old data came back")
	}
}

func TestDataThatBecameUnreachableIsNotReplaced(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	must(t, os.MkdirAll(filepath.Join(dir, "postgres", "data"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "postgres", "data", "PG_VERSION"), []byte("15\n"), 0o600))
	must(t, os.Chmod(dir, 0o600))
	_, err := locate(Options{Dir: dir})
	if err == nil {
		t.Error("a second database would have been made")
	}
	must(t, os.Chmod(dir, 0o711))
}

func TestAVeryLongPathKeepsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), strings.Repeat("长", 60), strings.Repeat("x", 200))
	c := open(t, Options{Dir: dir, Fast: true})
	run(t, c, "SELECT 1")
	if path := socketIn(c.socket); len(path) > socketMax {
		t.Errorf("%s is too long", path)
	}
}

func TestOneFolderByTwoNamesIsOneCluster(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	link := filepath.Join(folder(t), "link")
	must(t, os.Symlink(dir, link))
	a, err := locate(Options{Dir: dir})
	must(t, err)
	b, err := locate(Options{Dir: link})
	must(t, err)
	if a.key != b.key || a.folder != b.folder {
		t.Errorf("%v and %v", a, b)
	}
}

func TestMissingProgramsAreNamed(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), Options{Dir: folder(t), Bin: "/nowhere"})
	var missing *NoBinaries
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "install") {
		t.Errorf("it says %v", err)
	}
}

func TestDataOfAnotherVersionIsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	data := filepath.Join(dir, "postgres", "data")
	must(t, os.MkdirAll(data, 0o711))
	must(t, os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9\n"), 0o600))
	_, err := Open(t.Context(), Options{Dir: dir})
	var missing *NoBinaries
	if !errors.As(err, &missing) || missing.Version != "9" {
		t.Errorf("it says %v", err)
	}
}

func TestSettingsThatWouldHideTheClusterAreRefused(t *testing.T) {
	t.Setenv("ZHANGGUI_POSTGRES_SETTINGS", "shared_buffers=2GB port=5433")
	if _, err := FromEnv(); err == nil {
		t.Error("the port was taken")
	}
	t.Setenv("ZHANGGUI_POSTGRES_SETTINGS", "shared_buffers=2GB max_wal_size=8GB")
	o, err := FromEnv()
	must(t, err)
	if o.Settings["shared_buffers"] != "2GB" || o.Settings["max_wal_size"] != "8GB" {
		t.Errorf("settings are %v", o.Settings)
	}
}

func TestNoSecretReachesTheServer(t *testing.T) {
	t.Setenv("ZHANGGUI_MASTER_KEY", "secret")
	t.Setenv("PGPORT", "1")
	if env := strings.Join(environment(), " "); strings.Contains(env, "secret") || strings.Contains(env, "PGPORT") {
		t.Errorf("the server sees %s", env)
	}
}
