package main

import (
	"context"
	"strconv"

	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/trade"
)

// tellImport puts the end of an import into the inbox of whoever asked for it.
func tellImport(ctx context.Context, tx db.Tx, i trade.Import) error {
	if i.AccountID == nil {
		return nil // a command or the seed
	}
	kind := "import_done"
	if i.State != trade.Done {
		kind = "import_refused"
	}
	return inbox.Tell(ctx, tx, inbox.Message{
		Merchant: i.MerchantID, To: *i.AccountID, Kind: kind, At: *i.FinishedAt,
		Link: "/trades/imports/" + i.ID.String(),
		Args: map[string]string{"File": i.FileName, "Orders": strconv.FormatInt(i.NewTrades, 10), "Refunds": strconv.FormatInt(i.NewRefunds, 10)},
	})
}
