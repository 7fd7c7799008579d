package views

import "zhanggui/views/ui"

// HandoverPath is where the super admin hands over.
const HandoverPath = "/account/handover"

// Handover asks to whom the super admin hands over, and as what the super admin goes on.
type Handover struct {
	Once   ui.Pair
	Faults []ui.Fault
	To     ui.Field
	Keeps  RolePicks
}
