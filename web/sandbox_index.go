package web

import (
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/words"
	"zhanggui/views"
)

// showWorld explains the simulated world and lists its people.
func (s *site) showWorld(v *visit) error {
	all, err := s.World.Cast(v.ctx())
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, p := range all.Persons {
		names[p.ID] = p.Name
	}
	m := views.Cast{Ready: s.Ready(), Now: v.wordf("sandbox.now", words.Args{"At": clock.Text(s.Clock.Now())})}
	works := map[string]bool{}
	for _, each := range all.Merchants {
		m.Merchants = append(m.Merchants, castOf(v, each, names))
		for _, c := range each.Members {
			works[c.Person] = true
		}
	}
	if all.Operators != nil {
		for _, each := range *all.Operators {
			m.Operators = append(m.Operators, castMember(v, each, names))
			works[each.Person] = true
		}
	}
	for _, p := range all.Persons {
		if !works[p.ID] {
			m.Free = append(m.Free, views.CastPerson{Person: p.ID, Name: p.Name, Paper: v.word("identity.paper." + p.IDType), Number: p.IDNumber, Mobile: p.Mobile})
		}
	}
	return v.show(http.StatusOK, views.SandboxIndex(v.frame(v.word("sandbox.title")), m))
}

func castOf(v *visit, m CredMerchant, names map[string]string) views.CastMerchant {
	cast := views.CastMerchant{ID: m.MchID, Name: m.Name, Kind: v.word("sandbox.kind." + m.Kind), Account: m.SettlementAccount}
	for _, each := range m.Members {
		cast.Members = append(cast.Members, castMember(v, each, names))
	}
	return cast
}

func castMember(v *visit, m CredMember, names map[string]string) views.CastMember {
	c := views.CastMember{Login: m.Login, Role: v.word("role." + m.Role), Bound: m.Bound, Person: m.Person, Called: names[m.Person]}
	if m.InitialPassword != nil {
		c.Password = *m.InitialPassword
	}
	return c
}

// showGallery shows every component once.
func (s *site) showGallery(v *visit) error {
	modules, err := qrModules(s.Base.String() + "/sandbox/gallery")
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, views.Gallery(v.frame(v.word("sandbox.to_gallery")), modules))
}
