package ledger

import (
	"context"
	"fmt"
	"io"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// flowStride is how many rows an export reads at a time: the books are not kept waiting by a slow reader.
const flowStride = 2_000

// StreamFlow writes the filter's rows, newest first, as Flow shows them, while they are read; it stops
// when nobody reads any more. More than FlowExportMax rows are refused before the first byte.
func StreamFlow(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter, w io.Writer) error {
	if err := s.Require(access.FundsRead); err != nil {
		return err
	}
	if err := checkFlowExport(ctx, q, s, f); err != nil {
		return err
	}
	out := newFlowExport(ctx, w)
	p := FlowPage{Size: flowStride}
	for {
		rows, next, _, err := Flow(ctx, q, s, f, p)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := out.add(&rows[i]); err != nil {
				return err
			}
		}
		c, more := parseFlowCursor(next)
		if !more {
			return out.out.Flush()
		}
		p.cursor = &c
	}
}

// checkFlowExport refuses what is too much. The daily sums bound the count first, so that small exports
// are not counted.
func checkFlowExport(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter) error {
	wide := FlowFilter{Account: f.Account, From: Edge{Day: f.From.Day}, To: Edge{Day: f.To.Day}}
	if wide.inDays() {
		most, err := FlowSum(ctx, q, s, wide)
		if err != nil || most.Count() <= FlowExportMax {
			return err
		}
	}
	c := flowQuery(s.Merchant(), f, nil, FlowExportMax+1)
	var n int64
	if err := q.QueryRow(ctx, "SELECT count(*) FROM "+c.rows(), c.args...).Scan(&n); err != nil {
		return fmt.Errorf("bound export: %w", err)
	}
	if n > FlowExportMax {
		return fault.New("ledger.export_large").With("Limit", fmt.Sprint(FlowExportMax))
	}
	return nil
}
