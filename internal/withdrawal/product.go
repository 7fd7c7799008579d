package withdrawal

import (
	"context"
	_ "embed" // the agreement
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/merchant"
	"zhanggui/internal/product"
)

// Code is the product's.
const Code product.Code = "auto_withdrawal"

//go:embed agreement_2026_11.txt
var agreement string

// Product is automatic withdrawal. Opening it turns it on, with what is retained as it was set before; closing
// turns it off.
func (d Deps) Product() product.Declaration {
	return product.Declaration{Code: Code, Group: product.Funds, Systems: []merchant.System{merchant.Upgraded},
		Agreement: product.Agreement{Version: "2026-11", Text: agreement}, Settings: AutomaticPath, Open: d.turn(true), Close: d.turn(false)}
}

func (d Deps) turn(on bool) product.Effect {
	return func(ctx context.Context, tx db.Tx, s access.Scope, _ time.Time) error {
		set, err := settingOf(ctx, tx.PG(), s.Merchant())
		if err != nil {
			return err
		}
		return d.SetAutomatic(ctx, tx, s, on, set.Retained)
	}
}
