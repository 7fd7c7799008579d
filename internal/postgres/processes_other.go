//go:build unix && !linux

package postgres

import (
	"bytes"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// setDeathSignal does nothing: only Linux can, and leftovers are ended at the next start anyway.
func setDeathSignal(*syscall.SysProcAttr, syscall.Signal) {}

// processesOf lists the live processes of a user with their command lines.
func processesOf(uid int) map[int][]byte {
	found := map[int][]byte{}
	out, err := exec.Command("ps", "-axo", "pid=,uid=,command=").Output()
	if err != nil {
		return found
	}
	for _, line := range strings.Split(string(out), "\n") {
		words := strings.Fields(line)
		if len(words) < 3 || words[1] != strconv.Itoa(uid) {
			continue
		}
		pid, _ := strconv.Atoi(words[0])
		found[pid] = bytes.Join(bytes.Fields([]byte(strings.Join(words[2:], " "))), []byte{0})
	}
	return found
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
