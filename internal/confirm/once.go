package confirm

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/db"
)

// onceSize is what of a one-time key is drawn; the other half proves that it is ours.
const onceSize = 16

// Once makes the one-time key of a form that is about to be shown in a session.
func (d *Desk) Once(session uuid.UUID) (string, error) {
	b := make([]byte, onceSize)
	if _, err := io.ReadFull(d.rand, b); err != nil {
		return "", fmt.Errorf("one-time key: %w", err)
	}
	return text64(append(b, d.onceMark(session, b)...)), nil
}

// onceOf tells whether a key was made for the session.
func (d *Desk) onceOf(session uuid.UUID, once string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(once)
	return err == nil && len(b) == 2*onceSize && hmac.Equal(b[onceSize:], d.onceMark(session, b[:onceSize]))
}

func (d *Desk) onceMark(session uuid.UUID, drawn []byte) []byte {
	return d.vault.MAC("once", session.String(), string(drawn))[:onceSize]
}

// asked knows a request again without keeping it.
func (d *Desk) asked(a Action, params json.RawMessage) []byte {
	return d.vault.MAC("asked", a.Code, string(params))
}

// sentBefore finds the confirmation that the same form made. Other values under its key are refused.
func (d *Desk) sentBefore(ctx context.Context, tx db.Tx, who person, a Action, params json.RawMessage, once string) (confirmation, error, error) {
	c, found, err := confirmationOf(ctx, tx, who.Seat.Merchant, who.Seat.Account, once)
	if err != nil || !found {
		return confirmation{}, nil, err
	}
	if !hmac.Equal(c.Asked, d.asked(a, params)) {
		return confirmation{}, ErrOnceChanged, nil
	}
	return c, nil, nil
}

// keepForm keeps with the row which form it came from and what was typed there.
func (d *Desk) keepForm(c *confirmation, a Action, params json.RawMessage, r Request) {
	c.Once, c.Asked = r.Once, d.asked(a, params)
	if len(r.Back) <= backMax && strings.HasPrefix(r.Back, "/") {
		c.Back = r.Back
	}
	if text := r.Form.Encode(); len(r.Form) > 0 && len(text) <= formMax {
		c.Form = d.vault.Seal(c.at("form"), text)
	}
}

// typed is what was typed into the form.
func (d *Desk) typed(c confirmation) (url.Values, error) {
	if len(c.Form) == 0 {
		return url.Values{}, nil
	}
	text, err := d.vault.Reveal(c.at("form"), c.Form)
	if err != nil {
		return nil, fmt.Errorf("form of confirmation %s: %w", c.ID, err)
	}
	return url.ParseQuery(text)
}

// token is made of the confirmation and the session that shows it, so that the same desktop can show
// the same code again while the database knows only a hash.
func (d *Desk) token(id, session uuid.UUID) string {
	return text64(d.vault.MAC("confirmation", id.String(), session.String()))
}

func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func text64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// The desktop shows one number of two digits; the phone offers three to choose from.
const (
	numberMin   = 10
	numberCount = 90
	choiceCount = 3
)

// drawNumbers draws three different numbers, all equally likely, and which one the desktop shows. The
// choices stand in order of size, so that their order tells nothing.
func drawNumbers(random io.Reader) (shown int, choices []byte, err error) {
	for len(choices) < choiceCount {
		n, err := rand.Int(random, big.NewInt(numberCount))
		if err != nil {
			return 0, nil, fmt.Errorf("random number: %w", err)
		}
		if c := byte(numberMin + n.Int64()); !slices.Contains(choices, c) {
			choices = append(choices, c)
		}
	}
	shown = int(choices[0])
	slices.Sort(choices)
	return shown, choices, nil
}

// clip keeps at most n characters, and none that PostgreSQL cannot hold.
func clip(s string, n int) string {
	r := []rune(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
	return string(r[:min(n, len(r))])
}
