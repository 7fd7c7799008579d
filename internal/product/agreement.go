package product

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// Agreement is a text that somebody signs. A text that changed has another version; what was signed keeps its own.
type Agreement struct {
	Version string // 2026-11
	Text    string // its first line is its title; lines that begin a part begin with its number and 、
}

// textMax bounds an agreement, in bytes.
const textMax = 64 << 10

var versionForm = regexp.MustCompile(`^[0-9A-Za-z.-]{1,32}$`)

func (a Agreement) whole() bool {
	return versionForm.MatchString(a.Version) && a.Title() != "" && len(a.Text) <= textMax
}

// Hash is the text's SHA-256 in hexadecimal digits.
func (a Agreement) Hash() string {
	sum := sha256.Sum256([]byte(a.Text))
	return hex.EncodeToString(sum[:])
}

// Title is its first line.
func (a Agreement) Title() string {
	title, _, _ := strings.Cut(strings.TrimSpace(a.Text), "\n")
	return title
}

// Paragraphs are the lines after the title.
func (a Agreement) Paragraphs() (all []string) {
	_, body, _ := strings.Cut(strings.TrimSpace(a.Text), "\n")
	for _, line := range strings.Split(body, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// Signed is what a person agrees to: the version that was shown, and its hash.
type Signed struct {
	Code    Code   `json:"code"`
	Version string `json:"version"`
	Hash    string `json:"hash"`
}

// Signing is today's agreement of a product, as Open wants it signed.
func (d Declaration) Signing() Signed {
	return Signed{Code: d.Code, Version: d.Agreement.Version, Hash: d.Agreement.Hash()}
}
