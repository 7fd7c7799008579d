package postgres

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A test that kills a program needs one: the test binary runs as a program of its own when this is set.
const childEnv = "ZHANGGUI_TEST_CHILD"

type childOrder struct {
	Dir    string
	Orphan bool
}

func TestMain(m *testing.M) {
	if order := os.Getenv(childEnv); order != "" {
		beChild(order)
		return
	}
	os.Exit(m.Run())
}

// beChild opens the cluster, says so, and closes it when its input ends.
func beChild(text string) {
	var order childOrder
	if err := json.Unmarshal([]byte(text), &order); err != nil {
		panic(err)
	}
	ctx := context.Background()
	c, err := Open(ctx, Options{Dir: order.Dir, orphan: order.Orphan})
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println("open", c.Owned())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := c.Close(ctx); err != nil {
		panic(err)
	}
}

type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.Closer
	out   *bufio.Reader
	owned bool
}

// launch starts a program that opens the cluster; the caller reads opened when it wants to wait.
func launch(t *testing.T, order childOrder) *child {
	t.Helper()
	text, err := json.Marshal(order)
	must(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	c := &child{t: t, cmd: cmd, in: in, out: bufio.NewReader(out)}
	t.Cleanup(c.kill)
	return c
}

func (c *child) opened() *child {
	c.t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "open ") {
		c.t.Fatalf("the other program said %q (%v)", line, err)
	}
	c.owned = strings.Contains(line, "true")
	return c
}

// kill is kill -9; also after the program has ended.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// end lets the program finish by itself.
func (c *child) end() {
	c.t.Helper()
	_ = c.in.Close()
	if err := c.cmd.Wait(); err != nil {
		c.t.Fatalf("the other program ended with %v", err)
	}
}

// folder is a data folder that the database's user can reach, unlike t.TempDir.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "zg-postgres-")
	must(t, err)
	must(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

func open(t *testing.T, o Options) *Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := Open(ctx, o)
	must(t, err)
	t.Cleanup(func() { must(t, c.Close(context.Background())) })
	return c
}

func ask1[T any](t *testing.T, c *Cluster, sql string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.DSN(Owner))
	must(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	var answer T
	must(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

func run(t *testing.T, c *Cluster, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.DSN(Owner))
	must(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(t.Context(), sql)
	must(t, err)
}

// postmaster reads the server's process from its pid file.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	must(t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	must(t, err)
	return pid
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !holds() {
		if pause(ctx, 5*time.Millisecond) != nil {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
