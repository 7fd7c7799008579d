package audit

// Areas are the parts of the product that acts belong to: the part of their code before the dot, in the
// order they are shown. Words: catalogue id "audit.area." + code.
var Areas = []string{"signin", "binding", "session", "access", "confirm", "approval", "member", "role", "superadmin",
	"account", "merchant", "card", "trade", "settlement", "topup", "withdrawal", "opening", "rollout", "transfer", "product", "operation", "alert", "audit", "operator", "calendar", "job", "verification"}
