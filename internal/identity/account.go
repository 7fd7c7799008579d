package identity

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
)

// NewAccount is a login account to be made: one person in one merchant.
type NewAccount struct {
	Merchant int64
	Login    string // without @mchid
	Person   Person
	Mobile   string
	Roles    []access.Role
	Actor    access.Actor // who makes it
	// NoPassword leaves out the initial password, for accounts that are bound at once.
	NoPassword bool
	// Password is given instead of drawn; only the sandbox's seed does, so that scripts know it.
	Password string
}

// check refuses what cannot be an account, all at once.
func (n NewAccount) check() error {
	var f fault.Form
	if !loginName.MatchString(n.Login) {
		f.Add(ErrLoginForm)
	}
	n.Person.check(&f)
	if !phoneForm.MatchString(n.Mobile) {
		f.Add(ErrMobileForm)
	}
	if !distinct(n.Roles) {
		f.Add(ErrRoles)
	}
	return f.Err()
}

// distinct tells whether there are roles, each once.
func distinct(roles []access.Role) bool {
	seen := map[access.Role]bool{}
	for _, r := range roles {
		if r == "" || seen[r] {
			return false
		}
		seen[r] = true
	}
	return len(roles) > 0
}

// tidy writes the fields one way.
func (n NewAccount) tidy() NewAccount {
	n.Login = strings.TrimSpace(n.Login)
	n.Person = n.Person.tidy()
	n.Mobile = strings.ReplaceAll(strings.TrimSpace(n.Mobile), " ", "")
	n.Roles = slices.Clone(n.Roles)
	return n
}

// account is a row of login_accounts.
type account struct {
	MerchantID   int64     `gorm:"primaryKey;autoIncrement:false"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Login        string
	RealName     []byte
	NameMasked   string
	IDType       IDType
	IDNumber     []byte
	IDIndex      []byte
	IDMasked     string
	Mobile       []byte
	MobileMasked string
	PasswordHash string
	CardTries    int
	State        string
	Place        *int16    // among the members that may come in; none while suspended
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
}

// role is a row of account_roles.
type role struct {
	MerchantID int64       `gorm:"primaryKey;autoIncrement:false"`
	AccountID  uuid.UUID   `gorm:"primaryKey"`
	Role       access.Role `gorm:"primaryKey"`
}
