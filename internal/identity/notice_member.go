package identity

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// managed is the page on which others manage the account.
func (s seat) managed() string {
	if s.platform() {
		return "/ops/operators/" + s.Login
	}
	return "/account/members/" + s.Login
}

// tellUnbound tells a person, on the WeChat that is about to go, that it is unbound. Super admins learn of
// an employee's in the portal.
func (g *Gate) tellUnbound(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, template string) error {
	s, err := seatOf(ctx, tx.PG(), merchant, account)
	if err != nil {
		return err
	}
	now := g.clock.Now()
	args := map[string]string{"Login": s.login(), "Time": clock.Text(now)}
	if !s.has(access.SuperAdmin) {
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: merchant, Role: access.SuperAdmin, Category: inbox.Security, Kind: template,
			Args: args, Link: s.managed(), At: now})
		if err != nil {
			return err
		}
	}
	return g.send(ctx, tx, s, s.OpenID, notice{template: template, key: template + ":" + account.String() + ":" + strconv.FormatInt(now.UnixMicro(), 36),
		fields: [][2]string{{"time", clock.Text(now)}}})
}

// tellHandover asks the receiver for an answer, on the phone that gives it.
func (g *Gate) tellHandover(ctx context.Context, tx db.Tx, h handover, from, to seat) error {
	lapses := clock.Text(h.LapsesAt)
	err := inbox.Tell(ctx, tx, inbox.Message{Merchant: h.MerchantID, To: h.ToID, Category: inbox.Security, Kind: "handover_asked",
		Args: map[string]string{"Name": from.NameMasked, "Login": from.login(), "Until": lapses}, At: h.AskedAt})
	if err != nil {
		return err
	}
	return g.send(ctx, tx, to, to.OpenID, notice{template: "handover_asked", key: "handover:" + h.ID.String(),
		url: g.base + "/m/handover/" + h.ID.String(), fields: [][2]string{{"person", from.NameMasked}, {"until", lapses}}})
}

// tellHandoverEnd tells both sides how it ended, and, when the role has moved, both in the portal.
func (g *Gate) tellHandoverEnd(ctx context.Context, tx db.Tx, h handover, from, to seat) error {
	at := clock.Text(*h.AnsweredAt)
	for _, side := range []seat{from, to} {
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: h.MerchantID, To: side.AccountID, Category: inbox.Security,
			Kind: "handover_" + string(h.State), Link: "/account/profile", At: *h.AnsweredAt,
			Args: map[string]string{"From": from.login(), "FromName": from.NameMasked, "To": to.login(), "ToName": to.NameMasked, "Time": at}})
		if err != nil {
			return err
		}
		n := notice{template: "handover_" + string(h.State), key: "handover:" + h.ID.String() + ":" + side.AccountID.String(),
			fields: [][2]string{{"person", to.NameMasked}, {"time", at}}}
		if err := g.send(ctx, tx, side, side.OpenID, n); err != nil {
			return err
		}
	}
	return nil
}
