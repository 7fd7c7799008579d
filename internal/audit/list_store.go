package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Bounds of an export.
const (
	ExportMax  = 1_000_000
	exportPage = 1000
)

// List reads one page of the merchant's log, newest first. next and prev are cursors, empty where
// nothing is. It refuses readers without the permission.
func List[P ~string](ctx context.Context, q db.Querier, r Reader[P], f Filter, p Page) (
	list []Record, next, prev string, err error) {
	if err := allowed(r); err != nil {
		return nil, "", "", err
	}
	if !slices.Contains(PageSizes, p.Size) {
		p.Size = PageSizes[0]
	}
	if list, err = records(ctx, q, r.Merchant(), f, p.cursor, p.Size+1); err != nil {
		return nil, "", "", err
	}
	more := len(list) > p.Size
	list = list[:min(len(list), p.Size)]
	if p.cursor != nil && !p.cursor.older {
		slices.Reverse(list)
	}
	next, prev = p.ends(list, more)
	return list, next, prev, nil
}

// Stream hands over the filter's acts as List shows them, newest first, a bounded number at a time.
// It refuses readers without the permission, and more than ExportMax acts before the first.
func Stream[P ~string](ctx context.Context, q db.Querier, r Reader[P], f Filter, each func(Record) error) error {
	if err := allowed(r); err != nil {
		return err
	}
	if err := checkExport(ctx, q, r.Merchant(), f); err != nil {
		return err
	}
	var from *cursor
	for {
		list, err := records(ctx, q, r.Merchant(), f, from, exportPage)
		if err != nil {
			return err
		}
		for _, record := range list {
			if err := each(record); err != nil {
				return err
			}
		}
		if len(list) < exportPage {
			return nil
		}
		last := list[len(list)-1]
		from = &cursor{older: true, micros: last.At.UnixMicro(), id: last.ID}
	}
}

func checkExport(ctx context.Context, q db.Querier, merchant int64, f Filter) error {
	w := chosen(merchant, f)
	rows, err := q.Query(ctx, "SELECT 1 FROM audit_rows a WHERE "+w.String()+" OFFSET "+w.arg(ExportMax)+" LIMIT 1", w.args...)
	if err != nil {
		return fmt.Errorf("bound export: %w", err)
	}
	over, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return fmt.Errorf("bound export: %w", err)
	}
	if len(over) > 0 {
		return fault.New("audit.export_large").With("Limit", fmt.Sprint(ExportMax))
	}
	return nil
}

// records reads acts from the cursor on, towards older ones, or towards newer ones in reverse.
func records(ctx context.Context, q db.Querier, merchant int64, f Filter, from *cursor, most int) ([]Record, error) {
	w, order := chosen(merchant, f), "DESC"
	if from != nil {
		than := "<"
		if !from.older {
			than, order = ">", "ASC"
		}
		w.and("(a.at, a.id) "+than+" (?, ?)", from.at(), from.id)
	}
	sorted := strings.ReplaceAll(" ORDER BY a.at -, a.id -", "-", order)
	rows, err := q.Query(ctx, `
		SELECT a.id, a.at, a.actor, a.account_id, a.action, a.object, a.outcome, a.reason, a.address, a.agent,
			a.session, a.confirmation, a.details, coalesce(s.seq, 0)
		FROM (SELECT * FROM audit_rows a WHERE `+w.String()+sorted+" LIMIT "+w.arg(most)+`) a
		LEFT JOIN audit_seals s ON s.merchant_id = a.merchant_id AND s.row_id = a.id`+sorted, w.args...)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanRecord)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	return list, nil
}

func scanRecord(row pgx.CollectableRow) (r Record, err error) {
	var account, confirmation uuid.NullUUID
	err = row.Scan(&r.ID, &r.At, &r.Actor, &account, &r.Action, &r.Object, &r.Outcome, &r.Reason,
		&r.From.Address, &r.From.Agent, &r.From.Session, &confirmation, &r.Details, &r.Seq)
	r.Account, r.Confirmation = account.UUID, confirmation.UUID
	return r, err
}
