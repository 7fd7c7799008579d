package db

import "github.com/jackc/pgx/v5"

// KeepPlans lets the statements that follow in a batch run by plans that are made once a connection. Of a
// statement with a limit PostgreSQL holds a plan for any parameters to be dearer than it is, and plans anew
// each time, which takes longer than reading a page. It is for statements whose best plan does not depend on
// their parameters; the whole batch is one transaction, and with it the setting ends.
func KeepPlans(b *pgx.Batch) {
	b.Queue("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
}
