package web

import (
	"context"

	"zhanggui/internal/fault"
	"zhanggui/internal/words"
)

// speech says the catalogue's sentences in one reader's language, also when their request is over.
type speech struct {
	ctx  context.Context
	door door
}

// speech is the reader's, to be kept by what outlives the request.
func (v *visit) speech() speech {
	return speech{words.With(context.Background(), words.Lang(v.ctx())), v.door()}
}

// speechOf says it to an operator's phone, or to a member's: phones have one door for both.
func (v *visit) speechOf(platform bool) speech {
	s := v.speech()
	if platform {
		s.door = opsDoor
	}
	return s
}

func (p speech) word(id string) string { return words.T(p.ctx, p.door.words(p.ctx, id)) }

func (p speech) wordf(id string, args words.Args) string {
	return words.F(p.ctx, p.door.words(p.ctx, id), args)
}

// reason says why a ticket ended.
func (p speech) reason(code string) string {
	if code == "" {
		return ""
	}
	return sentence(p.ctx, fault.New(code))
}
