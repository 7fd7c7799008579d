package transfer

import (
	_ "embed" // the agreement

	"zhanggui/internal/product"
)

// Code is the product's.
const Code product.Code = "enterprise_payment"

// What a merchant must have done before it opens the product.
const (
	daysHere    = 90
	daysTrading = 20 // of the last 30
)

//go:embed agreement_2026_11.txt
var agreement string

// Product is enterprise payment: for every merchant that has been here long enough and trades.
func Product() product.Declaration {
	return product.Declaration{Code: Code, Group: product.Tools, Agreement: product.Agreement{Version: "2026-11", Text: agreement}, Settings: Path,
		Conditions: func(f product.Facts) []product.Condition {
			return []product.Condition{f.OpenFor(daysHere), f.Traded(daysTrading)}
		}}
}
