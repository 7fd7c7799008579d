package wire

import (
	"crypto/rand"
	"encoding/hex"
	"io"
)

const nonceBytes = 16

// Nonces makes the 32-character nonce_str of a message from the source of randomness it is given.
// A source that fails leaves nothing to send with, so it panics: crypto/rand never does.
func Nonces(random io.Reader) func() string {
	return func() string {
		var raw [nonceBytes]byte
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			panic("wire: no randomness for a nonce: " + err.Error())
		}
		return hex.EncodeToString(raw[:])
	}
}

// RequestIDs makes the numbers by which answers can be asked about.
func RequestIDs() func() string { return rand.Text }
