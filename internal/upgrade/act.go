package upgrade

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/alert"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/rollout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
)

// Params are what the super admin confirms.
type Params struct {
	Automatic bool      `json:"automatic"`
	Retained  money.Fen `json:"retain_amt"` // fen
	Version   string    `json:"version"`
	Hash      string    `json:"hash"`
	Also      string    `json:"also_hash"` // of the agreement that automatic withdrawals are signed by
}

// Signing is a choice under today's agreement, as it was shown.
func (d Deps) Signing(c Choice, consent, version, hash, also string) (Params, error) {
	p := Params{Automatic: c.Automatic, Retained: c.Retained, Version: version, Hash: hash, Also: also}
	if consent != "1" {
		return p, ErrConsent
	}
	return p, d.check(p)
}

func (d Deps) check(p Params) error {
	also := d.Also(p.Automatic)
	switch {
	case also == nil && p.Also != "" || also != nil && p.Also != also.Hash():
		return ErrAgreement
	case p.Retained < 0 || p.Retained > RetainedMax || !p.Automatic && p.Retained != 0:
		return ErrRetained
	case p.Version != Current.Version || p.Hash != Current.Hash():
		return ErrAgreement
	}
	return nil
}

// Action is what the super admin confirms on the phone.
func (d Deps) Action() confirm.Action {
	return confirm.Action{Code: Action, Needs: access.AccountUpgrade, SuperOnly: true, Describe: d.describe, Run: d.run}
}

// describe refuses whoever it is not offered to. To whom it happened already it says the same again: a second
// answer finds it done.
func (d Deps) describe(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	p, err := confirm.Decode[Params](params)
	if err == nil {
		err = d.check(p)
	}
	if err != nil {
		return confirm.Words{}, err
	}
	m, err := offered(ctx, q, s.Merchant())
	if err == nil && m.UpgradedAt == nil {
		err = atRest(ctx, q, m.ID)
	}
	if err != nil {
		return confirm.Words{}, err
	}
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	w := confirm.Words{Title: words.T(ctx, "upgrade.title"), Warn: words.T(ctx, "upgrade.warn"), Lines: []confirm.Line{
		line("upgrade.line.merchant", words.F(ctx, "upgrade.line.named", words.Args{"Name": m.Name, "MchID": strconv.FormatInt(m.ID, 10)})),
		line("upgrade.line.mode", Choice{p.Automatic, p.Retained}.Text(ctx)),
		line("upgrade.line.agreement", words.F(ctx, "upgrade.line.version", words.Args{"Title": Current.Title(), "Version": p.Version})),
		line("upgrade.line.hash", p.Hash[:hashShown])}}
	if also := d.Also(p.Automatic); also != nil {
		w.Lines = append(w.Lines, line("upgrade.line.also", words.F(ctx, "upgrade.line.version", words.Args{"Title": also.Title(), "Version": also.Version})))
	}
	return w, nil
}

// hashShown is how much of the agreement's hash the phone shows.
const hashShown = 16

// Text says how money goes to the bank.
func (c Choice) Text(ctx context.Context) string {
	if c.Automatic {
		return words.F(ctx, "upgrade.automatic_with", words.Args{"Amount": c.Retained.String()})
	}
	return words.T(ctx, "upgrade.manual")
}

// offered is the merchant, where the upgrade is offered to it or has happened.
func offered(ctx context.Context, q db.Querier, id int64) (rollout.Merchant, error) {
	m, standing, err := rollout.Of(ctx, q, id)
	if err == nil && standing != rollout.Offered && standing != rollout.Upgraded {
		err = ErrNotOffered
	}
	return m, err
}

// atRest refuses while the merchant's settlement is being cut.
func atRest(ctx context.Context, q db.Querier, id int64) error {
	running, err := settlement.Running(ctx, q, id)
	if err == nil && running {
		err = settlement.ErrCutting
	}
	return err
}

