package views

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/product"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// UpgradeStep is a screen of the guide.
type UpgradeStep string

// The steps that are ours; the phone and the end follow.
const (
	UpgradeChanges   UpgradeStep = "changes"
	UpgradePayout    UpgradeStep = "payout"
	UpgradeFlight    UpgradeStep = "flight"
	UpgradeAgreement UpgradeStep = "agreement"
)

var upgradeSteps = []UpgradeStep{UpgradeChanges, UpgradePayout, UpgradeFlight, UpgradeAgreement}

// Known tells whether the step is one of ours.
func (s UpgradeStep) Known() bool { return slices.Contains(upgradeSteps, s) }

// After tells whether the step comes behind another.
func (s UpgradeStep) After(other UpgradeStep) bool {
	return slices.Index(upgradeSteps, s) > slices.Index(upgradeSteps, other)
}

// Upgrade is a step of the guide with what was typed in all of them.
type Upgrade struct {
	Step          UpgradeStep
	Mode          string
	Retained      string
	Choice        upgrade.Choice // at the last step
	Agreement     product.Agreement
	Also          *product.Agreement // signed with it; nil: none
	Flight        upgrade.Flight
	Once          ui.Pair
	ModeField     ui.Field
	RetainedField ui.Field
	Consent       ui.Field
	Faults        []ui.Fault
}

func upgradeGuide(ctx context.Context) (all []string) {
	for _, id := range []string{"changes", "payout", "flight", "agreement", "phone", "done"} {
		all = append(all, say(ctx, "upgrade.step."+id))
	}
	return all
}

func (m Upgrade) now() int { return slices.Index(upgradeSteps, m.Step) }

func (m Upgrade) lead(ctx context.Context) string {
	return say(ctx, "upgrade.lead_"+string(m.Step))
}

// hidden carries the answers of the other steps.
func (m Upgrade) hidden() []ui.Pair {
	return []ui.Pair{{Name: "automatic", Value: m.Mode}, {Name: "retain_amt", Value: m.Retained}}
}

func (m Upgrade) signed() []ui.Pair {
	all := append(m.hidden(), m.Once, ui.Pair{Name: "version", Value: m.Agreement.Version}, ui.Pair{Name: "hash", Value: m.Agreement.Hash()})
	if m.Also != nil {
		all = append(all, ui.Pair{Name: "also_hash", Value: m.Also.Hash()})
	}
	return all
}

// href is another step with the same answers.
func (m Upgrade) href(step UpgradeStep) string {
	v := url.Values{"step": {string(step)}}
	for _, p := range m.hidden() {
		if p.Value != "" {
			v.Set(p.Name, p.Value)
		}
	}
	return upgrade.Path + "?" + v.Encode()
}

// turn is a button that leads to a step with the form's answers.
func turn(ctx context.Context, word string, step UpgradeStep, kind ui.Kind) ui.Act {
	return ui.Act{Word: say(ctx, word), Name: "step", Value: string(step), Kind: kind}
}

func (m Upgrade) agreementHead(ctx context.Context) ui.Section {
	return ui.Section{ID: "agreement", Title: say(ctx, "upgrade.step.agreement"),
		Note: words.F(ctx, "products.version", words.Args{"Version": m.Agreement.Version, "Hash": m.Agreement.Hash()[:16]})}
}

func (m Upgrade) choices(ctx context.Context) []ui.Fact {
	return []ui.Fact{{Word: say(ctx, "upgrade.line.mode"), Text: m.Choice.Text(ctx)}}
}

// unlock is one of the three things that the new accounts bring.
type unlock struct{ code, href string }

// unlocked leads to them; a page that does not exist is not led to.
var unlocked = []unlock{{"operation", product.Path + "/operation_account"}, {"flow", FlowPath}, {"withdrawal", "/funds/withdrawals"}}

// UpgradeUnlocked lists the pages of what is unlocked, as the menu knows them.
func UpgradeUnlocked() []string { return []string{ProductsPath, FlowPath, "/funds/withdrawals"} }

func (u unlock) word(ctx context.Context) string { return say(ctx, "upgrade.unlock."+u.code) }
func (u unlock) what(ctx context.Context) string {
	return say(ctx, "upgrade.unlock."+u.code+"_what")
}

func (u unlock) act(ctx context.Context) ui.Act {
	return ui.Act{Word: say(ctx, "upgrade.unlock.go_"+u.code), Href: u.href}
}

