package upgrade

import (
	_ "embed" // the agreement

	"zhanggui/internal/product"
)

//go:embed agreement_2026_11.txt
var text string

// Current is the agreement that is signed today.
var Current = product.Agreement{Version: "2026-11", Text: text}
