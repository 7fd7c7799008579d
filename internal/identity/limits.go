package identity

import "time"

// How long things live.
const (
	ticketLife  = 2 * time.Minute     // business clock: from the code's showing to the desktop's coming in
	consentLife = 5 * time.Minute     // business clock: reading, agreeing and WeChat's own page
	requestLife = 24 * time.Hour      // business clock: the super admin's answer
	sessionIdle = 30 * time.Minute    // wall clock
	sessionLife = 12 * time.Hour      // wall clock
	phoneLife   = 2 * time.Hour       // wall clock
	stateLife   = 5 * time.Minute     // wall clock: WeChat's codes live as long
	seenEvery   = time.Minute         // seen_at is written at most this often
	ticketsKept = time.Hour           // after its time a ticket can still be looked at
	markLife    = 90 * 24 * time.Hour // a browser unseen so long counts as new
)

// Attempts, by the wall clock.
const (
	passwordWindow = 15 * time.Minute
	ticketWindow   = time.Minute
	cardTriesMax   = 3
	hashesAtOnce   = 3 // each takes 19 MiB
	openingBurst   = 10
)

// Lengths.
const (
	MembersMax  = 200 // login accounts of a merchant
	nameMax     = 64
	idMax       = 32
	agentMax    = 400
	addressMax  = 64
	passwordMax = 128
	nextMax     = 1024
	dataMax     = 2048
)

// Limits are the rates that the operator may set.
type Limits struct {
	TicketsPerMinute int // opened from one address
	TicketsWaiting   int // of one address at once
	TicketsPerSecond int // of everyone together, in one process
	PasswordTries    int // per login account in 15 minutes
}

// DefaultLimits hold where nothing is set.
var DefaultLimits = Limits{TicketsPerMinute: 30, TicketsWaiting: 20, TicketsPerSecond: 500, PasswordTries: 10}

func (l Limits) orDefaults() Limits {
	for _, one := range []struct {
		have  *int
		usual int
	}{
		{&l.TicketsPerMinute, DefaultLimits.TicketsPerMinute},
		{&l.TicketsWaiting, DefaultLimits.TicketsWaiting},
		{&l.TicketsPerSecond, DefaultLimits.TicketsPerSecond},
		{&l.PasswordTries, DefaultLimits.PasswordTries},
	} {
		if *one.have <= 0 {
			*one.have = one.usual
		}
	}
	return l
}
