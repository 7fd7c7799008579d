package identity

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"zhanggui/internal/words"
)

// Browser is the desktop's browser before anyone signed in.
type Browser struct {
	Secret   string // the value of its pre-login cookie
	Address  string
	Agent    string // as the browser calls itself
	Platform bool   // it stands at the operators' door, where no member comes in
}

// tidy bounds what a browser may write.
func (b Browser) tidy() Browser {
	b.Address, b.Agent = clip(b.Address, addressMax), clip(b.Agent, agentMax)
	return b
}

// clip keeps at most n characters, and none that PostgreSQL cannot hold.
func clip(s string, n int) string {
	r := []rune(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
	return string(r[:min(n, len(r))])
}

// brands in the order they must be asked for: most browsers also claim to be another.
var brands = []struct {
	name    string
	version *regexp.Regexp
}{
	{"WeChat", regexp.MustCompile(`MicroMessenger/(\d+)`)},
	{"Edge", regexp.MustCompile(`Edg(?:e|A|iOS)?/(\d+)`)},
	{"Opera", regexp.MustCompile(`OPR/(\d+)`)},
	{"QQBrowser", regexp.MustCompile(`QQBrowser/(\d+)`)},
	{"Firefox", regexp.MustCompile(`(?:Firefox|FxiOS)/(\d+)`)},
	{"Chrome", regexp.MustCompile(`(?:Chrome|CriOS)/(\d+)`)},
	{"Safari", regexp.MustCompile(`Version/(\d+)\S* (?:Mobile/\S+ )?Safari/`)},
}

// systems in the order they must be asked for.
var systems = []struct{ sign, name string }{
	{"Windows", "Windows"}, {"OpenHarmony", "HarmonyOS"}, {"HarmonyOS", "HarmonyOS"},
	{"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iPadOS"},
	{"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
}

// BrowserWords says which browser an agent is, as people call it: “Chrome 156，Windows”.
func BrowserWords(ctx context.Context, agent string) string {
	browser, system := "", ""
	for _, b := range brands {
		if m := b.version.FindStringSubmatch(agent); m != nil && utf8.RuneCountInString(m[1]) <= 4 {
			browser = b.name + " " + m[1]
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.sign) {
			system = s.name
			break
		}
	}
	switch {
	case browser == "" && system == "":
		return words.T(ctx, "identity.browser_unknown")
	case browser == "":
		browser = words.T(ctx, "identity.browser_other")
	case system == "":
		system = words.T(ctx, "identity.system_other")
	}
	return words.F(ctx, "identity.browser", words.Args{"Browser": browser, "System": system})
}
