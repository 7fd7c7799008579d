package identity

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/words"
)

// Operators are login accounts of the platform, name@ops: made, bound and signed in like all others,
// at a door of their own. They come into no merchant, and no member comes in at their door.

// opsDomain stands in their logins where others have the merchant's number.
const opsDomain = "ops"

// PlatformName is what the platform is called where a merchant's short name stands.
func PlatformName(ctx context.Context) string { return words.T(ctx, "ops.platform_name") }

func (s seat) platform() bool { return s.MerchantID == access.PlatformID }

func (b BindingSeat) platform() bool { return b.merchant == access.PlatformID }

// Platform tells whether the choice is an operator's way in.
func (c SeatChoice) Platform() bool { return c.Mchid == access.PlatformID }

// profile is the page of the person's own account.
func (s seat) profile() string {
	if s.platform() {
		return "/ops/profile"
	}
	return "/account/profile"
}
