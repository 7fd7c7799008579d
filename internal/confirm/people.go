package confirm

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
)

// person is the holder of a login account as of this moment.
type person struct{ identity.Standing }

// person reads a login account and holds it until the transaction ends.
func (d *Desk) person(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID) (person, error) {
	s, err := d.gate.Standing(ctx, tx, merchant, account)
	return person{s}, err
}

// holder is who a WeChat is in a merchant, held likewise.
func (d *Desk) holder(ctx context.Context, tx db.Tx, merchant int64, openid string) (person, error) {
	s, err := d.gate.StandingOf(ctx, tx, merchant, openid)
	return person{s}, err
}

// members are the active ones of a merchant.
func (d *Desk) members(ctx context.Context, q db.Querier, merchant int64) ([]person, error) {
	all, err := d.gate.Active(ctx, q, merchant)
	if err != nil {
		return nil, err
	}
	people := make([]person, len(all))
	for i, s := range all {
		people[i] = person{s}
	}
	return people, nil
}

// actor is a person of whom only the name matters.
func actor(a access.Actor) person {
	return person{identity.Standing{Seat: access.Seat{Name: a.Name, Account: a.Account}}}
}

// answers tells whether the WeChat may answer for the person.
func (p person) answers(openid string) bool { return p.Active && openid != "" && p.OpenID == openid }

// is tells whether two login accounts are one person by any path.
func (p person) is(other person) bool {
	return p.Seat.Merchant == other.Seat.Merchant && p.Seat.Account == other.Seat.Account ||
		p.OpenID != "" && p.OpenID == other.OpenID ||
		len(p.Paper) > 0 && bytes.Equal(p.Paper, other.Paper)
}

func (p person) has(r access.Role) bool { return slices.Contains(p.Seat.Roles, r) }
