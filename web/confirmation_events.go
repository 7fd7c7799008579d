package web

import (
	"context"

	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/views"
)

// confirmationEvents sends the page's inside each time the phone does something, until it ended.
func (s *site) confirmationEvents(v *visit) error {
	c, err := s.confirmation(v) // refuse before the stream begins
	if err != nil {
		return err
	}
	if !s.streams.enter(v.RealIP()) {
		return fault.ErrBusy
	}
	defer s.streams.leave(v.RealIP())
	ctx, cancel := context.WithCancel(v.ctx())
	defer cancel()
	defer context.AfterFunc(s.Closing, cancel)()
	out := openStream(v)
	defer pulse(s.Heartbeat, out, cancel)()
	known := confirm.Confirmation{State: confirm.State(v.query("state")), Contested: c.Contested}
	for {
		c, err := s.Desk.Await(ctx, v.scope, v.session.Handle, c.ID, known)
		if err != nil {
			if ctx.Err() == nil {
				s.Log.WarnContext(ctx, "a waiting desktop lost its confirmation", "error", err.Error())
				_ = out.end(nil)
			}
			return nil
		}
		known = c
		m, err := s.confirmationModel(v.speech(), v.confirmationPath(c.ID), v.session.Login, v.session.NameMasked, c)
		if err == nil {
			err = out.send(ctx, views.ConfirmationFace(m))
		}
		if err != nil || !c.State.Asking() {
			return out.end(err)
		}
	}
}
