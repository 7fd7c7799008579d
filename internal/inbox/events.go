package inbox

import "slices"

// Reader is who gets a message. Words: catalogue id "event.reader." + code.
type Reader string

// The readers.
const (
	Account    Reader = "account"  // the login account that it is about
	Asker      Reader = "asker"    // whoever asked for it
	Approver   Reader = "approver" // the super admin; among operators, the platform admins
	Finance    Reader = "finance"  // everyone of the role
	Operations Reader = "operations"
	Checker    Reader = "checker" // whoever may be the second person
	Watcher    Reader = "watcher" // whoever was chosen to be told
	Both       Reader = "both"    // the super admin that was and the one that is to be
)

// Event is something that people are told of. Words: what happened is "event." + Kind; inside the portal
// "inbox." + Kind + ".title" and ".body"; in the chat, Title.
type Event struct {
	Kind     string
	Category Category
	Readers  []Reader // who finds it in the inbox
	WeChat   []Reader // who also gets it from the official account
	Title    string   // catalogue id of what the chat shows first; empty: never in the chat
}

// Events is everything that people are told of, in the order it is listed. Who reads what is decided
// here; the senders name the Kind.
var Events = []Event{
	{Kind: "signin", Category: Security, WeChat: to(Account), Title: "identity.notice_signin"},
	{Kind: "new_browser", Category: Security, Readers: to(Account, Approver), WeChat: to(Approver), Title: "identity.notice_new_browser"},
	{Kind: "password_tries", Category: Security, Readers: to(Approver)},
	{Kind: "binding_request", Category: Security, Readers: to(Approver), WeChat: to(Approver), Title: "identity.notice_binding_request"},
	{Kind: "binding_done", Category: Security, Readers: to(Account), WeChat: to(Account), Title: "identity.notice_binding_done"},
	{Kind: "binding_refused", Category: Security, WeChat: to(Account), Title: "identity.notice_binding_refused"},
	{Kind: "binding_lapsed", Category: Security, WeChat: to(Account), Title: "identity.notice_binding_lapsed"},
	{Kind: "member_reset", Category: Security, Readers: to(Approver), WeChat: to(Account), Title: "identity.notice_member_reset"},
	{Kind: "own_unbound", Category: Security, Readers: to(Approver), WeChat: to(Account), Title: "identity.notice_own_unbound"},
	{Kind: "roles_changed", Category: Security, Readers: to(Account)},
	{Kind: "permission_asked", Category: Security, Readers: to(Approver), WeChat: to(Approver), Title: "member.notice.permission_asked"},
	{Kind: "handover_asked", Category: Security, Readers: to(Account), WeChat: to(Account), Title: "identity.notice_handover_asked"},
	{Kind: "handover_accepted", Category: Security, Readers: to(Both), WeChat: to(Both), Title: "identity.notice_handover_accepted"},
	{Kind: "handover_refused", Category: Security, Readers: to(Both), WeChat: to(Both), Title: "identity.notice_handover_refused"},
	{Kind: "handover_lapsed", Category: Security, Readers: to(Both), WeChat: to(Both), Title: "identity.notice_handover_lapsed"},
	{Kind: "handover_withdrawn", Category: Security, Readers: to(Both), WeChat: to(Both), Title: "identity.notice_handover_withdrawn"},
	{Kind: "handover_undone", Category: Security, Readers: to(Both), WeChat: to(Both), Title: "identity.notice_handover_undone"},
	{Kind: "approval_asked", Category: Business, Readers: to(Checker), WeChat: to(Checker), Title: "approval.notice_approval_asked"},
	{Kind: "approval_answered", Category: Business, Readers: to(Asker), WeChat: to(Asker), Title: "approval.notice_approval_answered"},
	{Kind: "card_requested", Category: Security, Readers: to(Approver, Finance)},
	{Kind: "card_cancelled", Category: Security, Readers: to(Approver, Finance)},
	{Kind: "card_arrived", Category: Security, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_card_arrived"},
	{Kind: "card_in_use", Category: Security, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_card_in_use"},
	{Kind: "card_failed", Category: Security, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_card_failed"},
	{Kind: "settlement_failed", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_settlement_failed"},
	{Kind: "settlement_returned", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_settlement_returned"},
	{Kind: "settlement_credited", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_settlement_credited"},
	{Kind: "withdrawal_paid", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_withdrawal_paid"},
	{Kind: "withdrawal_failed", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_withdrawal_failed"},
	{Kind: "withdrawal_returned", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_withdrawal_returned"},
	{Kind: "withdrawal_closed", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_withdrawal_closed"},
	{Kind: "withdrawal_skipped", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_withdrawal_skipped"},
	{Kind: "account_upgraded", Category: Funds, Readers: to(Approver, Finance), WeChat: to(Approver), Title: "identity.notice_account_upgraded"},
	{Kind: "import_done", Category: Business, Readers: to(Asker)},
	{Kind: "import_refused", Category: Business, Readers: to(Asker)},
	{Kind: "topup_arrived", Category: Funds, Readers: to(Asker, Finance), WeChat: to(Asker, Finance), Title: "topup.notice_arrived"},
	{Kind: "opening_booked", Category: Funds, Readers: to(Approver, Finance)},
	{Kind: "balance_low", Category: Funds, Readers: to(Watcher), WeChat: to(Watcher), Title: "alert.notice_low"},
	{Kind: "product_opened", Category: Business, Readers: to(Approver, Finance, Operations)},
	{Kind: "product_closed", Category: Business, Readers: to(Approver, Finance, Operations)},
	{Kind: "product_refused", Category: Business, Readers: to(Approver, Finance, Operations)},
	{Kind: "payment_failed", Category: Funds, Readers: to(Asker)},
	{Kind: "payment_file_done", Category: Funds, Readers: to(Asker)},
	{Kind: "verification_failed", Category: Security, Readers: to(Approver)},
	{Kind: "merchant_suspended", Category: Security, Readers: to(Approver), WeChat: to(Approver), Title: "identity.notice_merchant_suspended"},
	{Kind: "merchant_resumed", Category: Security, Readers: to(Approver), WeChat: to(Approver), Title: "identity.notice_merchant_resumed"},
}

func to(readers ...Reader) []Reader { return readers }

// EventOf finds what people are told under a kind.
func EventOf(kind string) (Event, bool) {
	i := slices.IndexFunc(Events, func(e Event) bool { return e.Kind == kind })
	if i < 0 {
		return Event{}, false
	}
	return Events[i], true
}

// Templates are the messages of the official account, each of which the operator maps to one of WeChat's.
func Templates() (kinds []string) {
	for _, e := range Events {
		if len(e.WeChat) > 0 {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}