// flightRow is something under way, and what becomes of it.
type flightRow struct {
	code   string
	amount money.Fen
	count  int64 // -1: not counted
}

func (r flightRow) word(ctx context.Context) string { return say(ctx, "upgrade.flight."+r.code) }
func (r flightRow) what(ctx context.Context) string {
	return say(ctx, "upgrade.flight."+r.code+"_what")
}

func (r flightRow) counted() string {
	if r.count < 0 {
		return nothing
	}
	return thousands(r.count)
}

// flights are what is under way: what every merchant has first, and of the rest what is there.
func (m Upgrade) flights() []flightRow {
	f := m.Flight
	all := []flightRow{{"available", f.Available, -1}, {"unsettled", f.Unsettled.Sum, f.Unsettled.Count},
		{"batch", f.AtBank.Sum, f.AtBank.Count}, {"unsent", f.Unsent.Sum, f.Unsent.Count}, {"refund", f.Transit[ledger.InRefund], -1},
		{"topups", f.TopUps.Sum, f.TopUps.Count}}
	for _, r := range []flightRow{{"back", f.Back.Sum, f.Back.Count}, {"withdraw", f.Transit[ledger.InWithdraw], -1}, {"packet", f.Transit[ledger.InPacket], -1},
		{"transfer", f.Transit[ledger.InTransfer], -1}, {"frozen", f.Frozen, -1}, {"short", f.Short, -1}, {"owed", f.Owed, -1}} {
		if r.amount > 0 {
			all = append(all, r)
		}
	}
	return all
}

func flightGrid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "upgrade.flight.table"), Rows: true, Columns: columnsOf(ctx, "upgrade.flight.col.", "item", "#amount", "#count", "what")}
}

// UpgradeDone is what became of it.
type UpgradeDone struct {
	upgrade.Done
	Open map[string]bool // pages that the reader may open
}

func (m UpgradeDone) unlocks() (all []unlock) {
	for i, u := range unlocked {
		if !m.Open[UpgradeUnlocked()[i]] {
			u.href = product.Path + "/auto_withdrawal" // the reader may not open the list of withdrawals
		}
		all = append(all, u)
	}
	return all
}

func (m UpgradeDone) facts(ctx context.Context) []ui.Fact {
	counted := func(sum money.Fen, n int64) string {
		return words.F(ctx, "upgrade.done.counted", words.Args{"Amount": sum.String(), "Count": thousands(n)})
	}
	all := []ui.Fact{number(ctx, "upgrade.done.no", m.No()), {Word: say(ctx, "upgrade.done.at"), Text: moment(m.At)},
		{Word: say(ctx, "upgrade.done.amount"), Text: yuan(ctx, m.Amount)}, {Word: say(ctx, "upgrade.done.mode"), Text: m.Choice.Text(ctx)},
		{Word: say(ctx, "upgrade.done.unsettled"), Text: counted(m.Unsettled, m.UnsettledCount)},
		{Word: say(ctx, "upgrade.done.at_bank"), Text: counted(m.AtBank, m.AtBankCount)}}
	switch {
	case m.Pool > 0:
		all = append(all, ui.Fact{Word: say(ctx, "upgrade.done.pool_in"), Text: yuan(ctx, m.Pool)})
	case m.Pool < 0:
		all = append(all, ui.Fact{Word: say(ctx, "upgrade.done.pool_out"), Text: yuan(ctx, -m.Pool)})
	}
	return append(all, ui.Fact{Word: say(ctx, "upgrade.done.signer"), Text: m.Signer},
		ui.Fact{Word: say(ctx, "upgrade.done.version"), Text: m.Agreement.Version},
		ui.Fact{Word: say(ctx, "upgrade.done.hash"), Value: ui.ShortID(m.Agreement.Hash()), HasID: true})
}

// UpgradeLetter is the signed agreement as a file.
func UpgradeLetter(ctx context.Context, d upgrade.Done, m merchant.Merchant) string {
	return signedFile(ctx, d.Agreement.Title(), d.Agreement.Text, [][2]string{{say(ctx, "products.file_merchant"), m.LegalName + " " + mchidText(m.ID)},
		{say(ctx, "upgrade.done.no"), d.No()}, {say(ctx, "products.signed_by"), d.Signer}, {say(ctx, "products.signed_at"), moment(d.At)},
		{say(ctx, "products.signed_version"), d.Agreement.Version}, {say(ctx, "products.file_hash"), strings.ToLower(d.Agreement.Hash())}})
}
