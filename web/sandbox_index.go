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
	for _, each := range all.Merchants {
		m.Merchants = append(m.Merchants, castOf(v, each, names))
	}
	return v.show(http.StatusOK, views.SandboxIndex(v.frame(v.word("sandbox.title")), m))
}

func castOf(v *visit, m CredMerchant, names map[string]string) views.CastMerchant {
	cast := views.CastMerchant{ID: m.MchID, Name: m.Name, Kind: v.word("sandbox.kind." + m.Kind), Account: m.SettlementAccount}
	for _, each := range m.Members {
		member := views.CastMember{Login: each.Login, Role: v.word("role." + each.Role), Bound: each.Bound,
			Person: each.Person, Called: names[each.Person]}
		if each.InitialPassword != nil {
			member.Password = *each.InitialPassword
		}
		cast.Members = append(cast.Members, member)
	}
	return cast
}

// showGallery shows every component once.
func (s *site) showGallery(v *visit) error {
	modules, err := qrModules(s.Base.String() + "/sandbox/gallery")
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, views.Gallery(v.frame(v.word("sandbox.to_gallery")), modules))
}
