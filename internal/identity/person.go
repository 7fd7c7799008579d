package identity

import (
	"crypto/subtle"
	"fmt"
	"io"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/vault"
)

// saltSize is the part of a stored comparison that is random.
const saltSize = 16

// seat is a login account with its merchant, its person (sealed) and its WeChat, as it stands now.
type seat struct {
	MerchantID int64
	AccountID  uuid.UUID
	Login      string
	RealName   []byte
	NameMasked string
	IDType     IDType
	IDNumber   []byte
	Suspended  bool // the account or its merchant
	ShortName  string
	LegalName  string
	Provider   bool
	OpenID     string // empty: not bound
	Compared   []byte
	Roles      []access.Role
	Custom     []access.CustomRole // what those of Roles mean that the merchant made itself
}

func (s seat) login() string { return fullLogin(s.Login, s.MerchantID) }

func (s seat) has(role access.Role) bool {
	for _, r := range s.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// at is where a column of an account is sealed.
func at(column string, merchant int64, account uuid.UUID) vault.At {
	return vault.At{Table: "login_accounts", Column: column, Row: account.String(), Merchant: merchant}
}

// person opens whom the account was made for.
func (g *Gate) person(s seat) (Person, error) {
	name, err := g.vault.Reveal(at("real_name", s.MerchantID, s.AccountID), s.RealName)
	if err != nil {
		return Person{}, fmt.Errorf("name of %s: %w", s.login(), err)
	}
	number, err := g.vault.Reveal(at("id_number", s.MerchantID, s.AccountID), s.IDNumber)
	if err != nil {
		return Person{}, fmt.Errorf("paper of %s: %w", s.login(), err)
	}
	return Person{Name: name, IDType: s.IDType, IDNumber: number}, nil
}

// compared is the salted hash of what a verdict was about: this WeChat and this person, in this seat.
func (g *Gate) compared(salt []byte, s seat, openid string, p Person) []byte {
	sum := g.vault.MAC("compared", string(salt), strconv.FormatInt(s.MerchantID, 10), s.AccountID.String(),
		openid, p.Name, string(p.IDType), p.IDNumber)
	return append(append(make([]byte, 0, len(salt)+len(sum)), salt...), sum...)
}

// newCompared is compared with a fresh salt.
func (g *Gate) newCompared(s seat, openid string, p Person) ([]byte, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(g.rand, salt); err != nil {
		return nil, fmt.Errorf("random salt: %w", err)
	}
	return g.compared(salt, s, openid, p), nil
}

// holds tells whether a stored verdict is about today's openid, name and paper.
func (g *Gate) holds(stored []byte, s seat, openid string) (bool, error) {
	if len(stored) <= saltSize || openid == "" {
		return false, nil
	}
	p, err := g.person(s)
	if err != nil {
		return false, err
	}
	today := g.compared(stored[:saltSize], s, openid, p)
	return subtle.ConstantTimeCompare(stored, today) == 1, nil
}

// bound tells whether the seat's binding stands: there is one, and its verdict still fits.
func (g *Gate) bound(s seat) (bool, error) {
	if s.OpenID == "" {
		return false, nil
	}
	return g.holds(s.Compared, s, s.OpenID)
}
