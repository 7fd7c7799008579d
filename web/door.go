package web

import (
	"context"
	"strings"

	"zhanggui/internal/words"
)

// door is one of the two ways in at a desktop: the members', or that of the platform's own operators.
// Whoever came in by one is a stranger at the other: each has its own session, and its own pages.
type door struct {
	root     string // stands before the addresses of its sign-in
	home     string
	platform bool
	cookie   cookie
}

var (
	memberDoor = door{home: "/", cookie: cookieSession}
	opsDoor    = door{root: "/ops", home: "/ops/", platform: true, cookie: cookieOperator}
)

// doorOf tells by which door an address lies.
func doorOf(path string) door {
	if strings.HasPrefix(path, opsDoor.home) || path == opsDoor.root {
		return opsDoor
	}
	return memberDoor
}

// door is the one that this page lies behind.
func (v *visit) door() door { return doorOf(v.Request().URL.Path) }

// at is an address of the door: its sign-in, its binding guide, its own pages.
func (d door) at(path string) string { return d.root + path }

// next leads on only to pages behind the same door.
func (d door) next(next, fallback string) string {
	next = safeNext(next, "")
	path, _, _ := strings.Cut(next, "?")
	if next == "" || doorOf(path).platform != d.platform {
		return fallback
	}
	return next
}

// words is the id of a sentence as this door says it: operators are told of their own house where
// members are told of their merchant.
func (d door) words(ctx context.Context, id string) string {
	if own := "ops." + id; d.platform && words.Has(ctx, own) {
		return own
	}
	return id
}

// profile is the page of one's own account.
func (d door) profile() string {
	if d.platform {
		return d.at("/profile")
	}
	return "/account/profile"
}
