package access_test

import (
	"errors"
	"slices"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
)

func TestOperatorsHoldNothingInMerchantsAndMembersNothingOnThePlatform(t *testing.T) {
	t.Parallel()
	everyRole := slices.Concat(access.Roles, access.PlatformRoles)
	for _, r := range everyRole {
		member := access.Member(access.Seat{Merchant: 1900000109, Name: "someone", Roles: []access.Role{r}})
		operator := access.Member(access.Seat{Name: "someone@ops", Roles: []access.Role{r}})
		for _, p := range access.PlatformPermissions {
			if member.May(p) {
				t.Errorf("a member who is %s may %s", r, p)
			}
		}
		for _, p := range access.Permissions {
			if operator.May(p) {
				t.Errorf("an operator who is %s may %s in a merchant", r, p)
			}
		}
	}
}

func TestTheRightAcrossMerchantsIsThePlatformsAlone(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]access.Scope{
		"nobody": {}, "a super admin": access.Member(access.Seat{Merchant: 1900000109, Name: "a@1900000109", Roles: []access.Role{access.SuperAdmin}}),
		"due work of a merchant": access.Job(1900000109, access.System),
	} {
		if p, err := access.Across(s); !errors.Is(err, fault.ErrNotFound) || p.May(access.OpsMerchantsRead) {
			t.Errorf("%s acts across merchants: %v", name, err)
		}
	}
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	if err != nil || !p.May(access.OpsOperatorsWrite) || p.May(access.TradeRead) {
		t.Errorf("the machine's own work: %v", err)
	}
}

func TestOperatorsRolesAreReadyAndClosed(t *testing.T) {
	t.Parallel()
	may := func(r access.Role) (all []access.Permission) {
		p, err := access.Across(access.Member(access.Seat{Name: "x@ops", Roles: []access.Role{r}}))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range access.PlatformPermissions {
			if p.May(want) {
				all = append(all, want)
			}
		}
		return all
	}
	for r, want := range map[access.Role]int{access.PlatformAdmin: len(access.PlatformPermissions), access.Reviewer: 15,
		access.Service: 6, access.ReadOnly: 9, access.SuperAdmin: 0, access.Finance: 0, "made_up": 0} {
		if got := may(r); len(got) != want {
			t.Errorf("%s may %v, want %d things", r, got, want)
		}
		if slices.Contains(access.PlatformRoles, r) != r.KnownIn(access.PlatformID) {
			t.Errorf("%s is known to the platform: %v", r, r.KnownIn(access.PlatformID))
		}
	}
	for _, p := range may(access.ReadOnly) {
		if p == access.OpsOperatorsWrite || p == access.OpsMerchantsOpen || p == access.OpsCalendarWrite || p == access.OpsJobsRetry {
			t.Errorf("read-only may %s", p)
		}
	}
}

func TestARoleTheMerchantMadeGivesNothingOfThePlatform(t *testing.T) {
	t.Parallel()
	made := []access.CustomRole{{Code: "boss", Permissions: access.PlatformPermissions}}
	for _, merchant := range []int64{1900000109, access.PlatformID} {
		s := access.Member(access.Seat{Merchant: merchant, Name: "x", Roles: []access.Role{"boss"}, Custom: made})
		for _, p := range access.PlatformPermissions {
			if s.May(p) {
				t.Errorf("a made-up role may %s in %d", p, merchant)
			}
		}
	}
}
