package dbtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestProcessesShareOneServerThatEndsByItself(t *testing.T) {
	t.Parallel()
	temp, err := os.MkdirTemp("", "zg-dbtest-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(temp, 0o711); err != nil { // the server's user must pass
		t.Fatal(err)
	}
	ended := make(chan string)
	for range 3 {
		go func() { ended <- testAlone(t.Context(), temp) }()
	}
	for range 3 {
		if said := <-ended; said != "" {
			t.Error(said)
		}
	}
	awaitEnd(t, temp)
	if err := os.RemoveAll(temp); err != nil {
		t.Error(err)
	}
}

// testAlone runs one test of this binary as a process that knows no server. It gives what went wrong.
func testAlone(ctx context.Context, temp string) string {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestNothingOfATxIsKept$")
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "ZHANGGUI_TEST_") && !strings.HasPrefix(pair, "TMPDIR=") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "TMPDIR="+temp, idleEnv+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return err.Error() + ": " + string(out)
	}
	return ""
}

// awaitEnd waits until the server has gone, and its pid file with it.
func awaitEnd(t *testing.T, temp string) {
	t.Helper()
	patience := time.After(time.Minute)
	every := time.NewTicker(joinEvery)
	defer every.Stop()
	for {
		left, _ := filepath.Glob(filepath.Join(temp, "zhanggui-test-*", "postgres", "data", "postmaster.pid"))
		if len(left) == 0 {
			return
		}
		select {
		case <-patience:
			t.Fatal("the server is still there")
		case <-every.C:
		}
	}
}
