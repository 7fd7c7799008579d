package fault

import (
	"context"
	"maps"

	"zhanggui/internal/words"
)

// named are the facts of refusals that are codes, with the beginning of the words that say them.
var named = map[string]string{"Permission": "permission.", "Account": "ledger.account."}

// Say says a refusal in words; permissions and accounts in it by their names.
func (r *Refusal) Say(ctx context.Context) string {
	args := words.Args(maps.Clone(r.Args))
	for name, begin := range named {
		if code, ok := args[name].(string); ok && words.Has(ctx, begin+code) {
			args[name] = words.T(ctx, begin+code)
		}
	}
	return words.F(ctx, "fault."+r.Code, args)
}
