package audit

import (
	"testing"
)

func TestARowSaysWhereItsRequestCameFrom(t *testing.T) {
	t.Parallel()
	phone := From{Address: "203.0.113.9", Agent: "MicroMessenger"}
	desktop := From{Address: "10.0.0.1", Agent: "Chrome", Session: "s-1"}
	ctx := Came(t.Context(), phone)
	for _, c := range []struct {
		name string
		e    Entry
		want From
	}{
		{"nothing said", Entry{Actor: "a@1"}, phone},
		{"its own place", Entry{Actor: "a@1", From: desktop}, desktop},
		{"its own session", Entry{Actor: "a@1", From: From{Session: "s-2"}}, From{phone.Address, phone.Agent, "s-2"}},
		{"the program itself", Entry{Actor: program}, From{}},
	} {
		if have := c.e.placed(ctx).From; have != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, have, c.want)
		}
	}
	if have := (Entry{Actor: "a@1"}).placed(t.Context()).From; have != (From{}) {
		t.Errorf("from no request: %+v", have)
	}
}
