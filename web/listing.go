package web

import "zhanggui/web/openapi"

// RouteInfo is a line of `routes --json`. Permission is a permission's name, or public, seated
// (signed in, perhaps only as far as the binding guide), member (signed in), operator_seated and operator
// (the same at the operators' door), phone, sandbox, loopback, or signed-request (a program that signs).
type RouteInfo struct {
	Method     string   `json:"method"`
	Path       string   `json:"path"`
	Listener   string   `json:"listener"` // portal, or api: the machine API's own
	Kind       string   `json:"kind"`
	Permission string   `json:"permission"`
	Params     []string `json:"params"`
	In         ParamsIn `json:"in"`
}

// ParamsIn says where each parameter of a route stands.
type ParamsIn struct {
	Path  []string `json:"path"`
	Query []string `json:"query"`
	Form  []string `json:"form"`
	File  []string `json:"file"`
}

// The listeners.
const (
	listenerPortal = "portal"
	listenerAPI    = "api"
)

// Routes lists the routes that New mounts, from the same table, and those of the machine API; the
// sandbox's only with demo.
func Routes(demo bool) []RouteInfo {
	var all []RouteInfo
	for _, r := range siteMap(demo) {
		all = append(all, r.info())
	}
	for _, r := range openapi.Routes() {
		i := route{Method: r.Method, Path: r.Path, Kind: api, Policy: policy{name: "signed-request"}}.info()
		i.Listener = listenerAPI
		all = append(all, i)
	}
	return all
}

func (r route) info() RouteInfo {
	i := RouteInfo{Listener: listenerPortal, Method: r.Method, Path: r.Path, Kind: string(r.Kind), Permission: r.Policy.name, Params: []string{},
		In: ParamsIn{Path: []string{}, Query: []string{}, Form: []string{}, File: []string{}}}
	where := map[source]*[]string{fromPath: &i.In.Path, fromQuery: &i.In.Query, fromForm: &i.In.Form, fromFile: &i.In.File}
	for _, p := range r.params() {
		*where[p.From] = append(*where[p.From], p.Name)
		i.Params = append(i.Params, p.Name)
	}
	return i
}
