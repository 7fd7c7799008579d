package platform

import (
	"context"
	"encoding/json"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// open opens a merchant with its first super admin, whose initial password is shown once to the
// operator who asked. The same number again is merchant.ErrTaken.
func (o *Office) open() confirm.Action {
	return confirm.Action{Code: "merchant.open", Needs: access.OpsMerchantsOpen, Private: true,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			n, p, err := decode[Opening](s, params)
			if err != nil {
				return confirm.Words{}, err
			}
			if err := o.checkOpening(ctx, q, p, n); err != nil {
				return confirm.Words{}, err
			}
			return n.words(ctx), nil
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			n, p, err := decode[Opening](s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			return o.openMerchant(ctx, tx, p, n)
		}}
}

// decode reads the parameters of an operator's act, and takes the right across merchants from its scope.
func decode[P any](s access.Scope, params json.RawMessage) (P, access.Platform, error) {
	n, err := confirm.Decode[P](params)
	if err != nil {
		return n, access.Platform{}, err
	}
	p, err := access.Across(s)
	return n, p, err
}

// nowhere is the number of no merchant.
const nowhere = -1

// checkOpening finds everything that is wrong at once, so that the form can say all of it.
func (o *Office) checkOpening(ctx context.Context, q db.Querier, p access.Platform, n Opening) error {
	f := n.check()
	first := n.admin(p.Actor())
	first.Merchant = nowhere // nobody has a login where nothing is open yet
	admin := o.gate.CheckNew(ctx, q, first)
	if admin != nil && fault.All(admin) == nil {
		return admin
	}
	f = append(f, fault.All(admin)...)
	taken, err := merchant.Taken(ctx, q, n.MchID)
	if err != nil {
		return err
	}
	if taken && n.MchID != access.PlatformID {
		f.Add(merchant.ErrTaken)
	}
	if n.Kind == merchant.SubMerchant && n.Parent > 0 {
		err := merchant.CheckParent(ctx, q, n.Parent)
		if err != nil && fault.All(err) == nil {
			return err
		}
		f = append(f, fault.All(err)...)
	}
	return f.Err()
}

func (o *Office) openMerchant(ctx context.Context, tx db.Tx, p access.Platform, n Opening) (confirm.Result, error) {
	c := merchant.Changed{Change: merchant.Opened, Actor: p.Actor().Name, At: o.clock.Now()}
	if err := o.openBooks(ctx, tx, n, c); err != nil {
		return confirm.Result{}, err
	}
	_, password, err := o.gate.CreateAccount(ctx, tx, n.admin(p.Actor()))
	if err != nil {
		return confirm.Result{}, err
	}
	login := n.Login + "@" + mchid(n.MchID)
	details := map[string]any{"kind": n.Kind, "parent_mchid": n.Parent, "settlement_cycle": n.Cycle,
		"account_system": n.System, "fee_rate": n.FeeRate, "super_admin": login}
	return confirm.Result{Object: mchid(n.MchID), Link: "/ops/merchants/" + mchid(n.MchID), Details: details,
			Lines:  []confirm.Line{line(ctx, "ops.merchant.mchid", mchid(n.MchID)), line(ctx, "ops.merchant.admin_login", login)},
			Secret: &confirm.Line{Label: words.F(ctx, "ops.merchant.password_of", words.Args{"Login": login}), Value: password}},
		o.tell(ctx, tx, p, n.MchID, "merchant.open", details)
}

// openBooks opens the merchant with its books.
func (o *Office) openBooks(ctx context.Context, tx db.Tx, n Opening, c merchant.Changed) error {
	if err := merchant.Open(ctx, tx, o.vault, n.merchant(), c); err != nil {
		return err
	}
	return ledger.OpenBooks(ctx, tx, n.MchID, n.System, c.At)
}

// words are what the operator's phone shows: everything, the person masked.
func (o Opening) words(ctx context.Context) confirm.Words {
	w := confirm.Words{Title: words.F(ctx, "ops.open.title", words.Args{"Name": o.ShortName}), Warn: words.T(ctx, "ops.open.warn")}
	add := func(id, value string) { w.Lines = append(w.Lines, line(ctx, id, value)) }
	add("ops.merchant.mchid", mchid(o.MchID))
	add("ops.merchant.kind", words.T(ctx, "merchant.kind."+string(o.Kind)))
	if o.Parent != 0 {
		add("ops.merchant.parent", mchid(o.Parent))
	}
	add("ops.merchant.legal_name", o.LegalName)
	add("ops.merchant.cycle", string(o.Cycle))
	add("ops.merchant.system", words.T(ctx, "merchant.system."+string(o.System)))
	add("ops.merchant.rate", o.FeeRate.String())
	add("ops.merchant.account", o.SettlementBank+" "+vault.MaskCard(o.SettlementAccount))
	add("ops.merchant.appid", o.AppID)
	add("ops.merchant.admin_login", o.Login+"@"+mchid(o.MchID))
	add("ops.merchant.admin", vault.MaskName(o.Name)+" "+vault.MaskID(o.IDNumber))
	add("ops.merchant.mobile", vault.MaskPhone(o.Mobile))
	return w
}

func line(ctx context.Context, id, value string) confirm.Line {
	return confirm.Line{Label: words.T(ctx, id), Value: value}
}
