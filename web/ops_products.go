package web

import (
	"io"
	"net/http"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/product"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// openingListParams are the filter's, with the place in the list.
const openingListParams = "?state ?product ?mchid ?cursor"

// opsProducts lists what merchants asked to open.
func (s *site) opsProducts(v *visit) error {
	m := views.OpsProducts{Asked: v.asked, First: v.query(product.FieldCursor) == "", All: s.Products.All()}
	var err error
	if m.Rows, m.Next, err = s.openings(v, product.PageSize); err != nil {
		return err
	}
	title := v.word("ops_products.title")
	return v.show(http.StatusOK, views.OpsProductsPage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: title})...), m))
}

// openings reads a page of the list.
func (s *site) openings(v *visit, size int) (rows []product.Row, next string, err error) {
	p, err := v.operator()
	if err != nil {
		return nil, "", err
	}
	f, err := s.Products.ParseFilter(v.query)
	if err != nil {
		return nil, "", err
	}
	rows, more, err := product.List(v.ctx(), s.DB.PG(), p, f, size)
	if more {
		next = rows[len(rows)-1].Place().String()
	}
	return rows, next, err
}

// openingWire is an opening in JSON.
type openingWire struct {
	No         string  `json:"opening_no"`
	MchID      string  `json:"mchid"`
	Name       string  `json:"short_name"`
	Product    string  `json:"product"`
	Status     string  `json:"status"`
	Version    string  `json:"agreement_version"`
	Hash       string  `json:"agreement_sha256"`
	AskedBy    string  `json:"asked_by"`
	AskedTime  string  `json:"asked_time"`
	DecidedBy  string  `json:"decided_by"`
	DecideTime *string `json:"decide_time"`
	OpenTime   *string `json:"open_time"`
	CloseTime  *string `json:"close_time"`
	Reason     string  `json:"reason"`
}

func (s *site) opsProductsJSON(v *visit) error {
	rows, next, err := s.openings(v, product.PageSize)
	if err != nil {
		return err
	}
	out := listing[openingWire]{Rows: make([]openingWire, 0, len(rows)), Next: next}
	for _, r := range rows {
		out.Rows = append(out.Rows, openingWire{No: r.No(), MchID: mchid(r.Merchant), Name: r.ShortName, Product: string(r.Code),
			Status: strings.ToUpper(string(r.State)), Version: r.Version, Hash: r.SignedHash, AskedBy: r.AskedBy, AskedTime: clock.Wire(r.AskedAt),
			DecidedBy: r.DecidedBy, DecideTime: wireTime(r.DecidedAt), OpenTime: wireTime(r.OpenedAt), CloseTime: wireTime(r.ClosedAt), Reason: r.Reason})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsProductsCSV(v *visit) error {
	rows, err := inFull(s.openings(v, s.FileRows))
	if err != nil {
		return err
	}
	return v.stream("ops_products.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops_products.col.", "asked", "mchid", "merchant", "product", "state", "by", "no", "version", "hash", "decided_by", "decided", "reason")...)
		for _, r := range rows {
			if err := out.Row(clock.Text(r.AskedAt), mchid(r.Merchant), r.ShortName, r.Code.Name(v.ctx()), views.ProductState(v.ctx(), r.State), r.AskedBy,
				r.No(), r.Version, r.SignedHash, r.DecidedBy, textOr(r.DecidedAt, ""), r.Reason); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// opsProduct is one opening, with what decides about it.
func (s *site) opsProduct(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	return s.showOpening(v, http.StatusOK, typed.Get("reason"), nil)
}

func (s *site) showOpening(v *visit, status int, reason string, wrong error) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	p, err := v.operator()
	if err != nil {
		return err
	}
	m := views.OpsProduct{May: v.scope.May(access.OpsProductsReview), Reason: ui.Field{Name: "reason", Label: v.word("ops_products.reason"), Value: reason,
		Hint: v.word("ops_products.reason_hint"), MaxLength: product.ReasonMax}}
	if m.Opening, m.Item, err = s.Products.Find(v.ctx(), s.DB.PG(), p, no, s.Clock.Now()); err != nil {
		return err
	}
	m.Faults = v.faults(wrong, &m.Reason)
	for i := range m.Once {
		if m.Once[i], err = v.once(); err != nil {
			return err
		}
	}
	title := m.Opening.Code.Name(v.ctx())
	return v.show(status, views.OpsProductPage(v.frame(title, v.opsCrumbs(ui.Crumb{Word: v.word("ops_products.title"), Href: product.ReviewPath}, ui.Crumb{Word: title})...), m))
}

// reviewProduct asks the operator's phone for an answer to an opening.
func (s *site) reviewProduct(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	r := product.Review{No: no, Approve: v.form("decision") == "approve"}
	if !r.Approve {
		r.Reason = v.form("reason")
	}
	if err = r.Check(); err == nil {
		err = s.ask(v, product.ReviewAction, r, product.ReviewPath+"/"+no)
	}
	if v.correctable(err) {
		return s.showOpening(v, http.StatusUnprocessableEntity, v.form("reason"), err)
	}
	return err
}
