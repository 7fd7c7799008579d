package confirm

import (
	"errors"

	"zhanggui/internal/fault"
)

// Refusals when an act is asked for.
var (
	ErrNotBound    = fault.New("confirm.not_bound")    // no WeChat that could confirm
	ErrTooMany     = fault.New("confirm.too_many")     // open confirmations of one account
	ErrOnce        = fault.New("confirm.once")         // the form's one-time key is not of this session
	ErrOnceChanged = fault.New("confirm.once_changed") // the form was sent before with other values
	ErrSuperOnly   = fault.New("confirm.super_only")
)

// Refusals of a phone. The first is the one answer for codes that are unknown or over.
var (
	ErrGone         = fault.New("confirm.gone")
	ErrOtherPerson  = fault.New("confirm.other_person") // another WeChat than the asker's
	ErrExpired      = fault.New("confirm.expired")
	ErrEnded        = fault.New("confirm.ended")
	ErrDecide       = fault.New("confirm.decide")
	ErrChooseNumber = fault.New("confirm.choose_number").On("number")
)

// Reasons that a confirmation ended with.
var (
	ErrWrongNumber = fault.New("confirm.wrong_number")
	ErrSaidNo      = fault.New("confirm.said_no")
	ErrCancelled   = fault.New("confirm.cancelled") // on the desktop
	ErrChanged     = fault.New("confirm.changed")   // not what the phone showed
	ErrLapsed      = fault.New("confirm.lapsed")
	ErrForbidden   = fault.New("confirm.forbidden") // the right was taken away in between
	ErrSuspended   = fault.New("confirm.suspended")
)

// Refusals and ends of approvals.
var (
	ErrSelf       = fault.New("confirm.self")        // maker and checker are one person
	ErrNotChecker = fault.New("confirm.not_checker") // none of the rule's roles
	ErrNoChecker  = fault.New("confirm.no_checker")  // nobody else could answer
	ErrAlone      = fault.New("confirm.alone")       // a rule in a merchant of one
	ErrRuleGone   = fault.New("confirm.rule_gone")   // undone: the rule is no more
	ErrMakerGone  = fault.New("confirm.maker_gone")  // undone: the maker was suspended or lost the right
	ErrWithdrawn  = fault.New("confirm.withdrawn")   // undone: by the maker
	ErrCheckerNo  = fault.New("confirm.checker_no")  // the checker refused
	ErrRuleAction = fault.New("confirm.rule_action") // no rule can be made for it
	ErrRuleAmount = fault.New("confirm.rule_amount").On("from_amount")
	ErrRuleRoles  = fault.New("confirm.rule_roles").On("checkers")
	ErrRuleNone   = fault.New("confirm.rule_none")
)

// refusalOf makes one refusal of whatever refused; nil for failures of ours.
func refusalOf(err error) *fault.Refusal {
	var missing fault.Forbidden
	if errors.As(err, &missing) {
		return ErrForbidden.With("Permission", missing.Permission)
	}
	if all := fault.All(err); len(all) > 0 {
		return all[0]
	}
	return nil
}
