package web

import (
	"context"
	"time"

	"zhanggui/internal/fault"
	"zhanggui/views"
)

// transferFileEvents sends the page's inside while a file is paid, and what came of it at the end.
func (s *site) transferFileEvents(v *visit) error {
	m, err := s.readTransferFile(v) // refuse before the stream begins
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
	look := time.NewTicker(importLook)
	defer look.Stop()
	for out := openStream(v); ; {
		if err := out.send(ctx, views.TransferFileFace(m)); err != nil || !m.State.Running() {
			return out.end(err)
		}
		if m, err = s.transferFileChange(ctx, v, m, out, look.C); err != nil {
			return nil // nobody is left to tell
		}
	}
}

// transferFileChange waits until there is something new to show; an error ends the stream.
func (s *site) transferFileChange(ctx context.Context, v *visit, known views.TransferFile, out *sse, look <-chan time.Time) (views.TransferFile, error) {
	for quiet := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return known, ctx.Err()
		case <-look:
			quiet += importLook
		}
		now, err := s.readTransferFile(v)
		if err != nil || now.State != known.State || now.Decided != known.Decided || now.Sums != known.Sums {
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
