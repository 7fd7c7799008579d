package web

import "zhanggui/internal/transfer"

// demoPayees are the demo's people: a click pays one of them.
func (s *site) demoPayees(v *visit) (all []transfer.Payee, err error) {
	phones, err := s.World.WeChat.Phones(v.ctx())
	for _, p := range phones {
		name := p.Name
		if !p.Verified {
			name = v.wordf("transfer_form.unverified", map[string]any{"Name": name})
		}
		all = append(all, transfer.Payee{OpenID: p.OpenID, Masked: name})
	}
	return all, err
}
