package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

const unfinishedPrefix = "data.init-"

// initialize makes the cluster once. It is made under another name and renamed when it is whole,
// so that a crash in the middle leaves nothing that looks like a cluster.
func (h home) initialize(ctx context.Context, bin string, fast bool) error {
	if hasData(h.folder) {
		if !exists(h.path("password")) {
			return fmt.Errorf("the database in %s has lost its password file", h.folder)
		}
		return nil
	}
	if err := writeWhole(h.path("password"), []byte(rand.Text()), h.user); err != nil {
		return fmt.Errorf("write the database's password: %w", err)
	}
	folder, err := os.MkdirTemp(h.folder, unfinishedPrefix)
	if err != nil {
		return fmt.Errorf("make the database's folder: %w", err)
	}
	if err := errors.Join(h.user.own(folder), h.runInitdb(ctx, bin, folder, fast)); err != nil {
		_ = os.RemoveAll(folder)
		return fmt.Errorf("make the database in %s: %w", h.folder, err)
	}
	if err := os.Rename(folder, h.data()); err != nil {
		return fmt.Errorf("name the finished database: %w", err)
	}
	return syncFolder(h.folder)
}

func (h home) runInitdb(ctx context.Context, bin, folder string, fast bool) error {
	args := []string{
		"--pgdata=" + folder, "--username=" + superuser, "--pwfile=" + h.path("password"),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions",
	}
	if fast {
		args = append(args, "--no-sync")
	}
	s, err := h.spawn(filepath.Join(bin, "initdb"), args, syscall.SIGKILL)
	if err != nil {
		return err
	}
	select {
	case <-s.exited:
	case <-ctx.Done():
		s.signal(syscall.SIGKILL)
		<-s.exited
		return ctx.Err()
	}
	if s.failure != nil {
		return fmt.Errorf("initdb: %w: %s", s.failure, s.said())
	}
	return nil
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
