package web

import (
	"zhanggui/views/layout"
)

// opsMenu is the operators' menu: one centre, whose groups stand at the left.
var opsMenu = []group{
	{"platform", []string{"/ops/", "/ops/merchants", "/ops/rollout", "/ops/products", "/ops/top-ups"}},
	{"running", []string{"/ops/settlements", "/ops/channel", "/ops/jobs", "/ops/verification", "/ops/holidays"}},
	{"people", []string{"/ops/operators", "/ops/approvals", "/ops/audit", "/ops/profile"}},
}

// operatorMenu is that menu as the visitor may use it.
func operatorMenu(v *visit) []layout.Centre {
	c := layout.Centre{Key: "ops", Word: v.word("ops.platform_name"), Href: opsDoor.home, Current: true}
	for _, g := range opsMenu {
		shown := layout.Group{Word: v.word("menu.ops." + g.key)}
		for _, path := range g.paths {
			if v.mayOpen(path) {
				shown.Items = append(shown.Items, layout.Item{Word: v.word("menu" + dotted(path)), Href: path, Current: path == nearestOf(opsMenu, v.place())})
			}
		}
		if len(shown.Items) > 0 {
			c.Groups = append(c.Groups, shown)
		}
	}
	return []layout.Centre{c}
}

// maySee tells of each path whether the visitor may open its page.
func (v *visit) maySee(paths ...string) map[string]bool {
	may := map[string]bool{}
	for _, path := range paths {
		may[path] = v.mayOpen(path)
	}
	return may
}
