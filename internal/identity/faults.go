package identity

import "zhanggui/internal/fault"

// Refusals of a ticket. The first is the one answer for tokens that are unknown, expired or used,
// to everyone but the WeChat that scanned the code.
var (
	ErrTicketGone     = fault.New("identity.ticket_gone")
	ErrTicketTaken    = fault.New("identity.ticket_taken")   // another WeChat scanned it first
	ErrTicketExpired  = fault.New("identity.ticket_expired") // to the WeChat that scanned, and to the browser
	ErrTicketEnded    = fault.New("identity.ticket_ended")   // it was answered before
	ErrTooManyTickets = fault.New("identity.too_many_tickets")
	ErrDecide         = fault.New("identity.decide")
	ErrChooseNumber   = fault.New("identity.choose_number").On("number")
	ErrChooseMerchant = fault.New("identity.choose_merchant").On("mchid")
	ErrNotBound       = fault.New("identity.not_bound")
)

// Reasons that a ticket ended with; also shown as words.
var (
	ErrWrongNumber    = fault.New("identity.wrong_number")
	ErrSaidNo         = fault.New("identity.said_no")
	ErrConsentRefused = fault.New("identity.consent_refused")
	ErrWrongPerson    = fault.New("identity.wrong_person")
	ErrNotVerified    = fault.New("identity.not_verified") // the person has to verify at WeChat first
	ErrCheckFailed    = fault.New("identity.check_failed") // WeChat gave no verdict
	ErrPersonChanged  = fault.New("identity.person_changed")
	ErrWeChatTaken    = fault.New("identity.wechat_taken")
	ErrAlreadyBound   = fault.New("identity.already_bound")
	ErrRecheck        = fault.New("identity.recheck") // the verdict no longer fits: bind again
	ErrSuspended      = fault.New("identity.suspended")
)

// Refusals of the desktop.
var (
	ErrNoSession      = fault.New("identity.no_session")
	ErrPasswordWrong  = fault.New("identity.password_wrong")
	ErrTooManyTries   = fault.New("identity.too_many_tries")
	ErrCardFirst      = fault.New("identity.card_first")
	ErrCardForm       = fault.New("identity.card_form").On("settlement_account")
	ErrCardWrong      = fault.New("identity.card_wrong").On("settlement_account")
	ErrCardLocked     = fault.New("identity.card_locked").On("settlement_account")
	ErrRequestWaiting = fault.New("identity.request_waiting")
)

// Refusals of the phone.
var (
	ErrRequestEnded  = fault.New("identity.request_ended")
	ErrRequestLapsed = fault.New("identity.request_lapsed")
	ErrRoundTrip     = fault.New("identity.round_trip")    // WeChat's answer belongs to no question of this browser
	ErrOAuthRefused  = fault.New("identity.oauth_refused") // WeChat does not say who it is
	ErrWeChatSilent  = fault.New("identity.wechat_silent")
)

// Refusals of a new login account.
var (
	ErrLoginForm  = fault.New("identity.login_form").On("login")
	ErrLoginTaken = fault.New("identity.login_taken").On("login")
	ErrNameForm   = fault.New("identity.name_form").On("name")
	ErrIDForm     = fault.New("identity.id_form").On("id_number")
	ErrMobileForm = fault.New("identity.mobile_form").On("mobile")
	ErrRoles      = fault.New("identity.roles").On("role")
	ErrSuperAdmin = fault.New("identity.super_admin_taken").On("role")
	ErrMembersMax = fault.New("identity.members_max")
)

// reasonOf is the refusal a ticket's reason stands for.
func reasonOf(code string) error {
	if code == "" {
		return nil
	}
	return fault.New(code)
}

// firstOf is the first error that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
