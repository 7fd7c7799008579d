package access_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

var now = time.Date(2026, 11, 22, 11, 20, 5, 0, time.UTC)

const shop = 1900000109

// opened is a database with one merchant, and the scope of someone with the roles there.
func opened(t *testing.T) *db.DB {
	t.Helper()
	d := dbtest.Tx(t)
	v, err := vault.Open([]byte("0123456789abcdef0123456789abcdef"))
	must(t, err)
	must(t, d.InTx(t.Context(), func(tx db.Tx) error {
		return merchant.Create(t.Context(), tx, v, merchant.New{ID: shop, Kind: merchant.Direct, LegalName: "兰州老王面馆", ShortName: "老王面馆",
			Cycle: merchant.T1, System: merchant.Legacy, FeeRate: 60, SettlementAccount: "6222021234567890123", AppID: "wx1"}, now)
	}))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func holding(all ...access.Permission) access.Scope {
	return access.Member(access.Seat{Merchant: shop, Name: "x@1900000109", Roles: []access.Role{"r22222222"},
		Custom: []access.CustomRole{{Code: "r22222222", Name: "x", Permissions: all}}})
}

var admin = access.Member(access.Seat{Merchant: shop, Name: "admin01@1900000109", Roles: []access.Role{access.SuperAdmin}})

func creates(t *testing.T, d *db.DB, s access.Scope, name string, all ...access.Permission) (c access.CustomRole, err error) {
	t.Helper()
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		c, err = access.CreateRole(t.Context(), tx, s, access.RoleDraft{Name: name, Permissions: all}, now)
		return err
	})
	return c, err
}

