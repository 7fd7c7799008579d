package postgres

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// setDeathSignal has the kernel signal the child when the thread that started it ends.
func setDeathSignal(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }

// processesOf lists the live processes of a user with their command lines. A dead process that
// nobody waited for has no command line and is left out.
func processesOf(uid int) map[int][]byte {
	found := map[int][]byte{}
	folders, _ := filepath.Glob("/proc/[0-9]*") // the pattern is fixed and valid
	for _, folder := range folders {
		var st syscall.Stat_t
		if syscall.Stat(folder, &st) != nil || int(st.Uid) != uid {
			continue
		}
		line, err := os.ReadFile(filepath.Join(folder, "cmdline"))
		if err != nil || len(line) == 0 {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(folder))
		found[pid] = line
	}
	return found
}

// alive tells whether a process runs; one that is dead and not yet waited for does not.
func alive(pid int) bool {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, state, _ := bytes.Cut(text[max(bytes.LastIndexByte(text, ')'), 0):], []byte(" "))
	return len(state) > 0 && state[0] != 'Z' && state[0] != 'X'
}
