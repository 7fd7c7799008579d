package web

import (
	"io"
	"net/http"
	"slices"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/platform"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// merchantParams are the filter's, with the place in the list.
const merchantParams = "?q ?kind ?state ?parent_mchid ?size ?cursor"

// opsMerchants is the list of merchants.
func (s *site) opsMerchants(v *visit) error {
	m := views.OpsMerchants{Asked: v.asked, Open: v.mayOpen("/ops/merchants/new")}
	page, err := s.merchantPage(v)
	status := http.StatusOK
	switch faults := fault.All(err); {
	case faults != nil:
		m.Faults, status = faults, http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	m.MerchantPage, m.Size = page, v.size()
	frame := v.frame(v.word("ops.merchants.title"), v.opsCrumbs(ui.Crumb{Word: v.word("ops.merchants.title")})...)
	frame.Query = v.query(platform.FieldText)
	return v.show(status, views.OpsMerchantsPage(frame, m))
}

// size is how many rows a page has: one of the sizes, or the usual.
func (v *visit) size() int {
	n, err := strconv.Atoi(v.query("size"))
	if err != nil || !slices.Contains(views.OpsSizes, n) {
		return views.OpsSizes[0]
	}
	return n
}

// merchantPage reads what the address asks for.
func (s *site) merchantPage(v *visit) (platform.MerchantPage, error) {
	f, err := platform.ParseMerchants(v.query)
	if err != nil {
		return platform.MerchantPage{}, err
	}
	at, err := platform.ParsePlace(v.query(platform.FieldCursor))
	if err != nil {
		return platform.MerchantPage{}, err
	}
	p, err := v.operator()
	if err != nil {
		return platform.MerchantPage{}, err
	}
	return s.Office.Merchants(v.ctx(), p, f, at, v.size())
}

// merchantWire is a merchant in JSON.
type merchantWire struct {
	MchID           string `json:"mchid"`
	Kind            string `json:"kind"`
	ParentMchID     string `json:"parent_mchid"`
	LegalName       string `json:"legal_name"`
	ShortName       string `json:"short_name"`
	SettlementCycle string `json:"settlement_cycle"`
	AccountSystem   string `json:"account_system"`
	State           string `json:"state"`
	OpenedAt        string `json:"opened_at"`
	SuperAdmin      string `json:"super_admin"`
	Bound           bool   `json:"bound"`
}

func (s *site) opsMerchantsJSON(v *visit) error {
	page, err := s.merchantPage(v)
	if err != nil {
		return err
	}
	out := listing[merchantWire]{Rows: make([]merchantWire, 0, len(page.Rows)), Next: page.Next}
	for _, m := range page.Rows {
		w := merchantWire{MchID: mchid(m.ID), Kind: string(m.Kind), LegalName: m.LegalName, ShortName: m.ShortName,
			SettlementCycle: string(m.Cycle), AccountSystem: string(m.System), State: stateOf(m), OpenedAt: clock.Wire(m.OpenedAt), Bound: m.AdminBound}
		if m.Parent != 0 {
			w.ParentMchID = mchid(m.Parent)
		}
		if m.Admin != "" {
			w.SuperAdmin = m.Admin + "@" + mchid(m.ID)
		}
		out.Rows = append(out.Rows, w)
	}
	return v.showJSON(http.StatusOK, out)
}

func stateOf(m platform.Merchant) string {
	if m.Suspended {
		return platform.Suspended
	}
	return platform.Active
}

// opsMerchantsCSV is all of the filter's merchants as a file.
func (s *site) opsMerchantsCSV(v *visit) error {
	f, err := platform.ParseMerchants(v.query)
	if err != nil {
		return err
	}
	p, err := v.operator()
	if err != nil {
		return err
	}
	page, err := s.Office.Merchants(v.ctx(), p, f, platform.Place{}, s.FileRows)
	rows, err := inFull(page.Rows, page.Next, err)
	if err != nil {
		return err
	}
	return v.stream("ops.merchants.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops.merchant.", "mchid", "short_name", "legal_name", "kind", "parent", "cycle", "system", "admin_login", "wechat", "opened", "state")...)
		for _, m := range rows {
			parent, admin, bound := "", "", v.word("ops.unbound")
			if m.Parent != 0 {
				parent = mchid(m.Parent)
			}
			if m.Admin != "" {
				admin = m.Admin + "@" + mchid(m.ID)
			}
			if m.AdminBound {
				bound = v.word("ops.bound")
			}
			if err := out.Row(mchid(m.ID), m.ShortName, m.LegalName, v.word("merchant.kind."+string(m.Kind)), parent, string(m.Cycle),
				v.word("merchant.system."+string(m.System)), admin, bound, clock.Text(m.OpenedAt), v.word("merchant.state."+stateOf(m))); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
