package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"zhanggui/internal/vault"
)

const keyFile = "master.key"

// demoKey is the demo's master key: the environment's if given, else one made at the first start
// and kept in the data folder beside what it seals.
func demoKey(s settings) ([]byte, error) {
	if s.MasterKey != "" || s.MasterKeyFile != "" {
		return s.masterKey()
	}
	path := filepath.Join(s.Data, keyFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return decodeKey(strings.TrimSpace(string(raw)))
}

// hasDemoKey tells whether a demo has made its key in the data folder.
func hasDemoKey(s settings) bool {
	_, err := os.Stat(filepath.Join(s.Data, keyFile))
	return err == nil
}

// makeKey writes a new key in one step, so that a crash leaves a whole key or none.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, vault.KeySize)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	// The database's own user must be able to pass through the data folder.
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := writeWhole(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return key, nil
}

// writeWhole writes a secret file at once or not at all.
func writeWhole(path string, text []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}
