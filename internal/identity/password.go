package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"

	"zhanggui/internal/fault"
)

// The initial password: characters that nobody mistakes for others, about 70 bits.
const (
	initialAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
	initialLength   = 12
)

// argon2id costs about 30 ms and 19 MiB.
const (
	hashTime   = 2
	hashMemory = 19 * 1024 // KiB
	hashLanes  = 1
	hashSize   = 32
)

// newPassword draws an initial password.
func (g *Gate) newPassword() (string, error) {
	var b strings.Builder
	for range initialLength {
		n, err := below(g.rand, len(initialAlphabet))
		if err != nil {
			return "", err
		}
		b.WriteByte(initialAlphabet[n])
	}
	return b.String(), nil
}

// hashPassword makes the form that is kept: argon2id$m,t,p$salt$hash.
func (g *Gate) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(g.rand, salt); err != nil {
		return "", fmt.Errorf("random salt: %w", err)
	}
	sum, err := g.stretch(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("argon2id$%d,%d,%d$%s$%s", hashMemory, hashTime, hashLanes,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// passwordFits compares in the same time whether or not there is anything to compare with: an
// account that does not exist costs as much as one that does.
func (g *Gate) passwordFits(ctx context.Context, kept, password string) (bool, error) {
	parts := strings.Split(kept, "$")
	salt, want := make([]byte, saltSize), make([]byte, hashSize)
	known := len(parts) == 4
	if known {
		var err error
		if salt, err = base64.RawStdEncoding.DecodeString(parts[2]); err != nil {
			return false, fmt.Errorf("kept password: %w", err)
		}
		if want, err = base64.RawStdEncoding.DecodeString(parts[3]); err != nil {
			return false, fmt.Errorf("kept password: %w", err)
		}
	}
	sum, err := g.stretch(ctx, password, salt)
	return known && subtle.ConstantTimeCompare(sum, want) == 1, err
}

// stretch hashes, few at once: each takes much memory, so a crowd waits in line.
func (g *Gate) stretch(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
	case <-ctx.Done():
		return nil, fault.ErrBusy
	}
	return argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashLanes, hashSize), nil
}
