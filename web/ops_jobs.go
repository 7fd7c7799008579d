package web

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/platform"
	"zhanggui/internal/sheet"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// jobParams are the filter's, with the place in the list.
const jobParams = "?kind ?state ?cursor"

// opsJobs is due work: by kind, and job by job.
func (s *site) opsJobs(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	rows, next, first, err := s.jobList(v, p)
	if err != nil {
		return err
	}
	kinds, err := s.Office.JobKinds(v.ctx(), p)
	if err != nil {
		return err
	}
	m := views.OpsJobs{Asked: v.asked, Next: next, First: first, Retry: v.scope.May(access.OpsJobsRetry)}
	for _, k := range kinds {
		m.Kinds = append(m.Kinds, v.jobKind(k))
	}
	for _, j := range rows {
		m.Rows = append(m.Rows, jobRow(j))
	}
	return v.show(http.StatusOK, views.OpsJobsPage(v.frame(v.word("ops.jobs.title"), v.opsCrumbs(ui.Crumb{Word: v.word("ops.jobs.title")})...), m))
}

// jobList reads the page of the address. What is no state of a job, or no place, is not found.
func (s *site) jobList(v *visit, p access.Platform) (rows []job.Listed, next string, first bool, err error) {
	f := job.Filter{Kind: v.query("kind"), State: job.State(v.query("state")), Limit: v.rows(views.OpsSizes[0])}
	switch f.State {
	case "", job.Waiting, job.Due, job.Running, job.Failing, job.Dead, job.Ended:
	default:
		return nil, "", false, fault.ErrNotFound
	}
	if f.After, err = v.cursorID(); err != nil {
		return nil, "", false, err
	}
	rows, more, err := s.Office.Jobs(v.ctx(), p, f)
	if more {
		next = rows[len(rows)-1].ID.String()
	}
	return rows, next, f.After == uuid.Nil, err
}

// cursorID is a place in a list that goes by inside ids.
func (v *visit) cursorID() (uuid.UUID, error) {
	text := v.query("cursor")
	if text == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, platform.ErrCursor
	}
	return id, nil
}

func (v *visit) jobKind(k job.KindCount) views.OpsJobKind {
	row := views.OpsJobKind{Kind: k.Kind, Open: whole(k.Open), Due: whole(k.Due), Running: whole(k.Running), Failing: whole(k.Failing), Dead: whole(k.Dead),
		Late: k.Due > 0, Trying: k.Failing > 0, Broken: k.Dead > 0}
	if k.Next != nil {
		row.Next = clock.Text(*k.Next)
	}
	if k.Due > 0 && k.Oldest != nil {
		row.DueSince = v.wordf("ops.jobs.since", words.Args{"Time": clock.Text(*k.Oldest)})
	}
	return row
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func jobRow(j job.Listed) views.OpsJob {
	row := views.OpsJob{ID: j.ID.String(), Kind: j.Kind, Key: j.Key, State: string(j.State), Due: clock.Text(j.Due),
		Attempts: strconv.Itoa(j.Attempts), Done: j.Done, Total: j.Total, Error: j.LastError}
	if j.Merchant != access.PlatformID {
		row.Merchant = mchid(j.Merchant)
	}
	return row
}

// retryJob tries a dead job again.
func (s *site) retryJob(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	p, err := v.operator()
	if err != nil {
		return err
	}
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) error { return s.Office.RetryJob(v.ctx(), tx, p, id, v.from()) })
	if fault.Is(err, platform.ErrNotDead.Code) {
		return fault.ErrNotFound
	}
	if err != nil {
		return err
	}
	v.flash(ui.Done, "job_retried")
	return v.seeOther("/ops/jobs")
}

// jobWire is a job in JSON.
type jobWire struct {
	ID        string  `json:"id"`
	Kind      string  `json:"kind"`
	MchID     string  `json:"mchid"`
	Key       string  `json:"key"`
	State     string  `json:"state"`
	DueAt     string  `json:"due_at"`
	Attempts  int     `json:"attempts"`
	Done      int64   `json:"done"`
	Total     int64   `json:"total"`
	LastError string  `json:"last_error"`
	EndedAt   *string `json:"ended_at"`
}

func (s *site) opsJobsJSON(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	rows, next, _, err := s.jobList(v, p)
	if err != nil {
		return err
	}
	out := listing[jobWire]{Rows: make([]jobWire, 0, len(rows)), Next: next}
	for _, j := range rows {
		out.Rows = append(out.Rows, jobWire{ID: j.ID.String(), Kind: j.Kind, MchID: jobRow(j).Merchant, Key: j.Key, State: string(j.State),
			DueAt: clock.Wire(j.Due), Attempts: j.Attempts, Done: j.Done, Total: j.Total, LastError: j.LastError, EndedAt: wireTime(j.EndedAt)})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsJobsCSV(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	rows, next, _, err := s.jobList(v, p)
	if rows, err = inFull(rows, next, err); err != nil {
		return err
	}
	return v.stream("ops.jobs.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops.jobs.col.", "kind", "merchant", "key", "state", "due_at", "attempts", "progress", "error")...)
		for _, j := range rows {
			r := jobRow(j)
			if err := out.Row(views.JobKind(v.ctx(), r.Kind), r.Merchant, r.Key, views.JobState(v.ctx(), r.State), r.Due, r.Attempts,
				whole(r.Done)+"/"+whole(r.Total), r.Error); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// textOr is a moment, or what stands where there is none.
func textOr(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return clock.Text(*t)
}
