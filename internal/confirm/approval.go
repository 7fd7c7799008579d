package confirm

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/money"
)

// approvalLife is how long a second person has.
const approvalLife = 24 * time.Hour

// Rule says that an act of a merchant needs a second person.
type Rule struct {
	Action    string
	From      money.Fen // from this sum on; 0: always
	Checkers  []access.Role
	ChangedBy string // login@mchid
	ChangedAt time.Time
	always    bool // an act that always has a second person: whoever holds its permission
}

// holds tells whether the rule applies to an act with these parameters' sum.
func (r Rule) holds(amount money.Fen, known bool) bool {
	return r.From == 0 || !known || amount >= r.From
}

// approval is a row of approvals: what stands beside a confirmation that a second person is asked about.
// Where it stands is the confirmation's state.
type approval struct {
	MerchantID  int64
	ID          uuid.UUID // the confirmation's
	Action      string
	Amount      money.Fen // 0: none
	Always      bool
	Hash        []byte // what the maker confirmed
	MakerID     uuid.UUID
	MakerOpenID string
	MakerPaper  []byte
	Asked       []uuid.UUID // who may be the second person, as of then
	AskedAt     time.Time
}

// answer is who was the second person of an approval, and in which confirmation of their own.
type answer struct {
	checker person
	in      uuid.UUID
	at      time.Time
}

// made is the maker as he was when he confirmed.
func (a approval) made() person {
	return person{identity.Standing{Seat: access.Seat{Merchant: a.MerchantID, Account: a.MakerID}, OpenID: a.MakerOpenID, Paper: a.MakerPaper}}
}

// mayCheck refuses everyone who may not be the second person: the maker by any path, the suspended, who
// holds none of the rule's roles.
func mayCheck(r Rule, a Action, makers []person, checker person) error {
	for _, maker := range makers {
		if checker.is(maker) {
			return ErrSelf
		}
	}
	switch {
	case !checker.Active || checker.OpenID == "":
		return ErrSuspended
	case r.always && a.SuperOnly && !checker.has(access.SuperAdmin):
		return ErrNotChecker
	case r.always && !checker.scope().May(a.Needs):
		return ErrNotChecker
	case !r.always && !slices.ContainsFunc(r.Checkers, checker.has):
		return ErrNotChecker
	}
	return nil
}

// eligible are those who may be the second person.
func eligible(r Rule, a Action, maker person, members []person) []person {
	var able []person
	for _, m := range members {
		if mayCheck(r, a, []person{maker}, m) == nil {
			able = append(able, m)
		}
	}
	return able
}

// oneAlone tells whether all members are one person.
func oneAlone(members []person) bool {
	return !slices.ContainsFunc(members, func(m person) bool { return !m.is(members[0]) })
}
