package web

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"zhanggui/internal/access"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// kind says what a route is to its caller: it decides the shape of errors and the listing.
type kind string

const (
	page  kind = "page"    // HTML for people, and the files it is made of
	form  kind = "form"    // what a page posts
	api   kind = "api"     // JSON and CSV twins of list pages
	phone kind = "phone"   // pages inside WeChat
	sand  kind = "sandbox" // the simulated world, in demo alone
	ops   kind = "ops"     // of whoever runs the program: probes, and the operators' own pages
)

// policy is who may call a route. The zero policy is none at all: such a route does not start.
type policy struct {
	name       string
	permission access.Permission
	greets     bool
	platform   bool // of operators: such a route lies behind their door, and no other does
	hidden     bool // offered to some merchants; to others the address leads nowhere
}

var (
	open      = policy{name: "public"}               // anybody; who it is does not matter
	public    = policy{name: "public", greets: true} // anybody; somebody signed in is known
	seated    = policy{name: "seated"}               // signed in, though perhaps only as far as the binding guide
	member    = policy{name: "member"}               // signed in
	inChat    = policy{name: "phone"}                // a person in WeChat, known by the phone's cookie
	sandboxed = policy{name: "sandbox"}
	local     = policy{name: "loopback"} // the machine itself

	opsSeated = policy{name: "operator_seated", platform: true} // an operator, though perhaps only as far as the guide
	operator  = policy{name: "operator", platform: true}        // an operator
)

// needs is the policy of a member who holds the permission.
func needs(p access.Permission) policy { return policy{name: string(p), permission: p} }

// ifOffered is the policy of a member who holds the permission, of a merchant to whom the upgrade is offered or
// who has taken it.
func ifOffered(p access.Permission) policy {
	return policy{name: string(p), permission: p, hidden: true}
}

// opsNeeds is the policy of an operator who holds the permission.
func opsNeeds(p access.Permission) policy {
	return policy{name: string(p), permission: p, platform: true}
}

func (p policy) known() bool {
	switch p {
	case open, public, seated, member, inChat, sandboxed, local, opsSeated, operator:
		return true
	}
	if p.permission == "" || !p.permission.Known() {
		return false
	}
	return (p == needs(p.permission) || p == ifOffered(p.permission)) && !p.permission.OfPlatform() || p == opsNeeds(p.permission) && p.permission.OfPlatform()
}

// handler answers one route.
type handler func(*site, *visit) error

// route is one line of the site map. Params names what the handler may read besides the path's own:
// "?x" of the query, "x" of the form, "@x" an uploaded file; a star behind it allows several.
type route struct {
	Method  string
	Path    string
	Kind    kind
	Policy  policy
	Handler handler
	Params  string
}

// param is one name a route reads.
type param struct {
	Name string
	From source
	Many bool
}

type source string

const (
	fromPath  source = "path"
	fromQuery source = "query"
	fromForm  source = "form"
	fromFile  source = "file"
)

var pathParam = regexp.MustCompile(`\{([a-z]+)\}`)

func (r route) params() []param {
	var all []param
	for _, m := range pathParam.FindAllStringSubmatch(r.Path, -1) {
		all = append(all, param{Name: m[1], From: fromPath})
	}
	for _, word := range strings.Fields(r.Params) {
		p := param{From: fromForm, Many: strings.HasSuffix(word, "*")}
		p.Name = strings.TrimSuffix(word, "*")
		switch p.Name[0] {
		case '?':
			p.From, p.Name = fromQuery, p.Name[1:]
		case '@':
			p.From, p.Name = fromFile, p.Name[1:]
		}
		all = append(all, p)
	}
	return all
}

// uploads tells whether the route takes a file.
func (r route) uploads() bool { return strings.Contains(r.Params, "@") }

// name is how a route is spoken of: in lists, in the log and in the metrics.
func (r route) name() string { return r.Method + " " + r.Path }

// check refuses a line of the site map that would start without saying who may call it.
func (r route) check() error {
	switch {
	case !r.Policy.known():
		return fmt.Errorf("route %s has no policy", r.name())
	case (r.Policy.insider() || r.Policy.seated()) && r.Policy.platform != doorOf(r.Path).platform:
		return fmt.Errorf("route %s lies behind the other door than its policy", r.name())
	case r.Handler == nil:
		return fmt.Errorf("route %s has no handler", r.name())
	case r.Kind == "":
		return fmt.Errorf("route %s has no kind", r.name())
	case r.Method == get && strings.Contains(" "+strings.ReplaceAll(r.Params, " ?", ""), " @"):
		return fmt.Errorf("route %s reads a file but has no body", r.name())
	}
	return nil
}

func checkRoutes(all []route) error {
	var wrong []error
	seen := map[string]bool{}
	for _, r := range all {
		wrong = append(wrong, r.check())
		if seen[r.name()] {
			wrong = append(wrong, fmt.Errorf("route %s stands twice", r.name()))
		}
		seen[r.name()] = true
	}
	return errors.Join(wrong...)
}
