// Package ledger keeps the books of every merchant: accounts, and transfers between accounts of one
// merchant whose legs add up to nothing. It decides what a balance is, in which order a merchant's money
// moved, and what a line of the books says; each account is a sequence of entries without a gap, chained
// by hash. It refuses legs that do not add up, debits that an account cannot cover, and a second booking
// of one event; it never changes what was booked.
//
// Amounts count as the merchant reads them: a credit, which is more for the merchant, is positive. The
// platform's own assets (CHANNEL, BANK, DUE) therefore stand below zero.
package ledger

import (
	"slices"
	"strings"

	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Account is one of a merchant's accounts, or one of the platform's that stand beside them.
type Account string

// The accounts. What each is for: docs/adr/0005.
const (
	Unsettled Account = "UNSETTLED" // 未结算资金
	Available Account = "AVAILABLE" // 可用余额, legacy only
	Basic     Account = "BASIC"     // 基本账户, upgraded only
	Operation Account = "OPERATION" // 运营账户, once opened
	Fees      Account = "FEES"      // 手续费账户

	InRefund   Account = "T_REFUND" // money on its way
	InWithdraw Account = "T_WITHDRAW"
	InSettle   Account = "T_SETTLE"
	InPacket   Account = "T_PACKET"
	InTransfer Account = "T_TRANSFER"

	Due Account = "DUE" // 待补足: what the merchant owes, below zero

	Channel   Account = "CHANNEL"
	Bank      Account = "BANK"
	FeeIncome Account = "FEE_INCOME"
	Suspense  Account = "SUSPENSE"
)

// frozenPrefix begins the account of one frozen budget.
const frozenPrefix = "FROZEN:"

// Frozen is the account of a budget, by the number of its stock or activity.
func Frozen(number string) Account { return Account(frozenPrefix + number) }

// shown are the accounts whose entries are lines that merchants read, in the order of their digit in flow
// numbers. The order is for ever.
var shown = []Account{Unsettled, Available, Basic, Operation, Fees}

// Shown lists the accounts whose entries merchants read as lines.
func Shown() []Account { return slices.Clone(shown) }

// Shown tells whether a merchant reads the account's entries as lines.
func (a Account) Shown() bool { return slices.Contains(shown, a) }

// Transit lists the accounts of money on its way.
func Transit() []Account { return []Account{InRefund, InWithdraw, InSettle, InPacket, InTransfer} }

// opened are the accounts that exist only once somebody opened them; the others come with their first entry.
var opened = []Account{Available, Basic, Operation, Fees}

// mayOwe are the platform's own, which may stand below zero.
var mayOwe = []Account{Channel, Bank, FeeIncome, Suspense, Due}

// Bounded tells whether the account must never stand below zero.
func (a Account) Bounded() bool { return !slices.Contains(mayOwe, a) }

// named tells whether the account's entries must say what they are.
func (a Account) named() bool { return a.Shown() || a == FeeIncome }

// Known tells whether the account is one of ours.
func (a Account) Known() bool {
	if number, frozen := strings.CutPrefix(string(a), frozenPrefix); frozen {
		return number != ""
	}
	return a.Shown() || slices.Contains(Transit(), a) || slices.Contains(mayOwe, a)
}

// ErrInsufficient refuses a debit that the account cannot cover: Account, Balance and Missing say which,
// and by how much.
var ErrInsufficient = fault.New("ledger.insufficient")

// Short is ErrInsufficient of an account that holds so much and lacks so much.
func Short(a Account, balance, missing money.Fen) *fault.Refusal {
	return ErrInsufficient.With("Account", string(a)).With("Balance", balance.String()).With("Missing", missing.String())
}

// ErrNotOpen refuses to move money of an account that was not opened for the merchant, or is closed.
var ErrNotOpen = fault.New("ledger.not_open")
