package web

import (
	"context"
	"net/http"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// askCount puts a count of the fund flow down as work and leads to where it will be.
func (s *site) askCount(v *visit) error {
	var c ledger.FlowCount
	err := s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		c, err = ledger.AskCount(v.ctx(), tx, v.scope, v.form("query"), s.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	return v.seeOther(views.CountsPath + "/" + c.ID.String())
}

// count is a count while it goes on, and what came of it.
func (s *site) count(v *visit) error {
	m, err := s.readCount(v)
	if err != nil {
		return err
	}
	frame := v.fundsFrame(v.word("flow_count.title"), ui.Crumb{Word: v.word("menu.funds.flow"), Href: views.FlowPath}, ui.Crumb{Word: v.word("flow_count.title")})
	if m.FinishedAt == nil {
		frame.Refresh = importRefresh
	}
	return v.show(http.StatusOK, views.FlowCountPage(frame, m))
}

func (s *site) readCount(v *visit) (m views.FlowCount, err error) {
	id, err := v.pathID("id")
	if err != nil {
		return m, err
	}
	m.FlowCount, err = ledger.Count(v.ctx(), s.DB.PG(), v.scope, id)
	return m, err
}

// countEvents sends the count as soon as it is there.
func (s *site) countEvents(v *visit) error {
	m, err := s.readCount(v) // refuse before the stream begins
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
	look := time.NewTicker(importLook)
	defer look.Stop()
	for out, quiet := openStream(v), time.Duration(0); ; {
		if m.FinishedAt != nil {
			return out.end(out.send(ctx, views.FlowCountFace(m)))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ended:
		case <-look.C:
			if quiet += importLook; quiet >= s.Heartbeat {
				quiet = 0
				if out.beat() != nil {
					return nil // nobody is left to tell
				}
			}
		}
		if m, err = s.readCount(v); err != nil {
			return nil
		}
	}
}
