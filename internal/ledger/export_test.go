package ledger

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// ShowFlowNear is ShowFlow that looks through so many of the nearest rows.
func ShowFlowNear(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter, p FlowPage, page string, near int) (FlowShown, error) {
	return showFlow(ctx, q, s, f, p, page, near)
}
