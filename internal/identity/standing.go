package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// Standing is the holder of a login account as of this moment, for those who ask what the holder may
// confirm.
type Standing struct {
	Seat       access.Seat
	NameMasked string
	ShortName  string // of the merchant
	OpenID     string // the WeChat bound to the account; empty: none
	Paper      []byte // blind index of the identity paper: the same person has the same in every account
	// Active: neither account nor merchant is suspended, and the verdict about the WeChat still fits.
	Active bool
}

// Standing reads a login account and lets nobody change it until the transaction ends;
// fault.ErrNotFound where there is none.
func (g *Gate) Standing(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID) (Standing, error) {
	all, err := g.standings(ctx, tx.PG(), held, "a.merchant_id = $1 AND a.id = $2", merchant, account)
	return onlyStanding(all, err)
}

// StandingOf is the same for whoever a WeChat is in the merchant.
func (g *Gate) StandingOf(ctx context.Context, tx db.Tx, merchant int64, openid string) (Standing, error) {
	all, err := g.standings(ctx, tx.PG(), held, "a.merchant_id = $1 AND b.openid = $2", merchant, openid)
	return onlyStanding(all, err)
}

// Active lists the active members of a merchant: those who can come in and confirm.
func (g *Gate) Active(ctx context.Context, q db.Querier, merchant int64) ([]Standing, error) {
	all, err := g.standings(ctx, q, seen, "a.merchant_id = $1 AND b.openid IS NOT NULL ORDER BY a.id", merchant)
	if err != nil {
		return nil, err
	}
	var active []Standing
	for _, s := range all {
		if s.Active {
			active = append(active, s)
		}
	}
	return active, nil
}

// standing judges a seat.
func (g *Gate) standing(s seat, paper []byte) (Standing, error) {
	fits, err := g.bound(s)
	return Standing{Seat: s.access(), NameMasked: s.NameMasked, ShortName: s.ShortName, OpenID: s.OpenID, Paper: paper,
		Active: fits && !s.Suspended}, err
}

// access is the seat as rights are made of it.
func (s seat) access() access.Seat {
	return access.Seat{Merchant: s.MerchantID, Provider: s.Provider, Account: s.AccountID, Name: s.login(),
		Roles: s.Roles, Custom: s.Custom}
}
