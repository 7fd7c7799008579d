package identity

import (
	"time"

	"github.com/google/uuid"
)

// ConsentVersion is the text the person agrees to before the comparison; its words are in the
// catalogue ("identity.consent_…"). A changed text gets a new version.
const ConsentVersion = "2026-11"

// binding is a row of wechat_bindings: the verdict, its time, and a salted hash of what was compared.
type binding struct {
	MerchantID  int64     `gorm:"primaryKey;autoIncrement:false"`
	AccountID   uuid.UUID `gorm:"primaryKey"`
	OpenID      string    `gorm:"column:openid"`
	Compared    []byte
	Verdict     string
	CheckedAt   time.Time
	Consent     string
	ConsentedAt time.Time
	BoundAt     time.Time
}

// RequestState is where an employee's request stands.
type RequestState string

// The states. A waiting request past its time is RequestLapsed without a change of its row.
const (
	RequestWaiting  RequestState = "waiting"
	RequestApproved RequestState = "approved"
	RequestRefused  RequestState = "refused"
	RequestLapsed   RequestState = "lapsed"
)

// request is a row of binding_requests: an employee's WeChat matched the person, and the super admin
// is asked.
type request struct {
	MerchantID  int64     `gorm:"primaryKey;autoIncrement:false"`
	ID          uuid.UUID `gorm:"primaryKey"`
	AccountID   uuid.UUID
	OpenID      string `gorm:"column:openid"`
	Compared    []byte
	Consent     string
	ConsentedAt time.Time
	AskedAt     time.Time
	LapsesAt    time.Time
	State       RequestState
	AnsweredAt  *time.Time
}

// shown is the state that people see.
func (r request) shown(now time.Time) RequestState {
	if r.State == RequestWaiting && !now.Before(r.LapsesAt) {
		return RequestLapsed
	}
	return r.State
}

// answer applies the super admin's decision.
func (r *request) answer(d Decision, now time.Time) error {
	switch state := r.shown(now); {
	case state == RequestLapsed:
		return ErrRequestLapsed
	case state != RequestWaiting:
		return ErrRequestEnded
	case d == Confirm:
		r.State = RequestApproved
	case d == Refuse:
		r.State = RequestRefused
	default:
		return ErrDecide
	}
	r.AnsweredAt = &now
	return nil
}

// bindingOf is the binding that an approved request becomes.
func bindingOf(r request, now time.Time) binding {
	return binding{MerchantID: r.MerchantID, AccountID: r.AccountID, OpenID: r.OpenID, Compared: r.Compared,
		Verdict: "match", CheckedAt: r.AskedAt, Consent: r.Consent, ConsentedAt: r.ConsentedAt, BoundAt: now}
}
