package web

import (
	"context"
	"net/http"
	"time"

	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/merchant"
	"zhanggui/internal/trade"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// importRefresh is how often a browser without JavaScript loads the page of a running import again.
const importRefresh = 3

// importLook is how often the progress of a running import is read, and importWatch for how long one
// stream is kept.
const (
	importLook  = time.Second
	importWatch = 10 * time.Minute
)

// importPage is one uploaded bill: how far it is, or what came of it.
func (s *site) importPage(v *visit) error {
	m, err := s.readImport(v)
	if err != nil {
		return err
	}
	frame := v.frame(m.FileName, v.tradeCrumbs(ui.Crumb{Word: v.word("menu.trades.imports"), Href: "/trades/imports"}, ui.Crumb{Word: m.FileName})...)
	if !m.State.Ended() {
		frame.Refresh = importRefresh
	}
	return v.show(http.StatusOK, views.ImportPage(frame, m))
}

// readImport reads the import of the address, with the names of the sub-merchants its rows went to.
func (s *site) readImport(v *visit) (m views.Import, err error) {
	id, err := v.pathID("id")
	if err != nil {
		return m, err
	}
	if m.Import, err = trade.GetImport(v.ctx(), s.DB.PG(), v.scope, id); err != nil {
		return m, err
	}
	if !v.scope.Provider() || len(m.Report.Merchants) == 0 {
		return m, nil
	}
	subs, err := merchant.Children(v.ctx(), s.DB.PG(), v.scope.Merchant())
	m.Names = make(map[int64]string, len(subs))
	for _, sub := range subs {
		m.Names[sub.ID] = sub.ShortName
	}
	return m, err
}

// importEvents sends the page's inside while the file is read, and what came of it at the end.
func (s *site) importEvents(v *visit) error {
	m, err := s.readImport(v) // refuse before the stream begins
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
	for out := openStream(v); ; {
		if err := out.send(ctx, views.ImportFace(m)); err != nil || m.State.Ended() {
			return out.end(err)
		}
		if m, err = s.importChange(ctx, v, m, out, ended, look.C); err != nil {
			return nil // nobody is left to tell
		}
	}
}

// importChange waits until there is something new to show; an error ends the stream.
func (s *site) importChange(ctx context.Context, v *visit, known views.Import, out *sse, ended <-chan struct{}, look <-chan time.Time) (views.Import, error) {
	for quiet := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return known, ctx.Err()
		case <-ended:
		case <-look:
			quiet += importLook
		}
		now, err := s.readImport(v)
		if err != nil || now.State != known.State || now.DoneBytes != known.DoneBytes {
			return now, err
		}
		if quiet >= s.Heartbeat {
			quiet = 0
			if err := out.beat(); err != nil {
				return now, err
			}
		}
	}
}
