package postgres

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

const logMax = 1 << 20

// openLog opens the file of the server's own words; beyond its limit the old one is kept once.
func (h home) openLog() (*os.File, int64, error) {
	path := h.path("log")
	if st, err := os.Stat(path); err == nil && st.Size() > logMax {
		_ = os.Rename(path, path+".before")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("open the database's log: %w", err)
	}
	st, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, st.Size(), nil
}

// said is the end of what the process wrote, on one line.
func (s *server) said() string {
	const most = 600
	text, err := os.ReadFile(s.log)
	if err != nil || int64(len(text)) < s.logFrom {
		return "see " + s.log
	}
	text = text[s.logFrom:]
	text = text[max(0, len(text)-most):]
	return strings.Join(strings.Fields(string(text)), " ")
}
