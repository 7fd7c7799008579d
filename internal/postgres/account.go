package postgres

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// account is the operating-system user that runs the server. PostgreSQL refuses root, so a program
// of root hands the server to another user; everyone else runs it as oneself.
type account struct {
	uid, gid int
	drop     bool // the program is root and must become uid
}

// accountFor picks the user for the cluster in folder: whoever owns the data already,
// else postgres, else nobody.
func accountFor(folder string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	var st syscall.Stat_t
	if syscall.Stat(dataFolder(folder), &st) == nil && st.Uid != 0 {
		return account{uid: int(st.Uid), gid: int(st.Gid), drop: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, fmt.Errorf("PostgreSQL does not run as root, and neither the user postgres nor nobody exists")
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	return account{uid: uid, gid: gid, drop: true}, nil
}

// own hands a file of ours to the account.
func (a account) own(path string) error {
	if !a.drop {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// credential makes a child process run as the account.
func (a account) credential() *syscall.Credential {
	if !a.drop {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

// mayEnter tells whether the account can search one folder. Access lists are not read: where they
// would allow more, the answer is no, and the data goes to the system folder.
func (a account) mayEnter(folder string) bool {
	var st syscall.Stat_t
	if syscall.Stat(folder, &st) != nil {
		return false
	}
	mode := st.Mode
	switch {
	case a.uid == 0:
		return true
	case int(st.Uid) == a.uid:
		return mode&0o100 != 0
	case int(st.Gid) == a.gid:
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}
