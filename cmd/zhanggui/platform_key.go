package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zhanggui/internal/wire"
)

const (
	platformKeyFile = "platform.key"
	platformKeyBits = 2048
)

// platformKey is what the platform signs with: the environment's, or that of the demo in the data folder.
func (s settings) platformKey() (*wire.PrivateKey, error) {
	path, name := s.PlatformKey, "ZHANGGUI_PLATFORM_KEY_FILE"
	if path == "" && (s.DatabaseURL == "" || hasDemoKey(s)) {
		path = filepath.Join(s.Data, platformKeyFile)
	}
	if path == "" {
		return nil, errors.New(name + " is missing")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return readPlatformKey(text)
}

// readPlatformKey names the key by what it is, so that two keys never go by one name.
func readPlatformKey(text []byte) (*wire.PrivateKey, error) {
	key, err := wire.ReadPrivateKey("platform", text)
	if err != nil {
		return nil, fmt.Errorf("platform key: %w", err)
	}
	public, err := key.Public().PEM()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(public))
	return key.As(fmt.Sprintf("PUB_KEY_ID_%020d", binary.BigEndian.Uint64(sum[:8]))), nil
}

// demoPlatformKey is the demo's, made at the first start in one step: a crash leaves a whole key or none.
func demoPlatformKey(s settings) (*wire.PrivateKey, error) {
	key, err := s.platformKey()
	if s.PlatformKey != "" || !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	fresh, err := rsa.GenerateKey(rand.Reader, platformKeyBits)
	if err != nil {
		return nil, fmt.Errorf("platform key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(fresh)
	if err != nil {
		return nil, fmt.Errorf("platform key: %w", err)
	}
	path := filepath.Join(s.Data, platformKeyFile)
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := errors.Join(os.WriteFile(path+".part", text, 0o600), os.Rename(path+".part", path)); err != nil {
		return nil, fmt.Errorf("platform key: %w", err)
	}
	return readPlatformKey(text)
}

// headKeys proves what the platform signed.
type headKeys struct{ key *wire.PrivateKey }

// Verify refuses signatures of keys that are not known here.
func (k headKeys) Verify(id string, text, signature []byte) error {
	if k.key == nil || k.key.KeyID() != id {
		return fmt.Errorf("no key %s", id)
	}
	return k.key.Public().Verify(text, signature)
}
