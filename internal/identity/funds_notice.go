package identity

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// FundsNotice is what those who answer for a merchant's money are told: in the inbox of super admin and
// finance, and to the super admin's WeChat. Kind is one of inbox.Events; Fields are words' ids with values
// for the chat.
type FundsNotice struct {
	Kind   string
	Args   map[string]string
	Fields [][2]string
	Link   string
	Key    string // told once
	At     time.Time
}

// TellFunds tells them.
func (g *Gate) TellFunds(ctx context.Context, tx db.Tx, merchant int64, f FundsNotice) error {
	for _, role := range []access.Role{access.SuperAdmin, access.Finance} {
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: merchant, Role: role, Kind: f.Kind, Args: f.Args, Link: f.Link, At: f.At})
		if err != nil {
			return err
		}
	}
	all, err := approvers(ctx, tx.PG(), merchant)
	if err != nil {
		return err
	}
	for _, s := range all {
		n := notice{template: f.Kind, key: f.Kind + ":" + f.Key, fields: f.Fields}
		if err := g.send(ctx, tx, s, s.OpenID, n); err != nil {
			return err
		}
	}
	return nil
}
