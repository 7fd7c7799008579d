package wire

import (
	"bytes"
	"crypto/rand"
	"testing"
)

func TestANonceHas32CharactersAndDoesNotRepeat(t *testing.T) {
	t.Parallel()
	next := Nonces(rand.Reader)
	seen := map[string]bool{}
	for range 1000 {
		n := next()
		if len(n) != 32 || seen[n] {
			t.Fatalf("nonce %q", n)
		}
		seen[n] = true
	}
}

func TestANonceComesFromTheSourceGiven(t *testing.T) {
	t.Parallel()
	if got := Nonces(bytes.NewReader(make([]byte, 16)))(); got != "00000000000000000000000000000000" {
		t.Error(got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a dry source went unnoticed")
		}
	}()
	Nonces(bytes.NewReader(nil))()
}
