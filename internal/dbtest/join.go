package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"zhanggui/internal/postgres"
)

// users is the open lock file; the process's end closes it.
var users *os.File

// joinCluster gives the address of this user's test server, started if need be.
func joinCluster(ctx context.Context) (string, error) {
	folder, err := clusterFolder()
	if err != nil {
		return "", err
	}
	if users, err = os.OpenFile(filepath.Join(folder, "users"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return "", err
	}
	// This waits only while a keeper is stopping.
	if err := syscall.Flock(int(users.Fd()), syscall.LOCK_SH); err != nil {
		return "", fmt.Errorf("lock %s: %w", users.Name(), err)
	}
	o, err := clusterOptions(folder)
	if err != nil {
		return "", err
	}
	for {
		c, err := postgres.Attach(ctx, o)
		if err == nil {
			return c.DSN(postgres.Owner), nil
		}
		if !errors.Is(err, postgres.ErrNotRunning) {
			return "", err
		}
		if err := awaitKeeper(ctx, folder, o); err != nil {
			return "", err
		}
	}
}

// awaitKeeper starts a keeper and waits until its server answers, or until it gives way to another.
func awaitKeeper(ctx context.Context, folder string, o postgres.Options) error {
	ended, err := startKeeper(folder)
	if err != nil {
		return fmt.Errorf("start the test server: %w", err)
	}
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("start the test server: %w", ctx.Err())
		case err := <-ended:
			if err != nil {
				said, _ := os.ReadFile(filepath.Join(folder, "keeper.log"))
				return fmt.Errorf("start the test server: %w: %s", err, strings.TrimSpace(string(said)))
			}
			return nil
		case <-time.After(joinEvery):
		}
		if _, err := postgres.Attach(ctx, o); err == nil {
			return nil
		}
	}
}

func startKeeper(folder string) (ended chan error, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(folder, "keeper.log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), keeperEnv+"="+folder)
	cmd.Dir = folder
	cmd.Stderr = log // not ours: go test waits for whoever holds that
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended = make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return ended, nil
}

func clusterOptions(folder string) (postgres.Options, error) {
	o, err := postgres.FromEnv()
	o.Dir, o.Fast = folder, true
	return o, err
}

// clusterFolder is this user's folder in the temp folder, searchable for the server's user.
func clusterFolder() (string, error) {
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("zhanggui-test-%d", os.Geteuid()))
	if err := os.Mkdir(folder, 0o711); err != nil && !os.IsExist(err) {
		return "", err
	}
	st, err := os.Lstat(folder)
	if err != nil {
		return "", err
	}
	if owner, ok := st.Sys().(*syscall.Stat_t); !ok || !st.IsDir() || int(owner.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to someone else", folder)
	}
	return folder, os.Chmod(folder, 0o711)
}
