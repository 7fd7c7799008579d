package confirm

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Templates are the messages of the official account that approvals send.
var Templates = []string{"approval_asked", "approval_answered"}

// tellCheckers asks everyone who may be the second person, in the portal and on the phone, where it can
// be answered at once.
func (d *Desk) tellCheckers(ctx context.Context, tx db.Tx, c confirmation, checkers []person) error {
	maker, err := d.person(ctx, tx, c.MerchantID, c.AccountID)
	if err != nil {
		return err
	}
	w, err := wordsIn(ctx, c.Words)
	if err != nil {
		return err
	}
	until, who := clock.Text(c.ExpiresAt), maker.NameMasked+" "+maker.Seat.Name
	for _, each := range checkers {
		m := inbox.Message{Merchant: c.MerchantID, To: each.Seat.Account, Category: inbox.Business, Kind: "approval_asked",
			Args: map[string]string{"Title": w.Title, "Maker": who, "Until": until}, Link: approvalPath(c), At: d.clock.Now()}
		if err := inbox.Tell(ctx, tx, m); err != nil {
			return err
		}
		err := d.send(ctx, tx, c, each, "approval_asked", [][2]string{{"merchant", each.ShortName}, {"act", w.Title},
			{"maker", who}, {"until", until}})
		if err != nil {
			return err
		}
	}
	return nil
}

// tellMaker says how it ended.
func (d *Desk) tellMaker(ctx context.Context, tx db.Tx, c confirmation, maker person) error {
	w, err := wordsIn(ctx, c.Words)
	if err != nil {
		return err
	}
	state := words.T(ctx, "approval.state."+string(c.State))
	why := words.T(ctx, "approval.no_reason")
	if r := reason(c.Reason, c.ReasonArgs); r != nil {
		why = r.Say(ctx)
	}
	m := inbox.Message{Merchant: c.MerchantID, To: maker.Seat.Account, Category: inbox.Business, Kind: "approval_answered",
		Args: map[string]string{"Title": w.Title, "State": state, "Reason": why}, Link: approvalPath(c), At: d.clock.Now()}
	if err := inbox.Tell(ctx, tx, m); err != nil {
		return err
	}
	return d.send(ctx, tx, c, maker, "approval_answered", [][2]string{{"merchant", maker.ShortName}, {"act", w.Title},
		{"outcome", state}, {"time", clock.Text(d.clock.Now())}})
}

// send writes to a person's WeChat; who has none is not written to.
func (d *Desk) send(ctx context.Context, tx db.Tx, c confirmation, to person, template string, fields [][2]string) error {
	if to.OpenID == "" {
		return nil
	}
	said := map[string]string{}
	for _, f := range fields {
		said[words.T(ctx, "approval.field_"+f[0])] = f[1]
	}
	return inbox.WeChat(ctx, tx, inbox.Notice{Merchant: c.MerchantID, OpenID: to.OpenID, Template: template,
		Title: words.T(ctx, "approval.notice_"+template), Fields: said, URL: d.base + "/m/approvals/" + c.ID.String(),
		Key: template + ":" + c.ID.String() + ":" + to.Seat.Account.String()}, d.clock.Now())
}

// Sentence says why a confirmation ended, for pages.
func Sentence(ctx context.Context, r *fault.Refusal) string {
	if r == nil {
		return ""
	}
	return r.Say(ctx)
}
