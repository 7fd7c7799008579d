package main

import (
	"zhanggui/internal/identity"
	"zhanggui/internal/trade/bill"
)

// limit is a bound as doctor shows it; rates are settings.
type limit struct {
	about string
	value int
}

func limits() []limit {
	return []limit{
		{"login accounts of a merchant", identity.MembersMax},
		{"trade bill: bytes", bill.FileMax},
		{"trade bill: rows", bill.RowsMax},
	}
}
