package views

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"zhanggui/internal/confirm"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// detail are the facts that were kept with the act, each under its word.
func (m AuditAct) detail(ctx context.Context) (facts []ui.Fact) {
	for _, key := range sortedKeys(m.Details) {
		text := detailText(ctx, key, m.Details[key])
		facts = append(facts, ui.Fact{Word: known(ctx, "audit.detail.", key), Text: orNothing(text), Full: len([]rune(text)) > halfLine})
	}
	slices.SortStableFunc(facts, func(a, b ui.Fact) int { return flag(a.Full) - flag(b.Full) })
	return facts
}

// detailText writes a value: codes as their words, lists with commas.
func detailText(ctx context.Context, key string, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return detailWord(ctx, key, v)
	case bool:
		return say(ctx, "audit.value."+fmt.Sprint(v))
	case float64:
		switch key {
		case "from_amount":
			return confirm.FromWords(ctx, money.Fen(v))
		case "amount", "threshold", "pool", "unsettled", "at_bank", "retain_amt":
			return words.F(ctx, "topup.yuan", words.Args{"Amount": money.Fen(v).String()})
		}
	case []any:
		all := make([]string, len(v))
		for i, each := range v {
			all[i] = detailText(ctx, key, each)
		}
		return strings.Join(all, say(ctx, "web.list_comma"))
	case map[string]any:
		raw, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(raw)
	}
	return fmt.Sprint(value)
}

// detailFamilies are where the codes under a key have their words; the first that knows a code says it.
var detailFamilies = map[string][]string{
	"roles": {"role."}, "role": {"role."}, "keeps": {"role."}, "checkers": {"role."},
	"before": {"role.", "permission."}, "after": {"role.", "permission."}, "permissions": {"permission."}, "permission": {"permission."},
	"action": {"audit.action."}, "outcome": {"audit.outcome."}, "format": {"audit.format."}, "decision": {"audit.decision."},
	"stage": {"audit.stage."}, "state": {"approval.state.", "ops.operators.state.", "product.state."}, "account_system": {"merchant.system."},
	"account": {"ledger.account."}, "direction": {"move.direction."},
	"kind": {"merchant.kind.", "calendar.kind.", "job.kind."},
}

func detailWord(ctx context.Context, key, code string) string {
	if key == "reason" {
		return AuditReason(ctx, code)
	}
	for _, family := range detailFamilies[key] {
		if code != "" && words.Has(ctx, family+code) {
			return say(ctx, family+code)
		}
	}
	return code
}
