package access

import "slices"

// Permission is one thing a login account may do in its merchant.
type Permission string

// The permissions, named by what they allow. Words: catalogue id "permission." + code, and with
// ".what" behind it the sentence that says what it allows.
const (
	TradeRead   Permission = "trade.read"
	TradeImport Permission = "trade.import"
	FundsRead   Permission = "funds.read"
	FundsTopUp  Permission = "funds.topup"
	FundsAlert  Permission = "funds.alert"

	FundsMove Permission = "funds.move"

	SettlementRepay Permission = "settlement.repay"

	WithdrawalMake     Permission = "withdrawal.make"
	WithdrawalSettings Permission = "withdrawal.settings"

	TransferMake Permission = "transfer.make"

	ProductOpen    Permission = "product.open"
	AccountUpgrade Permission = "account.upgrade"

	MemberRead  Permission = "member.read"
	MemberWrite Permission = "member.write"
	RoleWrite   Permission = "role.write"
	AuditRead   Permission = "audit.read"

	MerchantProfile Permission = "merchant.profile"
	MerchantCard    Permission = "merchant.card"

	MemberReset   Permission = "member.reset"
	BindingAnswer Permission = "binding.answer"
	SuperHandover Permission = "superadmin.handover"

	ApprovalManage Permission = "approval.manage"
)

// Permissions lists all of them in the order they are shown.
var Permissions = []Permission{TradeRead, TradeImport, FundsRead, FundsTopUp, FundsAlert, FundsMove, SettlementRepay,
	WithdrawalMake, WithdrawalSettings, TransferMake, MemberRead, MemberWrite, RoleWrite, AuditRead,
	MemberReset, BindingAnswer, SuperHandover, ApprovalManage,
	MerchantProfile, MerchantCard, ProductOpen, AccountUpgrade}

// superOnly are the super admin's alone: no other role can hold them, whatever its row says.
var superOnly = []Permission{MemberReset, BindingAnswer, SuperHandover, ApprovalManage,
	MerchantProfile, MerchantCard, ProductOpen, AccountUpgrade}

// Listed leaves out what no page lists: the upgrade leaves no trace where it is not offered, and where it is,
// its own pages say whose it is.
func Listed(all []Permission) []Permission {
	return slices.DeleteFunc(slices.Clone(all), func(p Permission) bool { return p == AccountUpgrade })
}

// Known tells whether the permission is one of ours, a member's or an operator's.
func (p Permission) Known() bool {
	return slices.Contains(Permissions, p) || slices.Contains(PlatformPermissions, p)
}

// SuperOnly tells whether no role but the super admin's can hold the permission.
func (p Permission) SuperOnly() bool { return slices.Contains(superOnly, p) }

// brings is what a permission cannot be used without.
var brings = map[Permission]Permission{TradeImport: TradeRead, FundsTopUp: FundsRead, FundsAlert: FundsRead, FundsMove: FundsRead, SettlementRepay: FundsRead,
	WithdrawalMake: FundsRead, WithdrawalSettings: FundsRead, TransferMake: FundsRead,
	MemberWrite: MemberRead, RoleWrite: MemberRead}

// Givable tells whether a merchant's own role can hold the permission.
func (p Permission) Givable() bool { return slices.Contains(Permissions, p) && !p.SuperOnly() }

// Givable lists what a merchant's own roles can be made of, in the order it is shown.
func Givable() []Permission {
	return slices.DeleteFunc(slices.Clone(Permissions), Permission.SuperOnly)
}
