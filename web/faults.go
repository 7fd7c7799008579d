package web

import (
	"zhanggui/internal/fault"
	"zhanggui/views/ui"
)

// faults puts each refusal beside its field and lists them all for the top of the form.
func (v *visit) faults(err error, fields ...*ui.Field) []ui.Fault {
	var all []ui.Fault
	for _, r := range fault.All(err) {
		line := ui.Fault{Text: sentence(v.ctx(), r)}
		for _, f := range fields {
			if r.Field != "" && f.Name == r.Field {
				f.Error = line.Text
				line.ID = f.Name
				if f.ID != "" {
					line.ID = f.ID
				}
			}
		}
		all = append(all, line)
	}
	return all
}
