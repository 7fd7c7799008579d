package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// socketMax is the longest path of a Unix socket, without its closing zero byte.
const socketMax = 107

// socketFolder makes the short, tight folder of the socket: 0700, owned by the server's user.
// (Root enters it regardless.) In a folder open to all the name may be taken by a stranger:
// then the next place is tried. What a killed server left in it goes: PostgreSQL trusts the lock
// beside its socket when the pid in it is alive, or dead and not yet waited for.
func (h home) socketFolder() (string, error) {
	var last error
	for _, root := range socketRoots() {
		folder := filepath.Join(root, h.clusterName())
		if last = h.makeSocketFolder(folder); last == nil {
			_ = os.Remove(socketIn(folder)) // mostly there is none
			_ = os.Remove(socketIn(folder) + ".lock")
			return folder, nil
		}
	}
	return "", fmt.Errorf("no folder for the database's socket: %w", last)
}

func socketIn(folder string) string { return filepath.Join(folder, ".s.PGSQL."+port) }

func socketRoots() []string {
	var roots []string
	if os.Geteuid() == 0 {
		roots = append(roots, "/run")
	} else if own := os.Getenv("XDG_RUNTIME_DIR"); own != "" {
		roots = append(roots, own)
	}
	return append(roots, os.TempDir(), "/tmp")
}

func (h home) makeSocketFolder(folder string) error {
	if path := socketIn(folder); len(path) > socketMax {
		return fmt.Errorf("%s is longer than %d bytes", path, socketMax)
	}
	if !reaches(filepath.Dir(folder), h.user) {
		return fmt.Errorf("%s cannot be reached by uid %d", folder, h.user.uid)
	}
	err := os.Mkdir(folder, 0o700)
	if err == nil {
		err = h.user.own(folder)
	}
	if err != nil && !os.IsExist(err) {
		return err
	}
	return ownedBy(folder, h.user.uid)
}

// private refuses a folder that another user made where ours should be.
func private(folder string) error { return ownedBy(folder, os.Geteuid()) }

func ownedBy(folder string, uid int) error {
	var st syscall.Stat_t
	if err := syscall.Lstat(folder, &st); err != nil {
		return err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFDIR || int(st.Uid) != uid || st.Mode&0o022 != 0 {
		return fmt.Errorf("%s belongs to someone else", folder)
	}
	return nil
}
