package audit

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Anchor is a file outside of the database that remembers the newest head this machine sealed, so that
// taking the whole database back to an earlier state shows. Empty: nothing is remembered.
type Anchor string

// keep remembers the head, in one step.
func (a Anchor) keep(h head) error {
	part, err := os.CreateTemp(filepath.Dir(string(a)), filepath.Base(string(a))+".*")
	if err != nil {
		return fmt.Errorf("audit anchor: %w", err)
	}
	_, err = fmt.Fprintf(part, "%d %s\n", h.Number, hex.EncodeToString(h.Hash))
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), string(a))
	}
	if err != nil {
		return fmt.Errorf("audit anchor: %w", errors.Join(err, os.Remove(part.Name())))
	}
	return nil
}

// read is the number and hash of the head that was kept; zero when none was yet.
func (a Anchor) read() (h head, err error) {
	if a == "" {
		return h, nil
	}
	raw, err := os.ReadFile(string(a))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("audit anchor: %w", err)
	}
	if _, err := fmt.Sscanf(string(raw), "%d %x", &h.Number, &h.Hash); err != nil {
		return h, fmt.Errorf("audit anchor %s: %w", a, err)
	}
	return h, nil
}
