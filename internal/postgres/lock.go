package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// ErrNotRunning says that no process runs the cluster.
var ErrNotRunning = errors.New("the private PostgreSQL does not run")

// Busy says that another process owns the cluster.
type Busy struct {
	Folder string
	PID    int // 0 when it could not be read
}

func (e *Busy) Error() string {
	return fmt.Sprintf("the database in %s is in use by process %d", e.Folder, e.PID)
}

// running is what an owner writes down for those who attach. The password is in its own file.
type running struct {
	Owner  int    `json:"owner"`
	Socket string `json:"socket"`
}

// lock makes this process the owner until the file is closed or the process ends, however it ends.
func (h home) lock() (*os.File, error) {
	f, err := os.OpenFile(h.path("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("own the database in %s: %w", h.folder, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer func() { _ = f.Close() }()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, &Busy{Folder: h.folder, PID: pidIn(f)}
		}
		return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	if err := errors.Join(f.Truncate(0), writePID(f)); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("write %s: %w", f.Name(), err)
	}
	return f, nil
}

func writePID(f *os.File) error {
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return err
}

func pidIn(f *os.File) int {
	text := make([]byte, 20)
	n, _ := f.ReadAt(text, 0) // shorter than text: io.EOF
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	return pid
}

func (h home) publish(r running) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeWhole(h.path("running.json"), text, account{})
}

// unpublish forgets what a former owner wrote.
func (h home) unpublish() { _ = os.Remove(h.path("running.json")) }

// attach joins the cluster that another process runs.
func (h home) attach(ctx context.Context) (*Cluster, error) {
	text, err := os.ReadFile(h.path("running.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, fmt.Errorf("attach to the database in %s: %w", h.folder, err)
	}
	var r running
	if json.Unmarshal(text, &r) != nil || !alive(r.Owner) {
		return nil, ErrNotRunning
	}
	password, err := os.ReadFile(h.path("password"))
	if err != nil {
		return nil, fmt.Errorf("attach to the database in %s: %w", h.folder, err)
	}
	c := &Cluster{socket: r.Socket, password: string(password)}
	if err := ping(ctx, c.DSN(Owner)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRunning, err)
	}
	return c, nil
}

func ping(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// writeWhole replaces a file at once: a reader sees the old text or the new one, and after a power
// cut one of them is there.
func writeWhole(path string, text []byte, owner account) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close(), owner.own(f.Name()))
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
