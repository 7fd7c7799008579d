package sandbox

import "zhanggui/internal/access"

// Operators run the demo's platform: an admin and a reviewer who are bound, and one who has still to be.
var Operators = []CastMember{
	staff("pingtai01", access.PlatformAdmin, "p-huojianping", bound),
	staff("shenhe01", access.Reviewer, "p-nieyun", bound),
	staff("kefu001", access.Service, "p-yaomeng", unbound),
}

// RolledOut are the merchants that the account upgrade is offered to until an operator decides otherwise.
var RolledOut = []int64{1900000109}
