package platform

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
)

// Opening is a merchant to be opened, with its first super admin. The names are those of the form.
type Opening struct {
	MchID             int64           `json:"mchid"`
	Kind              merchant.Kind   `json:"kind"`
	Parent            int64           `json:"parent_mchid"`
	LegalName         string          `json:"legal_name"`
	ShortName         string          `json:"short_name"`
	Cycle             merchant.Cycle  `json:"settlement_cycle"`
	System            merchant.System `json:"account_system"`
	FeeRate           money.Rate      `json:"fee_rate"`
	SettlementBank    string          `json:"settlement_bank"`
	SettlementAccount string          `json:"settlement_account"`
	AppID             string          `json:"appid"`
	Login             string          `json:"login"`
	Name              string          `json:"name"`
	IDType            identity.IDType `json:"id_type"`
	IDNumber          string          `json:"id_number"`
	Mobile            string          `json:"mobile"`
}

// FeeRateMax is the highest rate a merchant is opened with: 3.00 %.
const FeeRateMax money.Rate = 300

var appidForm = regexp.MustCompile(`^wx[0-9a-z]{16}$`)

// Refusals of an opening, beside those of merchant and identity.
var (
	ErrKind   = fault.New("platform.kind").On("kind")
	ErrCycle  = fault.New("platform.cycle").On("settlement_cycle")
	ErrSystem = fault.New("platform.system").On("account_system")
	ErrRate   = fault.New("platform.rate").On("fee_rate").With("Max", FeeRateMax.String())
	ErrBank   = fault.New("platform.bank").On("settlement_bank")
	ErrAppID  = fault.New("platform.appid").On("appid")
)

// ParseOpening reads the form. What is no number becomes one that no merchant can have, so that Check
// says so beside its field.
func ParseOpening(form func(string) string) Opening {
	number := func(name string) int64 {
		n, err := strconv.ParseInt(form(name), 10, 64)
		if err != nil && form(name) != "" {
			return -1
		}
		return n
	}
	rate, err := money.ParseRate(strings.TrimSuffix(form("fee_rate"), "%") + "%")
	if err != nil {
		rate = -1
	}
	o := Opening{MchID: number("mchid"), Kind: merchant.Kind(form("kind")),
		LegalName: form("legal_name"), ShortName: form("short_name"),
		Cycle: merchant.Cycle(form("settlement_cycle")), System: merchant.System(form("account_system")), FeeRate: rate,
		SettlementBank:    form("settlement_bank"),
		SettlementAccount: strings.NewReplacer(" ", "", "-", "").Replace(form("settlement_account")),
		AppID:             form("appid"), Login: form("login"), Name: form("name"),
		IDType:   identity.IDType(form("id_type")),
		IDNumber: strings.ToUpper(strings.ReplaceAll(form("id_number"), " ", "")), Mobile: strings.ReplaceAll(form("mobile"), " ", "")}
	if o.Kind == merchant.SubMerchant {
		o.Parent = cmp.Or(number("parent_mchid"), -1)
	}
	return o
}

// check refuses what no merchant can be; who the super admin is, identity checks.
func (o Opening) check() fault.Form {
	var f fault.Form
	f = append(f, fault.All(o.merchant().Check())...)
	for _, rule := range []struct {
		holds bool
		else_ *fault.Refusal
	}{
		{o.Kind.Known(), ErrKind},
		{o.Cycle == merchant.T1 || o.Cycle == merchant.T7, ErrCycle},
		{o.System == merchant.Legacy || o.System == merchant.Upgraded, ErrSystem},
		{o.FeeRate >= 0 && o.FeeRate <= FeeRateMax, ErrRate},
		{printable(o.SettlementBank, merchantNameMax), ErrBank},
		{appidForm.MatchString(o.AppID), ErrAppID},
	} {
		if !rule.holds {
			f.Add(rule.else_)
		}
	}
	return f
}

const merchantNameMax = 64

// printable tells whether a text is there, and can be shown on one line.
func printable(text string, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= 1 && n <= most && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError })
}

func (o Opening) merchant() merchant.New {
	return merchant.New{ID: o.MchID, Kind: o.Kind, Parent: o.Parent, LegalName: o.LegalName, ShortName: o.ShortName,
		Cycle: o.Cycle, System: o.System, FeeRate: o.FeeRate, SettlementBank: o.SettlementBank,
		SettlementAccount: o.SettlementAccount, AppID: o.AppID}
}

func (o Opening) admin(by access.Actor) identity.NewAccount {
	return identity.NewAccount{Merchant: o.MchID, Login: o.Login, Mobile: o.Mobile, Roles: []access.Role{access.SuperAdmin},
		Person: identity.Person{Name: o.Name, IDType: o.IDType, IDNumber: o.IDNumber}, Actor: by}
}

func mchid(id int64) string { return strconv.FormatInt(id, 10) }
