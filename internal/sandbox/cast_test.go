package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
)

func TestTheCastIsTheOnePromised(t *testing.T) {
	t.Parallel()
	got := []string{}
	for _, m := range Merchants {
		got = append(got, fmt.Sprintf("%d %s %s %d %s %s %d", m.ID, m.ShortName, m.Kind, m.Parent, m.System, m.Cycle, m.FeeRate))
	}
	want := []string{
		"1230000001 云帆收银 service_provider 0 upgraded T+1 60",
		"1230000101 青禾茶饮 sub_merchant 1230000001 upgraded T+1 60",
		"1230000102 小满书店 sub_merchant 1230000001 upgraded T+1 60",
		"1230000103 山海便利 sub_merchant 1230000001 legacy T+1 38",
		"1900000109 老王面馆 direct 0 legacy T+1 38",
		"1900000208 云上百货 direct 0 upgraded T+1 60",
		"1900000307 晨光健身 direct 0 legacy T+7 100",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

func TestTheCastIsBoundAsPromised(t *testing.T) {
	t.Parallel()
	var unboundLogins []string
	works := map[string][]int64{}
	admins := map[string]bool{}
	for _, m := range Merchants {
		for _, who := range m.Members {
			if !who.Bound {
				unboundLogins = append(unboundLogins, fmt.Sprintf("%s@%d %s", who.Login, m.ID, who.Role))
			}
			works[who.Person] = append(works[who.Person], m.ID)
			admins[who.Person] = admins[who.Person] || who.Role == access.SuperAdmin
		}
	}
	want := []string{"caiwu02@1230000001 finance", "caiwu02@1900000208 finance", "wrongwx@1900000208 operations", "admin01@1900000307 super_admin"}
	if !slices.Equal(unboundLogins, want) {
		t.Errorf("unbound: %v", unboundLogins)
	}
	twice := 0
	for person, merchants := range works {
		if len(merchants) > 2 || len(merchants) == 2 && admins[person] {
			t.Errorf("%s works for %v", person, merchants)
		}
		if len(merchants) == 2 {
			twice++
		}
	}
	if twice != 2 {
		t.Errorf("%d people work for two merchants", twice)
	}
}

func TestEveryMerchantHasOneSuperAdminAndStaff(t *testing.T) {
	t.Parallel()
	login := regexp.MustCompile(`^[0-9A-Za-z]{6,12}$`)
	account := regexp.MustCompile(`^[0-9]{16,19}$`)
	appid := regexp.MustCompile(`^wx[0-9a-z]{16}$`)
	for _, m := range Merchants {
		roles, logins := map[access.Role]int{}, map[string]bool{}
		for _, who := range m.Members {
			roles[who.Role]++
			if logins[who.Login] || !login.MatchString(who.Login) || len(who.Password) != passwordChars {
				t.Errorf("%s@%d: %q", who.Login, m.ID, who.Password)
			}
			logins[who.Login] = true
		}
		if roles[access.SuperAdmin] != 1 || m.Members[0].Role != access.SuperAdmin || len(roles) < 3 {
			t.Errorf("%d: %v", m.ID, roles)
		}
		if m.ID == 1900000208 && len(roles) != len(access.Roles) {
			t.Errorf("%d lacks roles: %v", m.ID, roles)
		}
		if !account.MatchString(m.SettlementAccount) || !appid.MatchString(m.AppID) || m.Kind == merchant.SubMerchant != (m.Parent != 0) {
			t.Errorf("%+v", m.New)
		}
	}
}

func TestOnlyTheWrongWeChatBelongsToSomebodyElse(t *testing.T) {
	t.Parallel()
	for _, m := range Merchants {
		for _, who := range m.Members {
			i := slices.IndexFunc(Persons, func(p Person) bool { return p.ID == who.Person })
			p := Persons[i]
			same := who.Holder == identity.Person{Name: p.Name, IDType: p.IDType, IDNumber: p.IDNumber}
			if same == (who.Login == "wrongwx") || !p.Verified || !p.Follows {
				t.Errorf("%s@%d: %+v is %+v", who.Login, m.ID, who.Holder, p)
			}
		}
	}
}

func TestPeopleHavePapersThatCouldBeReal(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^p-[a-z0-9]{1,30}$`)
	seen := map[string]bool{}
	holders := []identity.Person{}
	for _, p := range Persons {
		for _, unique := range []string{p.ID, p.Name, p.IDNumber, p.Mobile, OpenID(DemoAppID, p.ID)} {
			if seen[unique] {
				t.Errorf("%s comes twice", unique)
			}
			seen[unique] = true
		}
		if !id.MatchString(p.ID) || len(p.Mobile) != 11 || len(OpenID(DemoAppID, p.ID)) != openIDChars || p.Nickname == "" {
			t.Errorf("%+v", p)
		}
		holders = append(holders, identity.Person{Name: p.Name, IDType: p.IDType, IDNumber: p.IDNumber})
	}
	for _, m := range Merchants {
		for _, who := range m.Members {
			holders = append(holders, who.Holder)
		}
	}
	for _, h := range holders {
		if h.IDType == identity.IDCard && checkDigit(h.IDNumber) != h.IDNumber[17:] {
			t.Errorf("%s: %s should end in %s", h.Name, h.IDNumber, checkDigit(h.IDNumber))
		}
	}
}

// checkDigit is the last character of an ID card number by GB 11643.
func checkDigit(number string) string {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(number[i]-'0') * weight
	}
	return "10X98765432"[sum%11 : sum%11+1]
}