// run upgrades the merchant. To whom it happened already it tells of that, or refuses what was not chosen then.
func (d Deps) run(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	p, err := confirm.Decode[Params](params)
	if err != nil {
		return confirm.Result{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return confirm.Result{}, err
	}
	done, err := Read(ctx, tx.PG(), s)
	switch {
	case err == nil && done.Choice != Choice{p.Automatic, p.Retained}:
		return confirm.Result{}, ErrDone.With("Mode", done.Choice.Text(ctx))
	case err == nil:
		return done.result(ctx, true), nil
	case !errors.Is(err, fault.ErrNotFound):
		return confirm.Result{}, err
	}
	if done, err = d.upgrade(ctx, tx, s, p); err != nil {
		return confirm.Result{}, err
	}
	return done.result(ctx, false), d.tell(ctx, tx, done)
}

// upgrade is the whole of it. The merchant is held.
func (d Deps) upgrade(ctx context.Context, tx db.Tx, s access.Scope, p Params) (Done, error) {
	id, now := s.Merchant(), d.Clock.Now()
	if _, err := offered(ctx, tx.PG(), id); err != nil {
		return Done{}, err
	}
	f, err := flight(ctx, tx.PG(), id, now)
	if err != nil {
		return Done{}, err
	}
	done := Done{Merchant: id, At: now, Choice: Choice{p.Automatic, p.Retained}, Unsettled: f.Unsettled.Sum, UnsettledCount: f.Unsettled.Count,
		AtBank: f.AtBank.Sum, AtBankCount: f.AtBank.Count, Signer: s.Actor().Name, SignerID: s.Actor().Account,
		Confirmation: known(confirm.Current(ctx)), Agreement: Current}
	if err := d.Settlement.CancelUnsent(ctx, tx, id); err != nil {
		return done, err
	}
	if err := d.changeAccounts(ctx, tx, &done); err != nil {
		return done, err
	}
	if done.Pool, err = d.Settlement.TakeOver(ctx, tx, id, done.No()); err != nil {
		return done, err
	}
	if err := topup.Redirect(ctx, tx, id, ledger.Available, ledger.Basic); err != nil {
		return done, err
	}
	if err := alert.Carry(ctx, tx, id, ledger.Available, ledger.Basic); err != nil {
		return done, err
	}
	if err := d.choose(ctx, tx, s, p, now); err != nil {
		return done, err
	}
	return done, save(ctx, tx, done)
}

// choose opens what the choice needs, and sets it.
func (d Deps) choose(ctx context.Context, tx db.Tx, s access.Scope, p Params, at time.Time) error {
	if d.Also(p.Automatic) != nil {
		if _, err := d.Open(ctx, tx, s, d.Withdrawal.Signing(), at); err != nil {
			return err
		}
	}
	if d.Automatic == nil {
		return nil
	}
	return d.Automatic(ctx, tx, s, p.Automatic, p.Retained)
}

// changeAccounts opens BASIC, moves there what AVAILABLE holds, and closes that for ever.
func (d Deps) changeAccounts(ctx context.Context, tx db.Tx, done *Done) error {
	if err := ledger.OpenAccount(ctx, tx, done.Merchant, ledger.Basic, done.At); err != nil {
		return err
	}
	balances, err := ledger.Balances(ctx, tx.PG(), done.Merchant)
	if err != nil {
		return err
	}
	done.Amount = balances[ledger.Available]
	booked, err := ledger.Post(ctx, tx, done.At, ledger.Transfer{Merchant: done.Merchant, Kind: Kind, Key: strconv.FormatInt(done.Merchant, 10), BusinessNo: done.No(),
		Applicant: done.Signer, Legs: []ledger.Leg{
			{Account: ledger.Available, Amount: -done.Amount, Row: ledger.RowUpgradeOut},
			{Account: ledger.Basic, Amount: done.Amount, Row: ledger.RowUpgrade}}})
	if err != nil {
		return err
	}
	if done.Amount > 0 {
		done.TransferID, done.At = &booked.ID, later(done.At, booked.BookedAt)
	}
	if err := ledger.CloseAccount(ctx, tx, done.Merchant, ledger.Available, done.At); err != nil {
		return err
	}
	return merchant.Upgrade(ctx, tx, done.Merchant)
}

func later(a, b time.Time) time.Time {
	if b.After(a) && clock.DayOf(a) == clock.DayOf(b) { // its number names the day
		return b
	}
	return a
}

// known is an id, unless there is none.
func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func (d Done) result(ctx context.Context, before bool) confirm.Result {
	line := func(id, value string) confirm.Line { return confirm.Line{Label: words.T(ctx, id), Value: value} }
	return confirm.Result{Object: strconv.FormatInt(d.Merchant, 10), Link: Path,
		Lines: []confirm.Line{line("upgrade.line.no", d.No()), line("upgrade.line.at", clock.Text(d.At)), line("upgrade.line.amount", words.F(ctx, "topup.yuan",
			words.Args{"Amount": d.Amount.String()}))},
		Details: map[string]any{"number": d.No(), "amount": d.Amount, "pool": d.Pool, "unsettled": d.Unsettled, "unsettled_count": d.UnsettledCount,
			"at_bank": d.AtBank, "at_bank_count": d.AtBankCount, "automatic": d.Choice.Automatic, "retain_amt": d.Choice.Retained,
			"version": d.Agreement.Version, "hash": d.Agreement.Hash(), "done_before": before}}
}
