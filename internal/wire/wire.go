// Package wire holds the formats that WeChat Pay and its merchants exchange, and the proofs on them:
// the flat, signed XML of APIv2, the signed and sealed JSON of APIv3, and the strict reading of JSON.
//
// It decides what is well-formed and what is genuine. It refuses whatever two readers could
// understand in two ways (duplicate fields, comments, attributes, nesting, a second document), because
// a message that is signed in one reading and used in another is not signed at all. The map that a
// signature was checked on is the map that the caller gets.
//
// One weakness belongs to APIv2 itself and cannot be closed here: values are signed unescaped, so
// {a: "1&b=2"} and {a: "1", b: "2"} carry the same signature. Callers demand the fields they need and
// never act on the presence of an optional one alone.
package wire

import (
	"errors"
	"fmt"
)

// What can be wrong with a message. The edge turns these into the protocol's own words.
var (
	ErrMalformed = errors.New("wire: malformed message")
	ErrSignature = errors.New("wire: signature refused")
)

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

func unproven(why string) error { return fmt.Errorf("%w: %s", ErrSignature, why) }
