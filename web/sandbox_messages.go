package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"

	"zhanggui/internal/sandbox"
	"zhanggui/internal/words"
)

// tellMessages lists what the official account wrote to an openid, for scripts.
func (s *site) tellMessages(v *visit) error {
	messages, err := s.World.WeChat.Messages(v.ctx(), v.query("openid"))
	if err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, map[string][]sandbox.Message{"messages": append([]sandbox.Message{}, messages...)})
}

// fieldsFirst are the fields that stand first in a message, in this order.
var fieldsFirst = []string{"merchant", "login", "person", "browser", "address", "time", "until"}

// fieldsInOrder gives a message's fields one order, because on the wire they have none.
func fieldsInOrder(ctx context.Context, fields map[string]string) []string {
	rank := map[string]int{}
	for i, id := range fieldsFirst {
		rank[words.T(ctx, "identity.field_"+id)] = i - len(fieldsFirst)
	}
	return slices.SortedFunc(maps.Keys(fields), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b))
	})
}
