// Package inbox tells people what happened: messages inside the portal, and messages of the
// official account in WeChat. A message is a kind with facts; the words are in the catalogue
// ("inbox." + kind + ".title" and ".body"), so that it reads in whatever language its reader has.
package inbox

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
)

// Category sorts messages as the page's tabs do.
type Category string

// The categories.
const (
	Business   Category = "business"
	Funds      Category = "funds"
	Invitation Category = "invitation"
	Security   Category = "security"
	Public     Category = "notice"
)

// Categories lists all in the order of the tabs.
var Categories = []Category{Business, Funds, Invitation, Security, Public}

// Known tells whether the category is one of ours.
func (c Category) Known() bool {
	for _, k := range Categories {
		if c == k {
			return true
		}
	}
	return false
}

// Message goes to one login account, or to everyone of a merchant who holds a role.
type Message struct {
	Merchant int64
	To       uuid.UUID
	Role     access.Role // when To is zero
	Category Category    // may be left out: Events knows it
	Kind     string      // one of Events
	Args     map[string]string
	Link     string // a path of the portal where something can be done about it
	At       time.Time
}

// Row is a message as its reader sees it.
type Row struct {
	ID       uuid.UUID
	Category Category
	Kind     string
	Args     map[string]string
	Link     string
	SentAt   time.Time
	ReadAt   *time.Time
}

// Notice is a message of the official account to one WeChat.
type Notice struct {
	Merchant int64
	OpenID   string
	Template string            // "signin", "binding"…: the operator maps it to WeChat's template id
	Title    string            // what the chat shows first
	Fields   map[string]string // label → value, in words
	URL      string            // opened in WeChat
	Key      string            // the same key is sent once
}

// Messenger sends a notice; internal/wechat does.
type Messenger interface {
	Send(ctx context.Context, n Notice) error
}
