package web

import (
	"io"
	"net/http"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/merchant"
	"zhanggui/internal/product"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// products is the catalogue as it stands for the merchant.
func (s *site) products(v *visit) error {
	items, err := s.Products.Read(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now())
	if err != nil {
		return err
	}
	m := views.Products{Merchant: v.session.Merchant.ShortName, Items: items, May: v.scope.May(access.ProductOpen)}
	return v.show(http.StatusOK, views.ProductsPage(v.productsFrame(v.word("products.title")), m))
}

// productsFrame is the frame of a page of the product centre.
func (v *visit) productsFrame(title string, above ...ui.Crumb) layout.Page {
	crumbs := append([]ui.Crumb{{Word: v.word("menu.product")}, {Word: v.word("menu.product.mine")}}, above...)
	return v.frame(title, append(crumbs, ui.Crumb{Word: title})...)
}

// productItems are the products that can be the merchant's, as the menu leads to them: to the page where one
// is used, if the reader may open it; that page leads on to the product's own while it is not open.
func (v *visit) productItems() (items []layout.Item) {
	kind, system := merchant.Kind(v.session.Merchant.Kind), merchant.System(v.session.Merchant.System)
	at := v.Request().URL.Path
	for _, d := range v.site.Products.For(kind, system) {
		own := d.Code.Href()
		i := layout.Item{Word: d.Code.Name(v.ctx()), Href: own, Current: at == own || strings.HasPrefix(at, own+"/")}
		if d.Settings != "" && v.mayOpen(d.Settings) {
			i.Href, i.Current = d.Settings, i.Current || at == d.Settings
		}
		items = append(items, i)
	}
	return items
}

// productWire is a product in JSON.
type productWire struct {
	Code       string          `json:"code"`
	Name       string          `json:"name"`
	Status     string          `json:"status"`
	Agreement  string          `json:"agreement_version"`
	SignedBy   string          `json:"signed_by"`
	AskedTime  *string         `json:"asked_time"`
	OpenTime   *string         `json:"open_time"`
	CloseTime  *string         `json:"close_time"`
	Conditions []conditionWire `json:"conditions"`
}

type conditionWire struct {
	Code string `json:"code"`
	Have int64  `json:"have"`
	Need int64  `json:"need"`
	Met  bool   `json:"met"`
}

func (s *site) productsJSON(v *visit) error {
	items, err := s.Products.Read(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now())
	if err != nil {
		return err
	}
	out := listing[productWire]{Rows: make([]productWire, 0, len(items))}
	for _, i := range items {
		row := productWire{Code: string(i.Code), Name: i.Code.Name(v.ctx()), Status: strings.ToUpper(string(i.State())),
			Agreement: i.Agreement.Version, Conditions: []conditionWire{}}
		if o := i.Last; o != nil {
			asked := clock.Wire(o.AskedAt)
			row.Agreement, row.SignedBy, row.AskedTime, row.OpenTime, row.CloseTime = o.Version, o.AskedBy, &asked, wireTime(o.OpenedAt), wireTime(o.ClosedAt)
		}
		for _, c := range i.Conditions {
			row.Conditions = append(row.Conditions, conditionWire{Code: c.Word, Have: c.Have, Need: c.Need, Met: c.Met()})
		}
		out.Rows = append(out.Rows, row)
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) productsCSV(v *visit) error {
	items, err := s.Products.Read(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now())
	if err != nil {
		return err
	}
	return v.stream("products.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("products.col.", "name", "state", "opened", "conditions", "version", "signed_by", "no")...)
		for _, i := range items {
			var conditions []string
			for _, c := range i.Conditions {
				conditions = append(conditions, views.ConditionText(v.ctx(), c))
			}
			row := []string{i.Code.Name(v.ctx()), views.ProductState(v.ctx(), i.State()), "", strings.Join(conditions, " / "), "", "", ""}
			if o := i.Last; o != nil {
				row[2], row[4], row[5], row[6] = textOr(o.OpenedAt, ""), o.Version, o.AskedBy, o.No()
			}
			if err := out.Row(row...); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// product is one product.
func (s *site) product(v *visit) error {
	if _, err := v.again(); err != nil { // consent is given anew: nothing that was typed is kept
		return err
	}
	return s.showProduct(v, http.StatusOK, nil)
}

func (s *site) showProduct(v *visit, status int, wrong error) error {
	code, err := v.path("code")
	if err != nil {
		return err
	}
	m := views.Product{May: v.scope.May(access.ProductOpen), Consent: ui.Field{Name: "consent", Required: true}}
	if m.Item, err = s.Products.Look(v.ctx(), s.DB.PG(), v.scope, product.Code(code), s.Clock.Now()); err != nil {
		return err
	}
	m.Consent.Label = v.wordf("products.consent", map[string]any{"Title": m.Agreement.Title(), "Version": m.Agreement.Version})
	m.Faults = v.faults(wrong, &m.Consent)
	if !m.May {
		if m.Admin, err = s.Gate.SuperAdminName(v.ctx(), v.scope); err != nil {
			return err
		}
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	title := m.Code.Name(v.ctx())
	return v.show(status, views.ProductPage(v.productsFrame(title, ui.Crumb{Word: v.word("products.title"), Href: views.ProductsPath}), m))
}

// openProduct asks the phone for an opening by the agreement that was on the page.
func (s *site) openProduct(v *visit) error {
	code, err := v.path("code")
	if err != nil {
		return err
	}
	g := product.Signed{Code: product.Code(code), Version: v.form("version"), Hash: v.form("hash")}
	if v.form("consent") != "1" {
		err = product.ErrConsent
	} else {
		err = s.ask(v, product.OpenAction, g, g.Code.Href())
	}
	if v.correctable(err) {
		return s.showProduct(v, http.StatusUnprocessableEntity, err)
	}
	return err
}

// closeProduct asks the phone for a closing.
func (s *site) closeProduct(v *visit) error {
	code, err := v.path("code")
	if err != nil {
		return err
	}
	i, err := s.Products.Look(v.ctx(), s.DB.PG(), v.scope, product.Code(code), s.Clock.Now())
	switch {
	case err != nil:
		return err
	case i.Lasting:
		err = product.ErrLasting
	default:
		err = s.ask(v, product.CloseAction, product.Closing{Code: i.Code}, i.Code.Href())
	}
	if v.correctable(err) {
		return s.showProduct(v, http.StatusUnprocessableEntity, err)
	}
	return err
}

// signedAgreement is an agreement as it was signed, as one file that needs nothing else.
func (s *site) signedAgreement(v *visit) error {
	no, err := v.path("no")
	if err != nil {
		return err
	}
	o, err := product.Get(v.ctx(), s.DB.PG(), v.scope, no)
	if err != nil {
		return err
	}
	file := views.AgreementFile(v.ctx(), o, v.session.Merchant.LegalName, mchid(o.Merchant))
	_, err = io.WriteString(v.download("text/html; charset=utf-8", o.Agreement.Title()+"-"+o.No()+".html"), file)
	return err
}
