package web

import (
	"context"
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
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsVerification is what the last check of everything found.
func (s *site) opsVerification(v *visit) error {
	m, err := s.verifications(v)
	if err != nil {
		return err
	}
	p := v.frame(v.word("ops.verify.title"), v.opsCrumbs(ui.Crumb{Word: v.word("ops.verify.title")})...)
	if m.Running() != nil {
		p.Refresh = refreshSeconds
	}
	return v.show(http.StatusOK, views.OpsVerificationPage(p, m))
}

func (s *site) verifications(v *visit) (m views.OpsVerification, err error) {
	before, err := v.cursorID()
	if err != nil {
		return m, err
	}
	return s.verificationsFrom(v, before)
}

func (s *site) verificationsFrom(v *visit, before uuid.UUID) (m views.OpsVerification, err error) {
	p, err := v.operator()
	if err != nil {
		return m, err
	}
	m = views.OpsVerification{First: before == uuid.Nil, Run: v.scope.May(access.OpsVerifyRun)}
	var more bool
	m.Rows, more, err = s.Office.Verifications(v.ctx(), p, before, v.rows(views.OpsSizes[0]))
	if more {
		m.Next = m.Rows[len(m.Rows)-1].ID.String()
	}
	return m, err
}

// askVerification asks for one now.
func (s *site) askVerification(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) error {
		_, err := s.Office.AskVerification(v.ctx(), tx, p, v.from())
		return err
	})
	if err != nil {
		return err
	}
	return v.seeOther("/ops/verification")
}

// verificationLook is how often the progress of a verification is read.
const verificationLook = time.Second

// verificationEvents sends the page's inside while a verification runs.
func (s *site) verificationEvents(v *visit) error {
	m, err := s.verificationsFrom(v, uuid.Nil) // refuse before the stream begins
	if err != nil {
		return err
	}
	if !s.streams.enter(v.RealIP()) {
		return fault.ErrBusy
	}
	defer s.streams.leave(v.RealIP())
	ctx, cancel := context.WithTimeout(v.ctx(), importWatch)
	defer cancel()
	defer context.AfterFunc(s.Closing, cancel)()
	ended, stop := s.Hub.Subscribe(job.TopicEnded)
	defer stop()
	look := time.NewTicker(verificationLook)
	defer look.Stop()
	for out := openStream(v); ; {
		if err := out.send(ctx, views.OpsVerificationFace(m)); err != nil || m.Running() == nil {
			return out.end(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ended:
		case <-look.C:
		}
		if m, err = s.verificationsFrom(v, uuid.Nil); err != nil {
			return nil // nobody is left to tell
		}
	}
}

// verificationWire is a verification in JSON.
type verificationWire struct {
	ID         string           `json:"id"`
	AskedBy    string           `json:"asked_by"`
	AskedAt    string           `json:"asked_at"`
	FinishedAt *string          `json:"finished_at"`
	OK         *bool            `json:"ok"`
	Checks     []platform.Found `json:"checks"`
}

func (s *site) opsVerificationJSON(v *visit) error {
	m, err := s.verifications(v)
	if err != nil {
		return err
	}
	out := listing[verificationWire]{Rows: make([]verificationWire, 0, len(m.Rows)), Next: m.Next}
	for _, r := range m.Rows {
		out.Rows = append(out.Rows, verificationWire{ID: r.ID.String(), AskedBy: r.AskedBy, AskedAt: clock.Wire(r.AskedAt),
			FinishedAt: wireTime(r.FinishedAt), OK: r.OK, Checks: r.Checks})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsVerificationCSV(v *visit) error {
	m, err := s.verifications(v)
	rows, err := inFull(m.Rows, m.Next, err)
	if err != nil {
		return err
	}
	return v.stream("ops.verify.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("ops.verify.col.", "asked_at", "asked_by", "finished_at", "problems", "state")...)
		for _, r := range rows {
			_, word := views.VerificationState(v.ctx(), r)
			if err := out.Row(clock.Text(r.AskedAt), r.AskedBy, textOr(r.FinishedAt, ""), strconv.Itoa(r.Problems()), word); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
