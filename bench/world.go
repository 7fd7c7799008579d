package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/postgres"
)

// world is a PostgreSQL server of the run's own, with the settings a server has, and the demo on it once
// somebody asks for that.
type world struct {
	repetitions int
	flowRows    int
	dueOrders   int
	folder      string
	cluster     *postgres.Cluster
	machine     string
	base        string // of the portal
	demo        *exec.Cmd
	log         string // what the demo says, the collector's trace among it
	owner       *db.DB // the demo's database, as its schema's owner
}

const (
	startMax    = 5 * time.Minute
	readyMax    = 10 * time.Minute
	programPath = "bin/zhanggui"
)

var serverSettings = map[string]string{"shared_buffers": "2GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}

// openWorld starts the server of a run of these sizes.
func openWorld(ctx context.Context, sizes world) (w *world, err error) {
	w = &sizes
	if w.folder, err = os.MkdirTemp("", "zhanggui-bench-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(w.folder, 0o711); err != nil { // the database's own user passes through
		return nil, errors.Join(err, w.close())
	}
	starting, cancel := context.WithTimeout(ctx, startMax)
	defer cancel()
	w.cluster, err = postgres.Open(starting, postgres.Options{Dir: w.folder, Settings: serverSettings, RequireOwner: true})
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.machine = machine(ctx, w)
	return w, nil
}

func (w *world) dsn(database string) string { return w.cluster.DSN(database) }

// useDemo runs the built program, and waits until its seed is done, when nobody did before.
func (w *world) useDemo(ctx context.Context) error {
	if w.demo != nil {
		return nil
	}
	listen, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	api, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	w.base = "http://" + listen
	w.log = filepath.Join(w.folder, "demo.log")
	log, err := os.Create(w.log)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()         // the demo has its own
	w.demo = exec.Command(programPath, "demo") // not bound to ctx: it is asked to stop, not killed
	w.demo.Env = append(os.Environ(), "ZHANGGUI_DATA="+w.folder, "ZHANGGUI_LISTEN="+listen, "ZHANGGUI_API_LISTEN="+api,
		"DATABASE_URL="+w.dsn(postgres.Owner), "ZHANGGUI_LOG=WARN", "GODEBUG=gctrace=1")
	w.demo.Stdout, w.demo.Stderr = log, log
	if err := w.demo.Start(); err != nil {
		return err
	}
	fmt.Println("the demo starts")
	if err := await(ctx, readyMax, func() bool { return answers(ctx, w.base+"/readyz") }); err != nil {
		said, _ := os.ReadFile(w.log)
		return fmt.Errorf("the demo is %w: %s", err, said)
	}
	w.owner, err = db.Open(ctx, w.dsn(postgres.Owner), db.Options{Role: "none"})
	return err
}

// freshDemo runs the program anew, so that nothing of an earlier measure is left in its memory.
func (w *world) freshDemo(ctx context.Context) error {
	if w.demo != nil {
		w.owner.Close()
		if err := stopProcess(w.demo); err != nil {
			return err
		}
		w.demo, w.owner = nil, nil
	}
	return w.useDemo(ctx)
}

func (w *world) close() error {
	if w.owner != nil {
		w.owner.Close()
	}
	var err error
	if w.demo != nil && w.demo.Process != nil {
		err = stopProcess(w.demo)
	}
	if w.cluster != nil {
		err = errors.Join(err, w.cluster.Close(context.Background()))
	}
	return errors.Join(err, os.RemoveAll(w.folder))
}

// stopProcess asks politely; who does not hear is ended after a while.
func stopProcess(cmd *exec.Cmd) error {
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended after it was told to says nothing
		close(ended)
	}()
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-ended:
		return nil
	case <-time.After(30 * time.Second):
		err := cmd.Process.Kill()
		<-ended
		return err
	}
}

// prepare brings the database to rest before a repetition and tells how fast the disk flushes.
func (w *world) prepare(ctx context.Context) (flushes float64, err error) {
	if _, err := w.asSuper(ctx, "CHECKPOINT"); err != nil {
		return 0, err
	}
	return flushesPerSecond(w.folder)
}

// asSuper runs one statement as the server's superuser and gives its first value.
func (w *world) asSuper(ctx context.Context, sql string) (string, error) {
	conn, err := pgx.Connect(ctx, w.cluster.SuperDSN("postgres"))
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	answer, err := conn.PgConn().Exec(ctx, sql).ReadAll()
	if err != nil || len(answer) == 0 || len(answer[0].Rows) == 0 {
		return "", err
	}
	return string(answer[0].Rows[0][0]), nil
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

func answers(ctx context.Context, address string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	resp, err := (&http.Client{Timeout: time.Second}).Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode == http.StatusOK
}

func await(ctx context.Context, atMost time.Duration, done func() bool) error {
	end := time.After(atMost)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end:
			return fmt.Errorf("not ready after %s", atMost)
		case <-tick.C:
		}
	}
	return nil
}
