package web

import "zhanggui/internal/access"

// routes is the site map: every way in, who may use it and what it reads.
var routes = []route{
	{get, "/static/*", page, open, (*site).files, ""},
	{get, "/login", page, public, (*site).showSignIn, "?ticket ?next"},
	{get, "/login/tickets/{id}/events", page, open, (*site).signInEvents, "?state ?next"},
	{post, "/login/tickets/{id}/session", form, public, (*site).redeem, "next"},
	{get, "/login/password", page, public, (*site).showPassword, ""},
	{post, "/login/password", form, public, (*site).signInByPassword, "login password"},
	{get, "/bind", page, seated, (*site).showBind, "?ticket"},
	{post, "/bind", form, seated, (*site).answerCard, "settlement_account"},
	{get, "/bind/tickets/{id}/events", page, seated, (*site).bindEvents, "?state"},
	{post, "/logout", form, public, (*site).signOut, ""},

	{get, "/", page, member, (*site).home, ""},
	{get, "/trades", page, needs(access.TradeRead), (*site).trades, tradeParams},
	{get, "/trades.csv", api, needs(access.TradeRead), (*site).tradesCSV, tradeParams},
	{get, "/trades.json", api, needs(access.TradeRead), (*site).tradesJSON, tradeParams},
	{get, "/trades/imports", page, needs(access.TradeImport), (*site).imports, "?cursor"},
	{get, "/trades/imports.csv", api, needs(access.TradeImport), (*site).importsCSV, "?cursor"},
	{get, "/trades/imports.json", api, needs(access.TradeImport), (*site).importsJSON, "?cursor"},
	{post, "/trades/imports", form, needs(access.TradeImport), (*site).uploadImport, "@file _once"},
	{get, "/trades/imports/{id}", page, needs(access.TradeImport), (*site).importPage, ""},
	{get, "/trades/imports/{id}/events", page, needs(access.TradeImport), (*site).importEvents, ""},
	{get, "/trades/{no}", page, needs(access.TradeRead), (*site).trade, ""},
	{post, "/views", form, needs(access.TradeRead), (*site).saveView, "list name query"},
	{post, "/views/{id}/deletion", form, member, (*site).deleteView, ""},
	{get, "/search", page, member, (*site).search, "?q"},
	{get, "/inbox", page, member, (*site).inbox, inboxParams},
	{get, "/inbox.csv", api, member, (*site).inboxCSV, inboxParams},
	{get, "/inbox.json", api, member, (*site).inboxJSON, inboxParams},
	{post, "/inbox/{id}/read", form, member, (*site).readMessage, ""},
	{post, "/inbox/read", form, member, (*site).readAllMessages, ""},

	{get, "/account/profile", page, member, (*site).showProfile, ""},
	{post, "/account/switch", form, member, (*site).switchMerchant, "mchid"},
	{post, "/account/sessions/{id}/end", form, member, (*site).endSession, ""},
	{post, "/account/sessions/end", form, member, (*site).endOtherSessions, ""},
	{get, "/account/merchant", page, member, (*site).showMerchant, ""},
	{get, "/account/merchant/profile", page, needs(access.MerchantProfile), (*site).profileForm, "?again"},
	{post, "/account/merchant/profile", form, needs(access.MerchantProfile), (*site).changeProfile, "short_name contact_phone _once"},
	{get, "/account/merchant/card", page, needs(access.MerchantCard), (*site).cardForm, "?again"},
	{post, "/account/merchant/card", form, needs(access.MerchantCard), (*site).changeCard, "bank account account_again _once"},
	{post, "/account/merchant/card/{id}/cancellation", form, needs(access.MerchantCard), (*site).cancelCardChange, ""},
	{get, "/account/audit", page, needs(access.AuditRead), (*site).audit, auditParams},
	{get, "/account/audit.csv", api, needs(access.AuditRead), (*site).auditCSV, auditParams},
	{get, "/account/audit.json", api, needs(access.AuditRead), (*site).auditJSON, auditParams},
	{get, "/account/audit/{id}", page, needs(access.AuditRead), (*site).auditAct, ""},

	{get, "/account/approvals", page, member, (*site).approvals, approvalParams},
	{get, "/account/approvals.csv", api, member, (*site).approvalsCSV, approvalParams},
	{get, "/account/approvals.json", api, member, (*site).approvalsJSON, approvalParams},
	{get, "/account/approvals/rules/{action}", page, needs(access.ApprovalManage), (*site).approvalRule, "?again"},
	{post, "/account/approvals/rules/{action}", form, needs(access.ApprovalManage), (*site).setRule, "from_amount checkers* _once"},
	{post, "/account/approvals/rules/{action}/deletion", form, needs(access.ApprovalManage), (*site).removeRule, "_once"},
	{get, "/account/approvals/{id}", page, member, (*site).approval, ""},
	{post, "/account/approvals/{id}/answer", form, member, (*site).answerApproval, "decision hash _once"},
	{post, "/account/approvals/{id}/withdrawal", form, member, (*site).withdrawApproval, ""},

	{get, "/confirmations/{id}", page, member, (*site).showConfirmation, ""},
	{get, "/confirmations/{id}/events", page, member, (*site).confirmationEvents, "?state"},
	{post, "/confirmations/{id}/cancellation", form, member, (*site).cancelConfirmation, ""},
	{post, "/confirmations/{id}/secret", form, member, (*site).showSecret, ""},

	{get, "/m/t/{token}", phone, inChat, (*site).openTicket, ""},
	{post, "/m/t/{token}", phone, inChat, (*site).answerTicket, "decision number mchid shown_to"},
	{get, "/m/bindings/{id}", phone, inChat, (*site).showRequest, ""},
	{post, "/m/bindings/{id}", phone, inChat, (*site).answerRequest, "decision shown_to"},
	{get, "/m/c/{token}", phone, inChat, (*site).openConfirmation, ""},
	{post, "/m/c/{token}", phone, inChat, (*site).answerConfirmation, "decision number hash shown_to"},
	{get, "/m/approvals/{id}", phone, inChat, (*site).approvalOnPhone, ""},
	{post, "/m/approvals/{id}", phone, inChat, (*site).answerOnPhone, "decision hash shown_to"},
	{get, "/m/oauth", phone, open, (*site).fromWeChat, "?code ?state"},
	{get, "/m/check", phone, inChat, (*site).compared, "?code ?state"},

	{post, "/theme", form, open, (*site).chooseTheme, "theme density back"},
	{get, "/livez", ops, open, (*site).live, ""},
	{get, "/readyz", ops, open, (*site).ready, ""},
	{get, "/metrics", ops, local, (*site).metrics, ""},
}

func siteMap(demo bool) []route {
	all := append([]route{}, routes...)
	if demo {
		all = append(all, sandboxRoutes...)
	}
	return all
}
