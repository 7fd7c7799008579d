package web

import (
	"strings"

	"zhanggui/internal/sandbox"
)

// sandboxRoutes are the simulated world, mounted by demo alone: its pages, its JSON, and the
// simulated WeChat's own paths.
var sandboxRoutes = append([]route{
	{get, "/sandbox/", sand, sandboxed, (*site).showWorld, ""},
	{get, "/sandbox/gallery", sand, sandboxed, (*site).showGallery, ""},
	{get, "/sandbox/clock", sand, sandboxed, (*site).showClock, ""},
	{post, "/sandbox/clock", sand, sandboxed, (*site).moveClock, "duration"},
	{get, "/sandbox/phone/{person}/", sand, sandboxed, (*site).showChats, ""},
	{get, "/sandbox/phone/{person}/official", sand, sandboxed, (*site).showOfficial, ""},
	{get, "/sandbox/phone/{person}/scan", sand, sandboxed, (*site).showScanner, ""},
	{post, "/sandbox/phone/{person}/scan", sand, sandboxed, (*site).scan, "link @picture"},
	{get, "/sandbox/phone/{person}/pay", sand, sandboxed, (*site).showPay, "?mchid ?amount"},
	{post, "/sandbox/phone/{person}/pay", sand, sandboxed, (*site).pay, "mchid amount decision _once"},
	{get, "/sandbox/phone/{person}/pay/{no}", sand, sandboxed, (*site).showPaid, ""},
	{get, "/sandbox/phone/{person}/open", sand, sandboxed, (*site).openInApp, "?url"},
	{get, "/sandbox/api/credentials", sand, sandboxed, (*site).tellCredentials, ""},
	{get, "/sandbox/api/clock", sand, sandboxed, (*site).tellClock, ""},
	{post, "/sandbox/api/clock/advance", sand, sandboxed, (*site).advanceClock, ""},
	{post, "/sandbox/api/trades", sand, sandboxed, (*site).makeTrades, ""},
	{post, "/sandbox/api/channel/faults", sand, sandboxed, (*site).setChannelFaults, ""},
	{get, "/sandbox/api/channel/book", sand, sandboxed, (*site).tellChannelBook, ""},
	{get, "/sandbox/bank", sand, sandboxed, (*site).showPayouts, ""},
	{get, "/sandbox/topups", sand, sandboxed, (*site).showBank, "?mchid"},
	{post, "/sandbox/topups", sand, sandboxed, (*site).sendFromBank, "mchid account amount back"},
	{post, "/sandbox/api/topups", sand, sandboxed, (*site).sendTopUp, ""},
	{get, "/sandbox/api/messages", sand, sandboxed, (*site).tellMessages, "?openid"},
	{get, consentPath, sand, sandboxed, (*site).showWeChatConsent, consentParams},
	{post, consentPath, sand, sandboxed, (*site).decideWeChatConsent, consentParams + " decision"},
}, simulatedRoutes()...)

const (
	consentPath   = sandbox.Prefix + sandbox.ConsentPath
	consentParams = "?mch_id ?appid ?redirect_uri ?response_type ?scope ?state"
)

// simulatedRoutes are the paths that the simulated WeChat answers itself.
func simulatedRoutes() []route {
	var all []route
	for _, r := range (*sandbox.WeChat)(nil).Routes() {
		line := route{Method: r.Method, Path: sandbox.Prefix + r.Path, Kind: sand, Policy: sandboxed, Handler: (*site).simulated}
		for _, name := range r.Params {
			if !strings.Contains(r.Path, "{"+name+"}") {
				line.Params += " ?" + name
			}
		}
		all = append(all, line)
	}
	return all
}
