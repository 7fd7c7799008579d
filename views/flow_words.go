package views

import (
	"context"
	"strings"

	"zhanggui/internal/ledger"
	"zhanggui/internal/words"
)

// AccountWord says an account.
func AccountWord(ctx context.Context, a ledger.Account) string {
	if _, number, frozen := strings.Cut(string(a), ":"); frozen {
		return words.F(ctx, "ledger.account_frozen", words.Args{"Number": number})
	}
	return known(ctx, "ledger.account.", string(a))
}

// RowName says a line's 业务名称; what no bill shows is said by its event.
func RowName(ctx context.Context, row ledger.RowType, kind ledger.Kind) string {
	if row == "" {
		return KindWord(ctx, kind)
	}
	return known(ctx, "ledger.name.", string(row))
}

// RowKind says a line's 业务类型.
func RowKind(ctx context.Context, row ledger.RowType, kind ledger.Kind) string {
	if row == "" {
		return KindWord(ctx, kind)
	}
	return known(ctx, "ledger.type.", string(row))
}

// KindWord says an event that moved money.
func KindWord(ctx context.Context, k ledger.Kind) string {
	return known(ctx, "ledger.kind.", string(k))
}

// rowChoice says a line in a list of choices: its type, with its name where that says more.
func rowChoice(ctx context.Context, code string) string {
	row := ledger.RowType(code)
	if !row.Known() {
		return code
	}
	name, kind := RowName(ctx, row, ""), RowKind(ctx, row, "")
	if name == kind {
		return kind
	}
	return words.F(ctx, "flow.choice", words.Args{"Name": name, "Type": kind})
}

func directionWord(ctx context.Context, in bool) string {
	if in {
		return say(ctx, "flow.direction.in")
	}
	return say(ctx, "flow.direction.out")
}
