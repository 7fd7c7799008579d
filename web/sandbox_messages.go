package web

import (
	"maps"
	"net/http"
	"slices"

	"zhanggui/internal/sandbox"
)

// tellMessages lists what the official account wrote to an openid, for scripts.
func (s *site) tellMessages(v *visit) error {
	messages, err := s.World.WeChat.Messages(v.ctx(), v.query("openid"))
	if err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, map[string][]sandbox.Message{"messages": append([]sandbox.Message{}, messages...)})
}

// fieldsInOrder gives a message's fields one order, whatever the map says.
func fieldsInOrder(fields map[string]string) []string { return slices.Sorted(maps.Keys(fields)) }
