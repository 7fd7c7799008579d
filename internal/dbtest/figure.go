package dbtest

import (
	"fmt"
	"os"
	"testing"
)

// figuresEnv names a file that figures are added to; docs/RELIABILITY.md is written from it.
const figuresEnv = "ZHANGGUI_FIGURES"

// Figure tells how much a test that passed has done, and keeps it where a run gathers figures.
func Figure(t testing.TB, what, format string, args ...any) {
	t.Helper()
	if t.Failed() {
		return
	}
	value := fmt.Sprintf(format, args...)
	t.Logf("%s: %s", what, value)
	path := os.Getenv(figuresEnv)
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintf(f, "| %s | %s |\n", what, value)
		_ = f.Close()
	}
	if err != nil {
		t.Errorf("dbtest: keep a figure: %v", err)
	}
}
