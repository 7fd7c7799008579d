package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"zhanggui/internal/postgres"
)

// The shared server belongs to a keeper: the test binary of whoever came first, run once more as a
// background program. Each test process holds a shared lock on the file "users" as long as it
// lives; the keeper stops the server when nobody has held it for some seconds (ZHANGGUI_TEST_IDLE).
const (
	keeperEnv   = "ZHANGGUI_TEST_KEEPER"
	idleEnv     = "ZHANGGUI_TEST_IDLE"
	idleDefault = 15
	joinEvery   = 50 * time.Millisecond
)

func init() {
	folder := os.Getenv(keeperEnv)
	if folder == "" {
		return
	}
	if err := keep(context.Background(), folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// keep owns the server until nobody uses it. Where another keeper owns it, there is nothing to do.
func keep(ctx context.Context, folder string) error {
	lock, err := os.OpenFile(filepath.Join(folder, "users"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	o, err := clusterOptions(folder)
	if err != nil {
		return err
	}
	o.RequireOwner = true
	c, err := postgres.Open(ctx, o)
	var busy *postgres.Busy
	if errors.As(err, &busy) {
		return nil
	}
	if err != nil {
		return err
	}
	if !waitUntilIdle(c, lock) {
		return c.Err()
	}
	return errors.Join(tidy(ctx, c.DSN(postgres.Owner)), c.Close(ctx))
}

// waitUntilIdle returns true holding the lock, so that whoever comes waits for our end;
// false when the server died.
func waitUntilIdle(c *postgres.Cluster, lock *os.File) bool {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	limit, err := strconv.Atoi(os.Getenv(idleEnv))
	if err != nil {
		limit = idleDefault
	}
	for idle := 0; ; {
		select {
		case <-c.Done():
			return false
		case <-second.C:
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
			idle = 0
			continue
		}
		if idle++; idle >= limit {
			return true
		}
		_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_UN) // cannot fail on a lock we hold
	}
}
