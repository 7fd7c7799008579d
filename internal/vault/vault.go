// Package vault encrypts personal data and secrets for the database and makes blind indexes for
// matching them. Each value gets its own key, wrapped by the master key; table, column, row and
// merchant are bound in, so a ciphertext moved to another place does not open.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
)

// KeySize is the length of the master key in bytes.
const KeySize = 32

// version 1: version byte ‖ wrapped record key ‖ sealed value, both AES-256-GCM with random nonces.
const version = 1

const wrappedSize = 12 + KeySize + 16

// ErrSealed says a value does not open here: wrong key, altered, or moved from another place.
var ErrSealed = errors.New("vault: value cannot be opened here")

// Vault seals and reveals with one master key.
type Vault struct {
	wrap  cipher.AEAD
	index []byte
	mac   []byte
}

// Open makes a vault of a 32-byte master key.
func Open(master []byte) (*Vault, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("vault: master key has %d bytes, want %d", len(master), KeySize)
	}
	wrapKey, err := hkdf.Key(sha256.New, master, nil, "zhanggui/wrap/1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("vault: derive: %w", err)
	}
	index, err := hkdf.Key(sha256.New, master, nil, "zhanggui/index/1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("vault: derive: %w", err)
	}
	mac, err := hkdf.Key(sha256.New, master, nil, "zhanggui/mac/1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("vault: derive: %w", err)
	}
	return &Vault{wrap: gcm(wrapKey), index: index, mac: mac}, nil
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only a wrong key size fails, and ours is fixed
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// At is the place a sealed value belongs to.
type At struct {
	Table, Column, Row string
	Merchant           int64
}

func (a At) bytes() []byte {
	return []byte(a.Table + "\x00" + a.Column + "\x00" + a.Row + "\x00" + strconv.FormatInt(a.Merchant, 10))
}

// Seal encrypts a value for its place.
func (v *Vault) Seal(at At, plain string) []byte {
	key := random(KeySize)
	place := at.bytes()
	out := make([]byte, 0, 1+wrappedSize+12+len(plain)+16)
	out = append(out, version)
	out = seal(v.wrap, out, key, place)
	return seal(gcm(key), out, []byte(plain), place)
}

func seal(aead cipher.AEAD, out, plain, place []byte) []byte {
	nonce := random(aead.NonceSize())
	return aead.Seal(append(out, nonce...), nonce, plain, place)
}

// Reveal opens a value at its place.
func (v *Vault) Reveal(at At, sealed []byte) (string, error) {
	if len(sealed) < 1+wrappedSize+12+16 || sealed[0] != version {
		return "", ErrSealed
	}
	place := at.bytes()
	key, err := open(v.wrap, sealed[1:1+wrappedSize], place)
	if err != nil {
		return "", err
	}
	plain, err := open(gcm(key), sealed[1+wrappedSize:], place)
	return string(plain), err
}

func open(aead cipher.AEAD, sealed, place []byte) ([]byte, error) {
	n := aead.NonceSize()
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], place)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Index is a blind index: equal texts of one purpose give equal bytes, and nothing else is told.
func (v *Vault) Index(purpose, text string) []byte { return sum(v.index, purpose, text) }

// MAC authenticates parts under a purpose.
func (v *Vault) MAC(purpose string, parts ...string) []byte {
	return sum(v.mac, append([]string{purpose}, parts...)...)
}

// sum writes each part with its length, so that no two lists of parts collide.
func sum(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return h.Sum(nil)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}
