package main

import (
	"zhanggui/internal/identity"
	"zhanggui/internal/trade/bill"
)

// limit is a rate or bound as doctor shows it.
type limit struct {
	about string
	value int
}

func limits() []limit {
	l := identity.DefaultLimits
	return []limit{
		{"sign-in codes a minute from one address", l.TicketsPerMinute},
		{"sign-in codes waiting at once from one address", l.TicketsWaiting},
		{"password tries per login account in 15 minutes", l.PasswordTries},
		{"login accounts of a merchant", identity.MembersMax},
		{"trade bill: bytes", bill.FileMax},
		{"trade bill: rows", bill.RowsMax},
	}
}
