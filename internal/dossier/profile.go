package dossier

import (
	"context"
	"encoding/json"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// ProfileParams are the new values; what is empty stays as it is.
type ProfileParams struct {
	ShortName    string `json:"short_name"`
	ContactPhone string `json:"contact_phone"`
}

func (p ProfileParams) profile() merchant.Profile { return merchant.Profile(p) }

func (d Deps) profileAction() confirm.Action {
	return confirm.Action{Code: ProfileAction, Needs: access.MerchantProfile, SuperOnly: true, Approvable: true, Private: true,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			_, w, err := profileWords(ctx, q, s, params)
			return w, err
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			p, _, err := profileWords(ctx, tx.PG(), s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			by := merchant.ProfileChange{By: s.Actor().Name, At: d.Clock.Now(), Confirmation: confirm.Current(ctx)}
			err = merchant.ChangeProfile(ctx, tx, d.Vault, s.Merchant(), p.profile(), by)
			return confirm.Result{Object: strconv.FormatInt(s.Merchant(), 10), Link: Path, Details: p.details()}, err
		}}
}

// details are for the audit log: what changed, the phone masked.
func (p ProfileParams) details() map[string]any {
	d := map[string]any{}
	if p.ShortName != "" {
		d["short_name"] = p.ShortName
	}
	if p.ContactPhone != "" {
		d["contact_phone"] = vault.MaskPhone(p.ContactPhone)
	}
	return d
}

// profileWords says what changes, the old value beside the new one.
func profileWords(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (ProfileParams, confirm.Words, error) {
	p, err := confirm.Decode[ProfileParams](params)
	if err != nil {
		return p, confirm.Words{}, err
	}
	m, err := merchant.Get(ctx, q, s.Merchant())
	if err != nil {
		return p, confirm.Words{}, err
	}
	if err := checkProfile(m, p); err != nil {
		return p, confirm.Words{}, err
	}
	w := confirm.Words{Title: words.T(ctx, "dossier.profile_title"), Lines: []confirm.Line{merchantLine(ctx, m)}}
	if p.ShortName != "" {
		w.Lines = append(w.Lines, changeLine(ctx, "dossier.short_name", m.ShortName, p.ShortName))
	}
	if p.ContactPhone != "" {
		w.Lines = append(w.Lines, changeLine(ctx, "dossier.contact_phone", m.PhoneMasked, vault.MaskPhone(p.ContactPhone)))
	}
	return p, w, nil
}

// checkProfile refuses values that cannot be, and a change that is none.
func checkProfile(m merchant.Merchant, p ProfileParams) error {
	if err := p.profile().Check(); err != nil {
		return err
	}
	if (p.ShortName == "" || p.ShortName == m.ShortName) && p.ContactPhone == "" {
		return fault.New("dossier.unchanged").On("short_name")
	}
	return nil
}

func merchantLine(ctx context.Context, m merchant.Merchant) confirm.Line {
	return confirm.Line{Label: words.T(ctx, "dossier.merchant"),
		Value: words.F(ctx, "dossier.merchant_value", words.Args{"Name": m.LegalName, "MchID": strconv.FormatInt(m.ID, 10)})}
}

// changeLine is a value and what becomes of it.
func changeLine(ctx context.Context, label, old, fresh string) confirm.Line {
	if old == "" {
		old = words.T(ctx, "dossier.none")
	}
	return confirm.Line{Label: words.T(ctx, label), Value: words.F(ctx, "dossier.becomes", words.Args{"Old": old, "New": fresh})}
}
