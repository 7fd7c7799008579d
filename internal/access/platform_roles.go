package access

// What operators may do. Words: catalogue id "permission." + code.
const (
	OpsMerchantsRead    Permission = "ops.merchants.read"
	OpsMerchantsOpen    Permission = "ops.merchants.open"
	OpsMerchantsSuspend Permission = "ops.merchants.suspend"
	OpsCalendarRead     Permission = "ops.calendar.read"
	OpsCalendarWrite    Permission = "ops.calendar.write"
	OpsJobsRead         Permission = "ops.jobs.read"
	OpsJobsRetry        Permission = "ops.jobs.retry"
	OpsVerifyRead       Permission = "ops.verification.read"
	OpsVerifyRun        Permission = "ops.verification.run"
	OpsOperatorsRead    Permission = "ops.operators.read"
	OpsOperatorsWrite   Permission = "ops.operators.write"
	OpsAuditRead        Permission = "ops.audit.read"
	OpsBooksRead        Permission = "ops.books.read"
	OpsBooksOpen        Permission = "ops.books.open"
	OpsRolloutRead      Permission = "ops.rollout.read"
	OpsRolloutWrite     Permission = "ops.rollout.write"
	OpsProductsRead     Permission = "ops.products.read"
	OpsProductsReview   Permission = "ops.products.review"
)

// PlatformPermissions lists all of them in the order they are shown.
var PlatformPermissions = []Permission{
	OpsMerchantsRead, OpsMerchantsOpen, OpsMerchantsSuspend, OpsCalendarRead, OpsCalendarWrite,
	OpsJobsRead, OpsJobsRetry, OpsVerifyRead, OpsVerifyRun, OpsOperatorsRead, OpsOperatorsWrite,
	OpsAuditRead, OpsBooksRead, OpsBooksOpen, OpsRolloutRead, OpsRolloutWrite, OpsProductsRead, OpsProductsReview,
}

// The operators' roles, beside Service and ReadOnly, which mean here what they say: to look things up
// for merchants that ask, and to look only.
const (
	PlatformAdmin Role = "admin"
	Reviewer      Role = "reviewer"
)

// PlatformRoles lists the operators' roles in the order they are shown.
var PlatformRoles = []Role{PlatformAdmin, Reviewer, Service, ReadOnly}

// operators is what each of them may do. The platform admin may do everything, and alone answers for
// who is an operator.
var operators = map[Role][]Permission{
	PlatformAdmin: PlatformPermissions,
	Reviewer: {OpsMerchantsRead, OpsMerchantsOpen, OpsMerchantsSuspend, OpsCalendarRead, OpsCalendarWrite,
		OpsJobsRead, OpsVerifyRead, OpsVerifyRun, OpsAuditRead, OpsBooksRead, OpsBooksOpen,
		OpsRolloutRead, OpsRolloutWrite, OpsProductsRead, OpsProductsReview},
	Service: {OpsMerchantsRead, OpsCalendarRead, OpsJobsRead, OpsBooksRead, OpsRolloutRead, OpsProductsRead},
	ReadOnly: {OpsMerchantsRead, OpsCalendarRead, OpsJobsRead, OpsVerifyRead, OpsOperatorsRead, OpsAuditRead, OpsBooksRead,
		OpsRolloutRead, OpsProductsRead},
}

// KnownIn tells whether the role is a ready role of the merchant, or of the platform.
func (r Role) KnownIn(merchant int64) bool {
	_, ok := rolesOf(merchant)[r]
	return ok
}

func rolesOf(merchant int64) map[Role][]Permission {
	if merchant == PlatformID {
		return operators
	}
	return granted
}
