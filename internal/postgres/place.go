package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// home is where one cluster lives. Its folder holds data, lock, password, running.json and log.
type home struct {
	folder string
	user   account
	key    string // names the cluster among all on this machine
	claim  string // file that ties a system folder to the data folder; empty when not needed
}

func dataFolder(folder string) string  { return filepath.Join(folder, "data") }
func hasData(folder string) bool       { return exists(filepath.Join(dataFolder(folder), "PG_VERSION")) }
func (h home) data() string            { return dataFolder(h.folder) }
func (h home) path(name string) string { return filepath.Join(h.folder, name) }
func (h home) clusterName() string     { return "zg-" + h.key }

// locate finds the cluster's home: below the data folder, or in a system folder named by a hash of
// the path where the database's user cannot reach that.
func locate(o Options) (home, error) {
	direct, err := resolve(filepath.Join(o.dir(), "postgres"))
	if err != nil {
		return home{}, fmt.Errorf("data folder %s: %w", o.dir(), err)
	}
	user, err := accountFor(direct)
	if err != nil {
		return home{}, err
	}
	claim := filepath.Join(direct, "elsewhere")
	made := makeReachable(direct) == nil
	if exists(claim) {
		return locateInSystem(o, direct, claim)
	}
	if made && reaches(direct, user) {
		return home{folder: direct, user: user, key: hash(direct)}, nil
	}
	if _, err := os.Stat(filepath.Join(dataFolder(direct), "PG_VERSION")); err == nil || errors.Is(err, os.ErrPermission) {
		return home{}, fmt.Errorf("the database in %s cannot be reached by its user (uid %d): "+
			"let others search every folder above it (chmod o+x), or move it", direct, user.uid)
	}
	if !made {
		claim = "" // a read-only place: nothing can be noted there
	}
	return locateInSystem(o, direct, claim)
}

// locateInSystem takes the first system folder that can be used.
func locateInSystem(o Options, direct, claim string) (home, error) {
	roots := o.systemRoots
	if roots == nil {
		roots = systemRoots()
	}
	var last error
	for _, root := range roots {
		folder := filepath.Join(root, hash(direct))
		user, err := accountFor(folder)
		if err != nil {
			return home{}, err
		}
		last = errors.Join(makeReachable(folder), private(root), private(folder))
		if last == nil && reaches(folder, user) {
			return home{folder: folder, user: user, key: hash(folder), claim: claim}, nil
		}
	}
	return home{}, fmt.Errorf("no folder for the database: %s cannot be used by its user, nor can %v (last: %w)", direct, roots, last)
}

func systemRoots() []string {
	return []string{"/var/lib/zhanggui", filepath.Join(os.TempDir(), fmt.Sprintf("zhanggui-%d", os.Geteuid()))}
}

// settle makes sure that the data in a system folder belongs to the data folder as it is now: where
// that was deleted and made anew, the old data is set aside (the last one is kept), for its
// secrets' key is gone with the folder.
func (h home) settle() error {
	if h.claim == "" || exists(h.claim) {
		return nil
	}
	if hasData(h.folder) {
		aside := h.path("data.before")
		if err := os.RemoveAll(aside); err != nil {
			return fmt.Errorf("remove older data: %w", err)
		}
		if err := os.Rename(h.data(), aside); err != nil {
			return fmt.Errorf("set data aside: %w", err)
		}
	}
	return os.WriteFile(h.claim, []byte(h.folder+"\n"), 0o600)
}

// resolve gives the one absolute name of a path, existing or not.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	parent, name := filepath.Split(abs)
	if parent == abs || name == "" {
		return abs, nil
	}
	parent, err = resolve(parent)
	return filepath.Join(parent, name), err
}

// makeReachable makes the folder and the missing ones above it so that other users can pass
// through and not list; folders that exist keep their mode.
func makeReachable(folder string) error {
	if st, err := os.Stat(folder); err == nil {
		if !st.IsDir() {
			return fmt.Errorf("%s is not a folder", folder)
		}
		return nil
	}
	if err := makeReachable(filepath.Dir(folder)); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o711); err != nil && !os.IsExist(err) {
		return err
	}
	return os.Chmod(folder, 0o711) // against a strict umask
}

func reaches(folder string, user account) bool {
	for ; ; folder = filepath.Dir(folder) {
		if !user.mayEnter(folder) {
			return false
		}
		if folder == filepath.Dir(folder) {
			return true
		}
	}
}

func hash(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:8])
}
