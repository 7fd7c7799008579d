package operations

import (
	"context"
	_ "embed" // the agreement
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/product"
)

// Code is the product's.
const Code product.Code = "operation_account"

// AccountPath is the page of the operations account.
const AccountPath = product.Path + "/" + string(Code) + "/account"

//go:embed agreement_2026_11.txt
var agreement string

// Product is the operations account: upgraded merchants open it once, and for good.
func Product() product.Declaration {
	return product.Declaration{Code: Code, Group: product.Funds, Systems: []merchant.System{merchant.Upgraded}, Lasting: true,
		Agreement: product.Agreement{Version: "2026-11", Text: agreement}, Settings: AccountPath, Open: openAccount}
}

// openAccount opens the account that from then on pays for every function of operations. Who waits for the
// merchant in PayFrom sees it.
func openAccount(ctx context.Context, tx db.Tx, s access.Scope, at time.Time) error {
	return ledger.OpenAccount(ctx, tx, s.Merchant(), ledger.Operation, at)
}