func TestRolesAreMadeOfGivablePermissionsThatTheMakerHolds(t *testing.T) {
	t.Parallel()
	d := opened(t)
	for what, c := range map[string]struct {
		who  access.Scope
		name string
		all  []access.Permission
		want error
	}{
		"no name":         {admin, "  ", []access.Permission{access.TradeRead}, access.ErrRoleName},
		"a long name":     {admin, strings.Repeat("长", 65), []access.Permission{access.TradeRead}, access.ErrRoleName},
		"an unseen mark":  {admin, "财\u200b务组", []access.Permission{access.TradeRead}, access.ErrRoleName},
		"a ready name":    {admin, "财务", []access.Permission{access.TradeRead}, access.ErrRoleNameTaken},
		"nothing in it":   {admin, "空", nil, access.ErrRolePermissions},
		"super admin's":   {admin, "强", []access.Permission{access.TradeRead, access.MemberReset}, access.ErrRolePermissions},
		"operators'":      {admin, "运", []access.Permission{access.OpsMerchantsRead}, access.ErrRolePermissions},
		"unknown":         {admin, "未", []access.Permission{"books.burn"}, access.ErrRolePermissions},
		"not held":        {holding(access.TradeRead, access.RoleWrite), "导", []access.Permission{access.TradeImport}, access.ErrGrantLacking},
		"all is well":     {holding(access.TradeRead, access.RoleWrite), "看", []access.Permission{access.TradeRead}, nil},
		"64 characters":   {admin, strings.Repeat("长", 64), []access.Permission{access.TradeRead}, nil},
		"the super admin": {admin, "全部", access.Givable(), nil},
	} {
		if _, err := creates(t, d, c.who, c.name, c.all...); !errors.Is(first(err), c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	if _, err := creates(t, d, admin, " 看 ", access.TradeRead); !errors.Is(err, access.ErrRoleNameTaken) {
		t.Errorf("a name twice: %v", err)
	}
}

// first is the one refusal that matters.
func first(err error) error {
	if all := fault.All(err); len(all) > 0 {
		return all[0]
	}
	return err
}

func TestAChangeOfARoleGivesOnlyWhatTheChangerHolds(t *testing.T) {
	t.Parallel()
	d := opened(t)
	role, err := creates(t, d, admin, "导入员", access.TradeRead, access.TradeImport)
	must(t, err)
	change := func(s access.Scope, name string, all ...access.Permission) error {
		return d.InTx(t.Context(), func(tx db.Tx) error {
			_, _, err := access.ChangeRole(t.Context(), tx, s, role.Code, access.RoleDraft{Name: name, Permissions: all}, now)
			return err
		})
	}
	weak := holding(access.TradeRead, access.RoleWrite)
	for _, c := range []struct {
		what string
		who  access.Scope
		name string
		all  []access.Permission
		want error
	}{
		{"added without holding it", weak, "导入员", []access.Permission{access.TradeRead, access.TradeImport, access.AuditRead}, access.ErrGrantLacking},
		{"nothing changed", admin, " 导入员 ", []access.Permission{access.TradeImport, access.TradeRead}, access.ErrRoleSame},
		{"kept without holding it", weak, "导入人", []access.Permission{access.TradeRead, access.TradeImport}, nil},
		{"taken away", weak, "导入人", []access.Permission{access.TradeRead}, nil},
		{"given back", weak, "导入人", []access.Permission{access.TradeRead, access.TradeImport}, access.ErrGrantLacking},
	} {
		if err := change(c.who, c.name, c.all...); !errors.Is(first(err), c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

func TestTheFiftyFirstRoleIsRefusedAndADeletedOneMakesRoom(t *testing.T) {
	t.Parallel()
	d := opened(t)
	var last access.CustomRole
	for i := range access.RolesMax {
		var err error
		last, err = creates(t, d, admin, fmt.Sprint("角色", i), access.TradeRead)
		must(t, err)
	}
	if _, err := creates(t, d, admin, "多一个", access.TradeRead); !errors.Is(err, access.ErrRolesMax) {
		t.Fatalf("the 51st: %v", err)
	}
	must(t, d.InTx(t.Context(), func(tx db.Tx) error {
		_, err := access.DeleteRole(t.Context(), tx, admin, last.Code)
		return err
	}))
	next, err := creates(t, d, admin, "多一个", access.TradeRead)
	must(t, err)
	if next.Code == last.Code {
		t.Error("a code was used again")
	}
}

func TestARoleInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	d := opened(t)
	role, err := creates(t, d, admin, "门店", access.TradeRead)
	must(t, err)
	remove := func() error {
		return d.InTx(t.Context(), func(tx db.Tx) error {
			_, err := access.DeleteRole(t.Context(), tx, admin, role.Code)
			return err
		})
	}
	account := db.NewID()
	run := func(sql string, args ...any) {
		_, err := d.PG().Exec(t.Context(), sql, args...)
		must(t, err)
	}
	run(`INSERT INTO login_accounts (merchant_id, id, login, real_name, name_masked, id_type, id_number, id_index, id_masked, mobile,
		mobile_masked, created_at, place) VALUES ($1, $2, 'someone1', 'x', '张*', 'id_card', 'x', 'x', '11***', 'x', '138***', $3, 1)`, shop, account, now)
	run("INSERT INTO account_roles VALUES ($1, $2, $3)", shop, account, role.Code)
	if err := remove(); !errors.Is(err, access.ErrRoleInUse) {
		t.Errorf("somebody has it: %v", err)
	}
	run("DELETE FROM account_roles WHERE merchant_id = $1", shop)
	run("INSERT INTO approval_rules VALUES ($1, 'member.roles', NULL, $2, $3, $4)", shop, []string{string(role.Code)}, account, now)
	if err := remove(); !errors.Is(err, access.ErrRoleInUse) {
		t.Errorf("a rule asks it: %v", err)
	}
	run("DELETE FROM approval_rules WHERE merchant_id = $1", shop)
	must(t, remove())
	if err := remove(); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
}

func TestWhatRolesGiveFailsClosed(t *testing.T) {
	t.Parallel()
	strange := []access.CustomRole{
		{Code: "r33333333", Permissions: []access.Permission{"books.burn", access.MemberReset, access.OpsJobsRead, access.AuditRead}},
		{Code: access.Finance, Permissions: []access.Permission{access.AuditRead}}, // a row that calls itself a ready role
	}
	s := access.Member(access.Seat{Merchant: shop, Roles: []access.Role{"r33333333", "owner", "", access.Finance, "admin"}, Custom: strange})
	var may []access.Permission
	for _, p := range append(slices.Clone(access.Permissions), access.PlatformPermissions...) {
		if s.May(p) {
			may = append(may, p)
		}
	}
	if want := []access.Permission{access.TradeRead, access.TradeImport, access.FundsRead, access.FundsTopUp, access.FundsAlert,
		access.FundsMove, access.SettlementRepay, access.WithdrawalMake, access.WithdrawalSettings, access.TransferMake, access.AuditRead}; !slices.Equal(may, want) {
		t.Errorf("gives %v, want %v", may, want)
	}
	ops := access.Member(access.Seat{Merchant: access.PlatformID, Roles: []access.Role{"r33333333"},
		Custom: []access.CustomRole{{Code: "r33333333", Permissions: []access.Permission{access.OpsJobsRead, access.TradeRead}}}})
	if ops.May(access.OpsJobsRead) || ops.May(access.TradeRead) {
		t.Error("a role of their own gives operators something")
	}
}

func TestEveryPermissionSaysWhatItIsAndWhatItAllows(t *testing.T) {
	t.Parallel()
	for _, p := range access.Permissions {
		for _, id := range []string{"permission." + string(p), "permission." + string(p) + ".what"} {
			if !words.Has(t.Context(), id) {
				t.Errorf("the catalogue has no %s", id)
			}
		}
	}
	for _, r := range access.Roles {
		if !words.Has(t.Context(), "role."+string(r)) || !words.Has(t.Context(), "role."+string(r)+".what") {
			t.Errorf("the role %s has no words", r)
		}
		for _, p := range r.Permissions() {
			if p.SuperOnly() && r != access.SuperAdmin {
				t.Errorf("%s holds %s, which is the super admin's alone", r, p)
			}
		}
	}
}
