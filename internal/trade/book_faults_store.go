package trade

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// scanFault reads one row of a query for faults; all is how many rows it found in all.
type scanFault func(row pgx.CollectableRow, all *int64) (Fault, error)

// refuseRows adds what a query for faults finds to the report.
func (b *booking) refuseRows(ctx context.Context, tx db.Tx, sql string, scan scanFault) error {
	rows, err := tx.PG().Query(ctx, sql, bill.FaultsMax)
	if err != nil {
		return fmt.Errorf("look for faults: %w", err)
	}
	var all int64
	faults, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Fault, error) { return scan(row, &all) })
	if err != nil {
		return fmt.Errorf("look for faults: %w", err)
	}
	b.report.refuse(faults, all)
	return nil
}

// amountNames are the columns that scanConflict compares, as the bill names them.
var amountNames = [...]string{"订单金额", "应结订单金额", "代金券金额", "手续费"}

func scanConflict(row pgx.CollectableRow, all *int64) (Fault, error) {
	var line int64
	var transaction, number, booked string
	var taken, otherProvider bool
	var file, books []money.Fen
	if err := row.Scan(&line, &transaction, &number, &taken, &booked, &otherProvider, &file, &books, all); err != nil {
		return Fault{}, err
	}
	args := map[string]string{"Line": strconv.FormatInt(line, 10), "Number": transaction, "OrderNumber": number}
	switch {
	case taken:
		return Fault{"trade.conflict_order_taken", args}, nil
	case booked != number:
		args["Books"] = booked
		return Fault{"trade.conflict_order_number", args}, nil
	case otherProvider:
		return Fault{"trade.conflict_provider", args}, nil
	}
	for i, name := range amountNames {
		if file[i] != books[i] {
			args["Column"], args["File"], args["Books"] = name, file[i].String(), books[i].String()
			break
		}
	}
	return Fault{"trade.conflict_amount", args}, nil
}

func scanOverdrawn(row pgx.CollectableRow, all *int64) (Fault, error) {
	var line int64
	var transaction string
	var total, refunded, settlement, share money.Fen
	if err := row.Scan(&line, &transaction, &total, &refunded, &settlement, &share, all); err != nil {
		return Fault{}, err
	}
	code := "trade.refund_above_total"
	if refunded <= total {
		code, total, refunded = "trade.refund_above_settlement", settlement, share
	}
	return Fault{code, map[string]string{"Line": strconv.FormatInt(line, 10),
		"Number": transaction, "Total": total.String(), "Refunded": refunded.String()}}, nil
}

func scanOverReturned(row pgx.CollectableRow, all *int64) (Fault, error) {
	var line int64
	var transaction string
	var most, back money.Fen
	if err := row.Scan(&line, &transaction, &most, &back, all); err != nil {
		return Fault{}, err
	}
	return Fault{"trade.refund_fee_above_charged", map[string]string{"Line": strconv.FormatInt(line, 10), "Number": transaction,
		"Most": most.String(), "Back": back.String()}}, nil
}

func scanStray(row pgx.CollectableRow, all *int64) (Fault, error) {
	var line int64
	var refund, number, transaction, booked string
	if err := row.Scan(&line, &refund, &number, &transaction, &booked, all); err != nil {
		return Fault{}, err
	}
	args := map[string]string{"Line": strconv.FormatInt(line, 10), "Refund": refund, "OrderNumber": number, "Number": transaction}
	if booked == "" {
		return Fault{"trade.conflict_order_taken", args}, nil
	}
	args["Books"] = booked
	return Fault{"trade.conflict_order_number", args}, nil
}

func scanRefundConflict(row pgx.CollectableRow, all *int64) (Fault, error) {
	var line int64
	var refund, number string
	var taken bool
	var file, books money.Fen
	if err := row.Scan(&line, &refund, &number, &taken, &file, &books, all); err != nil {
		return Fault{}, err
	}
	args := map[string]string{"Line": strconv.FormatInt(line, 10), "Refund": refund, "RefundNumber": number,
		"File": file.String(), "Books": books.String()}
	if taken {
		return Fault{"trade.conflict_refund_taken", args}, nil
	}
	return Fault{"trade.conflict_refund", args}, nil
}
